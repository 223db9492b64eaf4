"""The sealed account: a chain over all events, so that one that was changed, added or taken away is found.

What a seal is worth stands in duban/seal.py. Only this file and state/erasure.py write to events that are
there already: their number of the seal, and what is left of an erased one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    bindparam,
    func,
    insert,
    select,
    update,
)

from duban.seal import FIELDS, REASON, Seal, code, is_erased, kept_leaf, leaf
from state import turns
from state.given import as_rows, given
from state.tables import Number, event, seal

BATCH = 2000
"""Events that one seal covers at most."""
TURN = "/seal"
"""Whoever seals waits for the others; no office has such an id."""
STEP = 4000
"""Rows that are fetched at a time while the chain is walked."""
LINE = tuple(event.c[name] for name in FIELDS)


def seal_new(connection: Connection, key: bytes, *, at: datetime) -> Seal | None:
    """Seal the oldest events that have no seal, BATCH at most; None where there is none.

    Numbers of events are given before they are committed, so that one may be sealed later than its
    followers: a seal covers what it found, and never what came into its span meanwhile.
    """
    turns.take(connection, [TURN])
    unsealed = select(*LINE).where(event.c.seal_id.is_(None)).order_by(event.c.id).limit(BATCH)
    rows = connection.execute(unsealed).all()
    if not rows:
        return None
    before = last(connection)
    number = before.number + 1 if before else 1
    leaves = [leaf(key, row) for row in rows]
    signed = code(key, before.code if before else "", number, at, len(rows), leaves)
    connection.execute(insert(seal).values(id=number, at=at, events=len(rows), mac=signed))
    chosen = given(connection, id=Number)
    connection.execute(
        update(event).where(event.c.id == chosen.c.id).values(seal_id=number),
        {"rows": as_rows({"id": row.id} for row in rows)},
    )
    return Seal(number, at, len(rows), signed)


def last(connection: Connection) -> Seal | None:
    """The head of the chain; None before the first seal."""
    row = connection.execute(_LAST).one_or_none()
    return _seal(row) if row else None


_LAST = select(seal).order_by(seal.c.id.desc()).limit(1)


def sealed_events(connection: Connection) -> int:
    """As the seals themselves say."""
    return connection.scalar(select(func.coalesce(func.sum(seal.c.events), 0))) or 0


def unsealed(connection: Connection, most: int = 10_000) -> int:
    """Events that wait for their seal, counted up to `most`."""
    return connection.scalar(_UNSEALED, {"most": most}) or 0


_UNSEALED = select(func.count()).select_from(
    select(event.c.id)
    .where(event.c.seal_id.is_(None))
    .limit(bindparam("most", type_=BigInteger))
    .subquery()
)


def oldest_unsealed(connection: Connection) -> datetime | None:
    """When the first of them was written; None where every event has its seal."""
    query = select(event.c.at).where(event.c.seal_id.is_(None)).order_by(event.c.id).limit(1)
    found: datetime | None = connection.scalar(query)
    return found


def _seal(row: Any) -> Seal:
    return Seal(row.id, row.at, row.events, row.mac)


# --- walking the chain ---


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold, and why, in Chinese."""

    seal: int
    first: int | None
    """Numbers of the first and last event that the seal has now; None where it has none."""
    last: int | None
    why: str


@dataclass(slots=True)
class Walk:
    """What a walk along the whole chain found."""

    seals: int = 0
    events: int = 0
    erased: int = 0
    unsealed: int = 0
    since: datetime | None = None
    """When the first sealed event happened."""
    head: Seal | None = None
    asked: int | None = None
    """The number of the seal whose code was asked for; None when there is none with that code."""
    breaks: list[Break] = field(default_factory=list)


def walk(connection: Connection, keys: Sequence[bytes], wanted: str = "") -> Walk:
    """Look at every sealed event. `keys`: those of the site's secret, any of them may have sealed.

    `wanted`: the code of a seal that was kept elsewhere.
    """
    chain = {row.id: _seal(row) for row in connection.execute(select(seal))}
    found = Walk(seals=len(chain), unsealed=unsealed(connection, 1 << 60))
    found.head = chain[max(chain)] if chain else None
    found.asked = next((one.number for one in chain.values() if one.code == wanted), None)
    judged = _judge(connection, chain, keys, event.c.seal_id.is_not(None))
    found.since = min((one.since for one in judged.values()), default=None)
    found.events = sum(one.count for one in judged.values())
    found.erased = sum(one.erased for one in judged.values())
    numbers = {*judged, *range(1, max(chain, default=0) + 1)}
    for number in sorted(numbers):
        one = judged.get(number)
        if why := _why(number, chain, one):
            first, last = (one.first, one.last) if one else (None, None)
            found.breaks.append(Break(number, first, last, why))
    return found


