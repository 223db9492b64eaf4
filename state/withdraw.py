"""The last look before sending: letters that are no longer true are withdrawn."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Date,
    Row,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from duban.assignment import Assignment
from duban.completion import CHASED, CLOSED, State
from duban.desk import Desk
from duban.ladder import CANCEL, CHANGE, FIXED, NOTICE
from duban.letter import REPORTS, Kind
from duban.office import Role
from duban.stages import scheduled
from state import digests, turns
from state.assignments import change, find_row, note
from state.bundles import role_of
from state.standing import Standing
from state.tables import assignment, delivery, event, failure_told, letter, letter_item
from state.words import word


@dataclass(frozen=True, slots=True)
class Queued:
    """A letter that was not begun to be handed over, and the assignments that it speaks of."""

    recipient: str
    subject: str
    about: frozenset[str]


def queued(connection: Connection, office: str) -> list[Queued]:
    """What waits in that office's queue and was surely not handed over."""
    rows = connection.execute(
        select(letter.c.id, letter.c.recipient, letter.c.subject, assignment.c.key)
        .join(delivery, delivery.c.letter_id == letter.c.id)
        .join(letter_item, letter_item.c.letter_id == letter.c.id)
        .join(assignment, assignment.c.id == letter_item.c.assignment_id)
        .where(delivery.c.office == office, *_WAITING)
        .order_by(letter.c.id)
    )
    found: dict[int, tuple[str, str, set[str]]] = {}
    for row in rows:
        found.setdefault(row.id, (row.recipient, row.subject, set()))[2].add(row.key)
    return [Queued(who, subject, frozenset(keys)) for who, subject, keys in found.values()]


_WAITING = (delivery.c.state == word(Standing.QUEUED), delivery.c.phase.is_(None))


def outdated(connection: Connection, today: Mapping[str, date]) -> set[str]:
    """Offices that have letters in the queue that are no longer true. `today`: by office."""
    rows = connection.execute(_WAITING_OFFICES, {"newest": _newest(today)})
    return {row.office for row in rows if row.office in today and _is_outdated(row, today)}


def withdraw_outdated(
    connection: Connection,
    desks: Mapping[str, Desk],
    *,
    at: datetime,
    today: Mapping[str, date],
    claimed: Collection[int] | None = None,
) -> set[int]:
    """Withdraw letters that are no longer true; what they said counts as never said. Returns their ids.

    `desks` and `today` are by office. Of the letters that wait in the queue, or of those `claimed`.
    Outdated is a letter of an earlier day, or one with an item that was done, withdrawn or moved; a
    receipt never is. A letter whose body was begun may have arrived and is left as it is, as is one
    that a sender takes at this moment: it has its own last look.
    """
    if claimed is None:
        turns.take(connection, desks)
    query = _OF_OFFICES if claimed is None else _OF_CLAIMED
    chosen = list(desks if claimed is None else claimed)
    found = connection.execute(query, {"chosen": chosen, "newest": _newest(today)}).all()
    rows = [row for row in found if _is_outdated(row, today)]
    if claimed is not None and rows:
        turns.take(connection, {row.office for row in rows})
    for row in rows:
        _withdraw(connection, desks[row.office], row, at)
    return {row.id for row in rows}


def _newest(today: Mapping[str, date]) -> date:
    """Most offices share one zone; in another one it may still be the day before."""
    return max(today.values(), default=date.min)


def _is_outdated(row: Row[Any], today: Mapping[str, date]) -> bool:
    return bool(row.untrue) or (row.office in today and row.day < today[row.office])


_TARGET = func.coalesce(assignment.c.extended, assignment.c.due)
_ITEM_OF_LETTER = and_(
    letter_item.c.letter_id == letter.c.id, assignment.c.id == letter_item.c.assignment_id
)
_EARLIER, _CAME_BACK = letter_item.alias("earlier"), event.alias("came_back")
_UNFOUNDED = and_(
    letter_item.c.kind == Kind.CHANGE.value,
    exists()
    .where(
        _EARLIER.c.assignment_id == letter_item.c.assignment_id,
        _EARLIER.c.id < letter_item.c.id,
        _CAME_BACK.c.letter_id == _EARLIER.c.letter_id,
        _CAME_BACK.c.act == "bounce",
        _CAME_BACK.c.at >= letter.c.written_at,
    )
    .correlate(letter, letter_item),
)
"""A correction of what came back after it was written: who should have read that did not."""
_UNTRUE = and_(
    letter_item.c.kind != Kind.ACCOUNT.value,
    or_(
        assignment.c.version != letter_item.c.version,
        _UNFOUNDED,
        case(
            (letter_item.c.stage == CANCEL, assignment.c.state != State.WITHDRAWN.value),
            (
                letter_item.c.stage == CHANGE,
                or_(
                    assignment.c.state.in_([state.value for state in CLOSED]),
                    assignment.c.told.is_distinct_from(_TARGET),
                ),
            ),
            else_=or_(
                assignment.c.state.not_in([state.value for state in CHASED]),
                _TARGET.is_distinct_from(letter_item.c.due),
            ),
        ),
    ),
)
"""Whether the item says what is no longer so. An account tells how a day began, which stays true."""


