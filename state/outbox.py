"""The outbox: letters frozen in the same transaction as what they change."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, func, insert, select
from sqlalchemy.exc import IntegrityError

from duban import seal
from duban.assignment import Assignment
from duban.digest import Which, mark
from duban.ladder import NOTICE
from duban.letter import REPORTS, Item, Kind
from duban.morning import Morning, Spent
from state import bounces, digests, turns, urgings
from state.assignments import Conflict, Note, change, find_all, note_all
from state.bulk import write_many
from state.bundles import Frozen, bundles, lacking, sent_key, tied
from state.standing import Standing
from state.tables import delivery, letter, letter_body, letter_item
from state.words import word, words

APART = (seal.LETTER, Kind.RECEIPT.value)
"""Kinds of letters beside the morning's: state/apart.py."""
ACTS = {Kind.NOTICE: "notify", Kind.CHANGE: "correct"}

_LETTER, _BODY = insert(letter), insert(letter_body)
_DELIVERY, _ITEM = insert(delivery), insert(letter_item)


def mailed(
    connection: Connection,
    office: str,
    day: date,
    shared: Mapping[str, Collection[str]] | None = None,
) -> set[str]:
    """Addresses that have a letter of that office for that day (not counting withdrawn ones, and those
    that belong to no morning). `shared`: by other offices, addresses whose letters of these count, too."""
    found = set(connection.scalars(_MAILED, {"office": office, "day": day}))
    others = {other: addresses for other, addresses in (shared or {}).items() if addresses}
    if others:
        common = sorted({address for addresses in others.values() for address in addresses})
        values = {"offices": list(others), "common": common, "day": day}
        rows = connection.execute(_MAILED_BY_OTHERS, values)
        found |= {row.recipient for row in rows if row.recipient in others[row.office]}
    return found


_COUNTED = (
    letter.c.day == bindparam("day"),
    letter.c.kind.not_in([word(kind) for kind in APART]),
    *(~letter.c.key.like(f"%/{mark(which)}") for which in Which),
    delivery.c.state != word(Standing.WITHDRAWN),
)
_WITH_STATE = letter.join(delivery, delivery.c.letter_id == letter.c.id)
_MAILED = (
    select(letter.c.recipient)
    .select_from(_WITH_STATE)
    .where(letter.c.office == bindparam("office"), *_COUNTED)
)
_MAILED_BY_OTHERS = (
    select(letter.c.office, letter.c.recipient)
    .select_from(_WITH_STATE)
    .where(
        letter.c.office.in_(bindparam("offices", expanding=True)),
        letter.c.recipient.in_(bindparam("common", expanding=True)),
        *_COUNTED,
    )
)


def newest_day(connection: Connection, office: str) -> date | None:
    """The day of the last letter that was written; None when there is none."""
    newest: date | None = connection.scalar(
        select(func.max(letter.c.day)).where(letter.c.office == office)
    )
    return newest


@dataclass(frozen=True, slots=True)
class Sheaf:
    """One office's morning, as it will go out."""

    office: str
    day: date
    morning: Morning
    letters: Sequence[Frozen]


def post(connection: Connection, sheaves: Sequence[Sheaf], *, at: datetime) -> set[str]:
    """Write these mornings: letters, what they spend, and their events, all in this transaction.

    Returns the keys of letters that another tick had written already; they and their moves are left out.
    """
    turns.take(connection, [one.office for one in sheaves])
    mine = [one for one in sheaves if _numbered(connection, one)]
    letters = [frozen for one in mine for frozen in one.letters]
    spent: dict[str, Spent] = {}
    for one in mine:
        spent |= lacking(one.morning, one.letters)
    written: set[str] = set()
    for together in bundles(letters):
        written |= _post(connection, together, spent, at)
    dropped = [step for one in mine for step in one.morning.spent if step.stage is None]
    _drop(connection, dropped, at)
    digests.settle(connection, [said for one in mine for said in _settled(one, written)])
    return {frozen.letter.key for one in sheaves for frozen in one.letters} - written


def _numbered(connection: Connection, one: Sheaf) -> bool:
    return urgings.give(connection, one.office, one.day, one.morning.numbers)


def _settled(one: Sheaf, written: Collection[str]) -> Iterator[digests.Settling]:
    """A digest of which a letter was not written is owed still, to who has none of it."""
    letters = one.morning.letters
    missing = {
        period for letter in letters if letter.key not in written for period in letter.periods
    }
    told = [period for letter in letters for period in letter.periods]
    for said in one.morning.digests:
        if said.due.period not in missing:
            yield digests.Settling(one.office, said, one.day, told.count(said.due.period))


def put(connection: Connection, letters: Sequence[Frozen], *, at: datetime) -> list[int]:
    """Letters that spend nothing, into the queue; returns their numbers."""
    return _write(connection, letters, {}, at)


def _post(
    connection: Connection, letters: list[Frozen], spent: Mapping[str, Spent], at: datetime
) -> set[str]:
    """All together; where that fails, piece by piece. Returns the keys of those that were written."""
    try:
        with connection.begin_nested():
            _write(connection, letters, spent, at)
    except (IntegrityError, Conflict):
        pieces = tied(letters)
        if len(pieces) == 1:
            return set()
        return {key for some in pieces for key in _post(connection, some, spent, at)}
    return {one.letter.key for one in letters}


