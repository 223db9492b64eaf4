"""Applying a calendar of very many offices: planned one after the other, by several processes, into a file;
then written in one transaction. What it writes is what `flows.applying` writes."""

import pickle
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from tempfile import TemporaryFile, gettempdir
from typing import IO
from weakref import finalize

from adapters.branches import Branches, Shared
from duban.book import COMMON, Branch
from duban.fault import Fault
from duban.trouble import Trouble
from flows.bench import Bench
from flows.crew import Work, spread
from flows.parcels import Parcel, Summary, unpack
from flows.premises import Site
from state import additions, applied, assignments, sources, turns, withdraw
from state.assignments import Conflict
from state.database import Connection

MANY = 50_000
"""Changes after which the database's statistics mean nothing."""
Applied = Callable[[Site], Callable[[str], Branch | None]]
"""Made anew in each process: what is known of an office from the calendar in force (adapters.branches)."""


def nothing_applied(_site: Site) -> Callable[[str], Branch | None]:
    return lambda _office: None


class NoRoom(Trouble):
    """What was planned cannot be kept until it is written."""


@dataclass(slots=True, weakref_slot=True, eq=False)
class Plan:
    """What applying would do to very many offices; the parcels wait in a file that has no name."""

    stamp: str
    shared: Shared
    faults: list[Fault] = field(default_factory=list)
    summaries: list[Summary] = field(default_factory=list)
    common: str | None = None
    """The new document of what all share; None: it stays."""
    applied: Applied = nothing_applied
    _spool: IO[bytes] = field(default_factory=TemporaryFile)
    _sizes: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        finalize(self, self._spool.close)

    def add(self, summary: Summary, packed: bytes) -> None:
        self.summaries.append(summary)
        self._sizes.append(len(packed))
        try:
            self._spool.write(packed)
            self._spool.flush()
        except OSError as fault:
            folder = gettempdir()
            raise NoRoom(
                f"写不了临时文件（{folder}：{fault.strerror}），什么都没有应用；请腾出空间"
            ) from None

    def parcels(self) -> Iterator[Parcel]:
        self._spool.seek(0)
        for size in self._sizes:
            yield unpack(self._spool.read(size))

    @property
    def counts(self) -> tuple[int, ...]:
        """Changes of all offices, by KINDS."""
        return tuple(map(sum, zip(*(one.counts for one in self.summaries), strict=True)))


def plan(
    site: Site,
    shared: Shared,
    at: datetime,
    offices: Sequence[str] | None = None,
    known: Applied = nothing_applied,
    processes: int = 1,
    faulty: Collection[str] | None = None,
) -> Plan:
    """`offices`: only these, where the others are known to stay as they are; `faulty`: those whose files may
    have faults (None: all)."""
    stamp, digests = _in_force(site)
    made = Plan(stamp, shared, applied=known)
    document = shared.common.document()
    if applied.digest_of(document) != digests.get(COMMON):
        made.common = document
    made.faults += shared.faults
    every = [*shared.offices, *shared.strangers] if offices is None else offices
    if processes > 1:
        site.database.close()  # the others open their own

    def begin() -> Work[Sequence[str]]:
        own = Site(site.settings, patience=site.patience)
        branches = Branches(shared, known(own))
        bench = Bench(own, branches, at, digests, fresh=made.stamp == applied.NOTHING)
        return lambda unit: _planned(bench, unit, faulty)

    for _, said in spread(families(shared, every), begin, processes):
        _take(made, said)
    return made


def families(shared: Shared, offices: Iterable[str]) -> list[list[str]]:
    """The offices in the order given, those with the office above them that they may need."""
    found: dict[str, list[str]] = {}
    wanted = list(offices)
    named = {one.parent for id in wanted if (one := shared.offices.get(id)) and one.parent}
    for id in wanted:
        office = shared.offices.get(id)
        parent = office.parent if office else None
        leads = id in named or parent is None
        found.setdefault(id if leads else parent or id, []).append(id)
    return list(found.values())


def _in_force(site: Site) -> tuple[str, dict[str, str]]:
    """The stamp of the calendar in force, and the SHA-256 of its documents by scope."""
    if site.database.empty():
        return applied.NOTHING, {}
    with site.database.reading() as connection:
        return applied.stamp(connection), applied.digests(connection)


def _planned(bench: Bench, unit: Sequence[str], faulty: Collection[str] | None) -> Iterator[bytes]:
    for office in unit:
        faults = bench.branches.faults(office) if faulty is None or office in faulty else ()
        if faults:
            yield pickle.dumps(faults)
        elif not bench.branches.shared.faults and office in bench.branches.shared.offices:
            parcel = bench.parcel(office)
            yield pickle.dumps((parcel.summary, parcel.packed()))


def _take(made: Plan, said: bytes) -> None:
    found = pickle.loads(said)  # noqa: S301 - our own
    if isinstance(found[0], Summary):
        made.add(*found)
    else:
        made.faults += found


class Faulty(Trouble):
    """The plan has faults; it cannot be applied."""


def apply(
    site: Site,
    made: Plan,
    at: datetime,
    actor: str,
    files: Iterable[tuple[str, bytes | None]] | None = None,
) -> list[str]:
    """Make the plan true in one transaction; returns the scopes of the book that are new.

    `files`: those that are others than of the calendar in force (None: gone). Raises
    state.assignments.Conflict when somebody moved an assignment, or applied another calendar, since the plan
    was made.
    """
    if made.faults:
        raise Faulty("文件有错误，没有应用")
    offices = [one.office for one in made.summaries]
    scopes = []
    with site.database.writing() as connection:
        turns.take(connection, [COMMON, *offices])
        if made.stamp != applied.stamp(connection):
            raise Conflict("日历刚刚被别人应用过，请重新比较后再应用")
        shelf = applied.Shelf(connection, at, actor)
        if made.common is not None:
            shelf.put(COMMON, made.common)
            scopes.append(COMMON)
        for parcel in made.parcels():
            if parcel.document is not None:
                shelf.put(parcel.summary.office, parcel.document)
                scopes.append(parcel.summary.office)
            _write(connection, made, parcel, at, actor)
        _withdraw(connection, site, made, at)
        if files is not None:
            sources.save_changed(connection, files)
    if sum(made.counts) > MANY:
        with site.database.writing() as connection:
            additions.counted_anew(connection)
    return scopes


def _write(connection: Connection, made: Plan, parcel: Parcel, at: datetime, actor: str) -> None:
    if parcel.stamp != made.stamp:
        raise Conflict("日历刚刚被别人应用过，请重新比较后再应用")
    additions.add(connection, parcel.new, at=at, actor=actor)
    assignments.apply(connection, parcel.diff, at=at, actor=actor)


def _withdraw(connection: Connection, site: Site, made: Plan, at: datetime) -> None:
    """Letters that are not true any more."""
    late = [one.office for one in made.summaries if one.outdated]
    if late:
        bench = Bench(site, Branches(made.shared, made.applied(site)), at, {}, fresh=False)
        desks = {office: bench.desk(office) for office in late}
        withdraw.withdraw_outdated(connection, desks, at=at, today={})
