"""The outbox: letters frozen in the same transaction as what they change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from duban.assignment import Assignment
from duban.ladder import CANCEL, CHANGE, NOTICE
from duban.letter import Item, Kind, Letter
from duban.morning import Morning, Spent
from state.assignments import Conflict, change, find, note
from state.standing import Standing
from state.tables import delivery, digest, letter, letter_body, letter_item


@dataclass(frozen=True, slots=True)
class Frozen:
    """A letter as it will go out, byte for byte."""

    letter: Letter
    subject: str
    message_id: str
    sender: str
    mime: bytes


def mailed(connection: Connection, office: str, day: date) -> set[str]:
    """Addresses that have a letter of that office for that day (not counting withdrawn ones)."""
    query = (
        select(letter.c.recipient)
        .join(delivery, delivery.c.letter_id == letter.c.id)
        .where(
            letter.c.office == office,
            letter.c.day == day,
            delivery.c.state != Standing.WITHDRAWN.value,
        )
    )
    return set(connection.scalars(query))


def newest_day(connection: Connection, office: str) -> date | None:
    """The day of the last letter that was written; None when there is none."""
    newest: date | None = connection.scalar(
        select(func.max(letter.c.day)).where(letter.c.office == office)
    )
    return newest


def told(connection: Connection, office: str) -> set[str]:
    """Digest periods that are settled."""
    return set(connection.scalars(select(digest.c.period).where(digest.c.office == office)))


def post(
    connection: Connection,
    office: str,
    day: date,
    morning: Morning,
    frozen: Iterable[Frozen],
    *,
    at: datetime,
) -> list[Letter]:
    """Write one morning: letters, what they spend, and their events, all in this transaction.

    Returns the letters that another tick had written already; they and their moves are left out.
    """
    spent = {step.before.key: step for step in morning.spent}
    lost = []
    for one in frozen:
        try:
            with connection.begin_nested():
                _post_one(connection, one, spent, at)
        except (IntegrityError, Conflict):
            lost.append(one.letter)
    for step in morning.spent:
        if step.stage is None:
            _drop(connection, step, at)
    if morning.digest and not any(_holds_digest(letter) for letter in lost):
        count = sum(_holds_digest(one) for one in morning.letters)
        _settle(connection, office, morning.digest, day, count)
    return lost


def _settle(connection: Connection, office: str, period: str, day: date, letters: int) -> None:
    values = {"office": office, "period": period, "day": day, "letters": letters}
    try:
        with connection.begin_nested():
            connection.execute(insert(digest).values(values))
    except IntegrityError:
        """Another tick settled it."""


def _holds_digest(one: Letter) -> bool:
    return any(section.kind is Kind.DIGEST for section in one.sections)


def _post_one(connection: Connection, one: Frozen, spent: dict[str, Spent], at: datetime) -> None:
    number = _insert(connection, one, at)
    for section in one.letter.sections:
        for item in section.items:
            _post_item(connection, number, section.kind, item, spent, at)


def _insert(connection: Connection, one: Frozen, at: datetime) -> int:
    written = one.letter
    number: int = connection.execute(
        insert(letter)
        .values(
            key=written.key,
            office=written.office,
            day=written.day,
            kind=written.kind.value,
            recipient=written.recipient,
            recipient_name=written.recipient_name,
            departments="、".join(written.departments),
            subject=one.subject,
            message_id=one.message_id,
            written_at=at,
        )
        .returning(letter.c.id)
    ).scalar_one()
    connection.execute(
        insert(letter_body).values(letter_id=number, sender=one.sender, mime=one.mime)
    )
    connection.execute(
        insert(delivery).values(
            letter_id=number,
            office=written.office,
            state=Standing.QUEUED.value,
            try_at=at,
            deferred_since=_deferred_since(connection, written.recipient, number),
        )
    )
    return number


def _deferred_since(connection: Connection, recipient: str, number: int) -> datetime | None:
    """A recipient that its server puts off day after day is put off since the first of these days."""
    before = (
        select(delivery.c.state, delivery.c.deferred_since)
        .join(letter, letter.c.id == delivery.c.letter_id)
        .where(letter.c.recipient == recipient, letter.c.id < number)
        .order_by(letter.c.id.desc())
        .limit(1)
    )
    last = connection.execute(before).one_or_none()
    unsent = last is not None and last.state in (Standing.WITHDRAWN.value, Standing.QUEUED.value)
    return last.deferred_since if last is not None and unsent else None


def _post_item(
    connection: Connection,
    number: int,
    kind: Kind,
    item: Item,
    spent: dict[str, Spent],
    at: datetime,
) -> None:
    step = spent.get(item.assignment) if kind is not Kind.DIGEST else None
    before = step.before if step else _still(connection, item)
    connection.execute(
        insert(letter_item).values(
            letter_id=number,
            assignment_id=before.row,
            kind=kind.value,
            stage=item.stage,
            version=item.version,
            due=item.due,
            stage_before=before.stage,
            stage_on_before=before.stage_on,
            told_before=before.told,
            sent_key=f"{before.row}:{item.version}:{item.stage}" if step else None,
        )
    )
    if step:
        change(connection, before, step.after)
        act = {NOTICE: "notify", CHANGE: "correct", CANCEL: "correct"}.get(item.stage, "remind")
        note(
            connection,
            before,
            step.after,
            at=at,
            act=act,
            actor="duban",
            reason=item.why,
            letter=number,
        )


def _still(connection: Connection, item: Item) -> Assignment:
    """The row of a digest's item; Conflict when it moved since the digest was written."""
    now = find(connection, item.assignment)
    if (now.version, now.state, now.target) != (item.version, item.state, item.due):
        raise Conflict(f"{now.key} 刚刚被别人改动，请重试")
    return now


def _drop(connection: Connection, step: Spent, at: datetime) -> None:
    try:
        with connection.begin_nested():
            change(connection, step.before, step.after)
            note(
                connection, step.before, step.after, at=at, act="drop", actor="duban", reason="past"
            )
    except Conflict:
        """Another tick dropped it, or somebody acted on it."""
