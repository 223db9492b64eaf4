"""Digests in the database: which are settled, what the last one said, and what the next one has to tell."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Date, and_, bindparam, delete, func, insert, or_, select
from sqlalchemy.exc import IntegrityError

from duban.assignment import Assignment
from duban.bulletin import Settled
from duban.completion import CHASED, Act, State
from duban.digest import Due, Which
from duban.step import Answer
from state.assignments import fetch
from state.given import as_rows, given
from state.standing import Standing
from state.tables import Number, assignment, delivery, digest, digest_letter, event, letter
from state.words import word, words

ANSWERS = (
    "acknowledge",
    "report",
    "extension",
    "transfer",
    "not-ours",
    "return",
    "grant",
    "refuse",
)
"""Acts that tell how far a department is: its own, and what the office said to them."""
DONE = (Act.REPORT.value, Act.COMPLETE.value)
TARGET = func.coalesce(assignment.c.extended, assignment.c.due)


# --- what was said -------------------------------------------------------------------------------


def told(connection: Connection, office: str) -> set[str]:
    """Periods that are settled."""
    return set(connection.scalars(select(digest.c.period).where(digest.c.office == office)))


def unsettled(connection: Connection, office: str, owed: Collection[Due]) -> list[Due]:
    """Those of them that were not said yet."""
    periods = [one.period for one in owed]
    values = {"office": office, "periods": periods}
    settled = set(connection.scalars(_SETTLED, values)) if periods else set()
    return [one for one in owed if one.period not in settled]


_SETTLED = select(digest.c.period).where(
    digest.c.office == bindparam("office"),
    digest.c.period.in_(bindparam("periods", expanding=True)),
)


def readers(connection: Connection, office: str, period: str) -> frozenset[str]:
    """Addresses that have a letter with it."""
    return frozenset(connection.scalars(_READERS, {"office": office, "period": period}))


_READERS = (
    select(letter.c.recipient)
    .join(digest_letter, digest_letter.c.letter_id == letter.c.id)
    .join(delivery, delivery.c.letter_id == letter.c.id)
    .where(
        digest_letter.c.period == bindparam("period"),
        letter.c.office == bindparam("office"),
        delivery.c.state != word(Standing.WITHDRAWN),
    )
)


def said(
    connection: Connection, office: str, which: Which, before: str
) -> Mapping[str, Any] | None:
    """What the last digest of that kind before a period told; None where that is not known."""
    query = (
        select(digest.c.said)
        .where(digest.c.office == office, digest.c.which == which.value, digest.c.period < before)
        .order_by(digest.c.period.desc())
        .limit(1)
    )
    text = connection.scalar(query)
    return json.loads(text) if text else None


def of_letter(connection: Connection, number: int) -> dict[Which, Mapping[str, Any]]:
    """What the digests in one letter told, by their kind."""
    query = (
        select(digest.c.which, digest.c.said)
        .join(letter, letter.c.office == digest.c.office)
        .join(
            digest_letter,
            and_(
                digest_letter.c.letter_id == letter.c.id,
                digest_letter.c.period == digest.c.period,
            ),
        )
        .where(letter.c.id == number, digest.c.said != "")
    )
    return {Which(row.which): json.loads(row.said) for row in connection.execute(query)}


@dataclass(frozen=True, slots=True)
class Settling:
    """What one office's digest came to, and in how many letters it is."""

    office: str
    said: Settled
    day: date
    letters: int


def settle(connection: Connection, every: Sequence[Settling]) -> None:
    """All together; where another tick settled one already, one by one."""
    if not every:
        return
    try:
        with connection.begin_nested():
            connection.execute(_SETTLE, [_settled(one) for one in every])
    except IntegrityError:
        for one in every if len(every) > 1 else ():
            settle(connection, [one])


def _settled(one: Settling) -> dict[str, Any]:
    due, facts = one.said.due, one.said.facts
    return {
        "office": one.office,
        "period": due.period,
        "day": one.day,
        "letters": one.letters,
        "which": due.which.value,
        "said": json.dumps(facts, ensure_ascii=False) if facts else "",
    }


_SETTLE = insert(digest)


def hold(connection: Connection, letters: Iterable[tuple[int, str]]) -> None:
    """Letters, and the periods of the digests in them."""
    rows = [{"letter_id": number, "period": period} for number, period in letters]
    if rows:
        connection.execute(insert(digest_letter), rows)


def unsettle(connection: Connection, office: str, number: int) -> None:
    """What this letter would have said is owed again, to who has no other letter with it."""
    held = select(digest_letter.c.period).where(digest_letter.c.letter_id == number)
    periods = list(connection.scalars(held))
    if periods:
        connection.execute(
            delete(digest).where(digest.c.office == office, digest.c.period.in_(periods))
        )
        connection.execute(delete(digest_letter).where(digest_letter.c.letter_id == number))


# --- what there is to tell -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """The last thing that was done about an item."""

    key: str
    actor: str
    at: datetime
    act: str
    reason: str


def answers(
    connection: Connection, rows: Collection[int], acts: Collection[str] = ANSWERS
) -> list[Said]:
    """Of the items with these numbers; those of which nobody said anything are left out."""
    if not rows:
        return []
    wanted = given(connection, number=Number)
    newest = (
        select(func.max(event.c.id))
        .where(event.c.assignment_id == wanted.c.number, event.c.act.in_(acts))
        .correlate(wanted)
        .scalar_subquery()
    )
    ids = select(newest.label("id")).select_from(wanted).subquery("newest")
    query = (
        select(event, assignment.c.key)
        .join(ids, ids.c.id == event.c.id)
        .join(assignment, assignment.c.id == event.c.assignment_id)
    )
    found = connection.execute(query, {"rows": as_rows({"number": row} for row in rows)})
    return [Said(row.key, row.actor, row.at, row.act, row.reason) for row in found]


def owing(connection: Connection, office: str, first: date, last: date) -> list[Assignment]:
    """Reports that departments which were told of them owe in these days."""
    return fetch(connection, _OWING, {"office": office, "first": first, "last": last})


def due_within(connection: Connection, office: str, first: date, last: date) -> list[Assignment]:
    """Reports that become due in these days, by day."""
    values = {"office": office, "first": first, "last": last}
    return fetch(connection, _DUE_WITHIN, values, ordered=True)


_FIRST, _LAST = bindparam("first", type_=Date), bindparam("last", type_=Date)
_CHASED = select(assignment).where(
    assignment.c.office == bindparam("office"),
    assignment.c.state.in_(words(CHASED)),
    assignment.c.due <= _LAST,
    assignment.c.answer == word(Answer.REPORT),
    TARGET.between(_FIRST, _LAST),
)
"""An extension only moves a day on, so that the index of dates helps."""
_DUE_WITHIN = _CHASED.order_by(TARGET, assignment.c.id)
_OWING = _CHASED.where(assignment.c.state != word(State.PLANNED))


def done(connection: Connection, office: str, since: datetime, until: datetime) -> list[Assignment]:
    """What was handed in or closed between two instants, and is so still."""
    c = assignment.c
    acted = (
        select(event.c.assignment_id)
        .where(
            event.c.office == office,
            event.c.assignment_id.is_not(None),
            event.c.act.in_(DONE),
            event.c.at >= since,
            event.c.at < until,
        )
        .distinct()
    )
    query = select(assignment).where(
        c.office == office,
        c.id.in_(acted),
        c.answer == Answer.REPORT.value,
        c.state.in_([State.REPORTED.value, State.COMPLETED.value]),
        or_(TARGET.is_not(None), c.told.is_not(None)),
    )
    return fetch(connection, query)