def keys_of(
    connection: Connection, numbers: Collection[int], keys: Sequence[bytes]
) -> dict[int, bytes]:
    """The key of each of these seals, found by judging it; those that do not hold are left out."""
    pairs = {near for number in numbers for near in (number - 1, number)}
    chain = {
        row.id: _seal(row) for row in connection.execute(select(seal).where(seal.c.id.in_(pairs)))
    }
    judged = _judge(connection, chain, keys, event.c.seal_id.in_(numbers))
    return {
        number: one.key
        for number, one in judged.items()
        if one.key is not None and not _why(number, chain, one)
    }


EMPTY = "封存了 {} 条流水，现在一条也没有了：被删除过"
MISSING = "这一号封存本身不见了：被删除过"
STRANGE = "有流水写着这一号，却没有这一号封存：封存被删除过，或者流水是后来塞进来的"
FEWER = "封存了 {} 条流水，现在有 {} 条：有的被删除，或者是后来塞进来的"
CHANGED = "流水或封存的内容和封存时不一样：被改动过"


def _why(number: int, chain: Mapping[int, Seal], one: "_Judged | None") -> str:
    """Why this seal does not hold; empty: it does, or nothing can be said since the one before is missing.

    Each is judged by the code of the one before as it stands now, so that every break is local.
    """
    said = chain.get(number)
    if said is None:
        return STRANGE if one else MISSING
    if one is None:
        return EMPTY.format(said.events)
    if one.count != said.events:
        return FEWER.format(said.events, one.count)
    return CHANGED if one.key is None and (number == 1 or number - 1 in chain) else ""


class _Judged:
    """The events of one seal: as they come, only their leaves are kept, and those until all are there."""

    __slots__ = ("count", "erased", "first", "key", "last", "leaves", "since", "whole")

    def __init__(self, first: int, since: datetime, keys: int) -> None:
        self.first, self.since = first, since
        self.last = self.count = self.erased = 0
        self.leaves: list[list[bytes]] = [[] for _ in range(keys)]
        self.whole = True
        """No stub of an erased event was changed."""
        self.key: bytes | None = None
        """With which the seal holds."""

    def take(self, keys: Sequence[bytes], line: Sequence[Any]) -> None:
        self.count += 1
        self.last = line[0]
        if is_erased(line[REASON]):
            self.erased += 1
            kept = kept_leaf(keys, line)
            self.whole = self.whole and kept is not None
            for leaves in self.leaves:
                leaves.append(kept or b"")
            return
        for key, leaves in zip(keys, self.leaves, strict=True):
            leaves.append(leaf(key, line))

    def close(self, said: Seal, before: Seal | None, keys: Sequence[bytes]) -> None:
        """All that the seal covers were taken."""
        code_before = before.code if before else ""
        for key, leaves in zip(keys, self.leaves, strict=True):
            signed = code(key, code_before, said.number, said.at, said.events, leaves)
            if self.whole and signed == said.code:
                self.key = key
        self.leaves = [[] for _ in keys]


def _judge(
    connection: Connection,
    chain: Mapping[int, Seal],
    keys: Sequence[bytes],
    which: ColumnElement[bool],
) -> dict[int, _Judged]:
    """By the number of the seal. Events are read in the order of their numbers, once, without sorting;
    a seal's own order is the same."""
    query = select(event.c.seal_id, *LINE).where(which).order_by(event.c.id)
    judged: dict[int, _Judged] = {}
    for row in connection.execute(query.execution_options(yield_per=STEP)):
        number, line = row[0], row[1:]
        one = judged.get(number)
        if one is None:
            one = judged[number] = _Judged(line[0], line[1], len(keys))
        one.take(keys, line)
        said = chain.get(number)
        if said and one.count == said.events:
            one.close(said, chain.get(number - 1), keys)
    return judged