_IS_UNTRUE = exists().where(_ITEM_OF_LETTER, _UNTRUE)


def _outdated(query: Select[Any], *chosen: ColumnElement[bool]) -> Select[Any]:
    """With those of the newest day's eve. A receipt tells what was done, which stays true."""
    query = query.join_from(delivery, letter, delivery.c.letter_id == letter.c.id)
    maybe = or_(letter.c.day < bindparam("newest", type_=Date), _IS_UNTRUE)
    return query.where(*chosen, letter.c.kind != word(Kind.RECEIPT), maybe)


_SOME: BindParameter[Any] = bindparam("chosen", expanding=True)
_WAITING_OFFICES = _outdated(
    select(delivery.c.office, letter.c.day, _IS_UNTRUE.label("untrue")).distinct(), *_WAITING
)
_LETTERS = select(letter, _IS_UNTRUE.label("untrue")).order_by(letter.c.id)
_LETTERS = _LETTERS.with_for_update(of=delivery, skip_locked=True)
_OF_OFFICES = _outdated(_LETTERS, *_WAITING, delivery.c.office.in_(_SOME))
_OF_CLAIMED = _outdated(_LETTERS, delivery.c.letter_id.in_(_SOME), delivery.c.phase.is_(None))


def _items(connection: Connection, number: int) -> Sequence[Row[Any]]:
    return connection.execute(select(letter_item).where(letter_item.c.letter_id == number)).all()


def _withdraw(connection: Connection, desk: Desk, row: Row[Any], at: datetime) -> None:
    digests.unsettle(connection, row.office, row.id)
    for item in _items(connection, row.id):
        if item.kind in REPORTS:
            continue
        now = find_row(connection, item.assignment_id)
        again = scheduled(desk, _taken_back(connection, item, now))
        change(connection, (now, again))
        note(connection, (now, again), at=at, act="unsend", actor="duban", letter=row.id)
    connection.execute(
        update(letter_item).where(letter_item.c.letter_id == row.id).values(sent_key=None)
    )
    connection.execute(delete(failure_told).where(failure_told.c.told_in == row.id))
    connection.execute(
        update(letter).where(letter.c.id == row.id).values(key=f"{row.key}/withdrawn-{row.id}")
    )
    connection.execute(
        update(delivery)
        .where(delivery.c.letter_id == row.id)
        .values(state=Standing.WITHDRAWN.value, owner=None, lease_until=None)
    )


def _taken_back(connection: Connection, item: Row[Any], now: Assignment) -> Assignment:
    """As if its reader had not been told. Where others were told the same, only he is told it again."""
    if item.stage in FIXED or not item.sent_key:
        return _unsaid(item, now)
    if not _stands(connection, item):
        return replace(_unsaid(_first(connection, item, now), now), unheard=None)
    if not now.state.chased or (now.version, now.stage) != (item.version, item.stage):
        return now
    roles = {*(now.unheard or "").split(","), role_of(item.sent_key).value} - {""}
    return replace(now, unheard=",".join(role.value for role in Role if role.value in roles))


def _first(connection: Connection, item: Row[Any], now: Assignment) -> Row[Any]:
    """The one that said the stage before those who had not heard it were told it again: it knows how the
    assignment stood until then."""
    c = letter_item.c
    query = select(letter_item).where(
        c.assignment_id == item.assignment_id,
        c.version == item.version,
        c.stage == item.stage,
        c.id <= item.id,
        or_(
            c.stage_before.is_distinct_from(c.stage),
            c.stage_on_before <= (now.rearmed or date.min),
        ),
    )
    return connection.execute(query.order_by(c.id.desc()).limit(1)).one_or_none() or item


def _stands(connection: Connection, item: Row[Any]) -> bool:
    """Whether another letter that says the same to somebody else was not withdrawn."""
    c = letter_item.c
    query = select(c.id).where(
        c.assignment_id == item.assignment_id,
        c.version == item.version,
        c.stage == item.stage,
        c.letter_id != item.letter_id,
        c.sent_key.is_not(None),
    )
    return connection.scalar(query.limit(1)) is not None


def _unsaid(item: Row[Any], now: Assignment) -> Assignment:
    """The assignment as if the letter had not been written; what people did since then stays."""
    if item.stage == CANCEL and now.state is State.PLANNED and now.held:
        now = replace(now, state=now.held, held=None, stage_on=item.stage_on_before)
    notice = item.stage == NOTICE
    planned = notice and now.state is State.NOTIFIED
    held = State.PLANNED if notice and now.held is State.NOTIFIED else now.held
    same = now.version == item.version
    return replace(
        now,
        state=State.PLANNED if planned else now.state,
        held=held,
        told=item.told_before,
        stage=item.stage_before,
        stage_on=item.stage_on_before if same or planned else now.stage_on,
    )