def _write(
    connection: Connection, letters: Sequence[Frozen], spent: Mapping[str, Spent], at: datetime
) -> list[int]:
    since = _deferred_since(connection, [one.letter.recipient for one in letters])
    write_many(connection, _LETTER, [_letter(one, at) for one in letters])
    numbers = _numbers(connection, [one.letter.key for one in letters])
    write_many(
        connection,
        _BODY,
        [
            {"letter_id": number, "sender": one.sender, "mime": one.mime}
            for number, one in zip(numbers, letters, strict=True)
        ],
    )
    write_many(
        connection,
        _DELIVERY,
        [
            {
                "letter_id": number,
                "office": one.letter.office,
                "state": Standing.QUEUED.value,
                "attempts": 0,
                "possible_duplicates": 0,
                "try_at": at,
                "deferred_since": since.get(one.letter.recipient),
            }
            for number, one in zip(numbers, letters, strict=True)
        ],
    )
    _write_items(connection, zip(numbers, letters, strict=True), spent, at)
    held = ((n, one.letter.periods) for n, one in zip(numbers, letters, strict=True))
    digests.hold(connection, [(number, period) for number, all_ in held for period in all_])
    bounces.told(
        connection,
        [
            (number, returned)
            for number, one in zip(numbers, letters, strict=True)
            for section in one.letter.sections
            for returned in section.returned
        ],
    )
    return numbers


def _numbers(connection: Connection, keys: Sequence[str]) -> list[int]:
    """Asked for afterwards: telling each number as it is given makes a statement of each letter."""
    known = {row.key: row.id for row in connection.execute(_NUMBERS, {"keys": list(keys)})}
    return [known[key] for key in keys]


_NUMBERS = select(letter.c.key, letter.c.id).where(
    letter.c.key.in_(bindparam("keys", expanding=True))
)


def _letter(one: Frozen, at: datetime) -> dict[str, object]:
    written = one.letter
    return {
        "key": written.key,
        "office": written.office,
        "day": written.day,
        "kind": written.kind.value,
        "recipient": written.recipient,
        "recipient_name": written.recipient_name,
        "departments": "、".join(written.departments),
        "subject": one.subject,
        "message_id": one.message_id,
        "written_at": at,
    }


def _deferred_since(connection: Connection, recipients: Sequence[str]) -> dict[str, datetime]:
    """A recipient that its server puts off day after day is put off since the first of these days."""
    rows = connection.execute(_PUT_OFF, {"recipients": list(recipients)})
    return {row.recipient: row.deferred_since for row in rows}


_NEWEST = (
    select(func.max(letter.c.id))
    .where(letter.c.recipient.in_(bindparam("recipients", expanding=True)))
    .group_by(letter.c.recipient)
)
_PUT_OFF = select(letter.c.recipient, delivery.c.deferred_since).select_from(_WITH_STATE)
_PUT_OFF = _PUT_OFF.where(
    letter.c.id.in_(_NEWEST),
    delivery.c.deferred_since.is_not(None),
    delivery.c.state.in_(words((Standing.WITHDRAWN, Standing.QUEUED))),
)


def _write_items(
    connection: Connection,
    letters: Iterable[tuple[int, Frozen]],
    spent: Mapping[str, Spent],
    at: datetime,
) -> None:
    said = [
        (number, section.kind, item)
        for number, one in letters
        for section in one.letter.sections
        for item in section.items
    ]
    steps = {
        item.assignment: spent[item.assignment]
        for _, kind, item in said
        if kind not in REPORTS and item.assignment in spent
    }
    still = _still(connection, [item for _, _, item in said if item.assignment not in steps])
    rows, notes, moves = [], [], {}
    for number, kind, item in said:
        step = steps.get(item.assignment) if kind not in REPORTS else None
        before = step.before if step else still.get(item.assignment) or _before(steps, item)
        rows.append(_item(number, kind, item, before, said=step is not None))
        if step:
            notes.append(Note(step.before, step.after, _act(kind, item), item.why, number))
            moves[item.assignment] = (step.before, step.after)
    change(connection, *moves.values())
    write_many(connection, _ITEM, rows)
    note_all(connection, notes, at=at, actor="duban")


def _act(kind: Kind, item: Item) -> str:
    if item.urged:
        return "urge"
    return "notify" if item.stage == NOTICE else ACTS.get(kind, "remind")


def _before(steps: Mapping[str, Spent], item: Item) -> Assignment:
    """A digest speaks of what another section of the same morning spends."""
    return steps[item.assignment].before


def _item(
    number: int, kind: Kind, item: Item, before: Assignment, *, said: bool
) -> dict[str, object]:
    return {
        "letter_id": number,
        "assignment_id": before.row,
        "kind": kind.value,
        "stage": item.stage,
        "version": item.version,
        "due": item.due,
        "stage_before": before.stage,
        "stage_on_before": before.stage_on,
        "told_before": before.told,
        "sent_key": sent_key(before.row, item) if said else None,
    }


def _still(connection: Connection, items: Sequence[Item]) -> dict[str, Assignment]:
    """The rows of a digest's items; Conflict when one moved since the digest was written."""
    now = find_all(connection, {item.assignment for item in items})
    for item in items:
        row = now[item.assignment]
        if (row.version, row.state, row.target) != (item.version, item.state, item.due):
            raise Conflict(f"{row.key} 刚刚被别人改动，请重试")
    return now


def _drop(connection: Connection, steps: Sequence[Spent], at: datetime) -> None:
    """All together; where another tick dropped one, or somebody acted on it, one by one."""
    if not steps:
        return
    try:
        with connection.begin_nested():
            change(connection, *((step.before, step.after) for step in steps))
            notes = [Note(step.before, step.after, "drop", step.why) for step in steps]
            note_all(connection, notes, at=at, actor="duban")
    except Conflict:
        for step in steps if len(steps) > 1 else ():
            _drop(connection, [step], at)
