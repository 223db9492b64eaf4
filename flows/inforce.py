"""The calendar in force beside the files: whose files are others now, and what is known of the rest."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from adapters.branches import Branches, Shared, as_applied, resume
from adapters.sitemap import recognise
from duban.book import COMMON, Book, Branch, Common
from duban.office import Office
from flows.applying import Planned
from flows.bench import Bench
from flows.premises import Site
from state import applied, sources


@dataclass(frozen=True, slots=True)
class Differing:
    """What changed since the files of the calendar in force were kept."""

    files: Mapping[str, str | None]
    """By name: the SHA-256 of those that are others now; None: gone."""
    offices: frozenset[str] | None
    """Whose own files these are. None: everybody may be concerned."""


def differing(site: Site, now: Mapping[str, str]) -> Differing:
    """`now`: of every file of the calendar, by name (adapters.snapshot)."""
    if site.database.empty():
        return Differing(now, None)
    with site.database.reading() as connection:
        known = sources.in_force_manifest(connection)
    if known is None:
        return Differing(now, None)
    names = {name for name, digest in now.items() if known.get(name) != digest}
    files = {name: now[name] for name in names} | {name: None for name in known if name not in now}
    found = [recognise(name) for name in files]
    alone = all(one is not None and one.office for one in found)
    return Differing(files, frozenset(one.office for one in found if one) if alone else None)


@dataclass(frozen=True, slots=True)
class InForce:
    """The documents of the calendar in force, each read when it is asked for."""

    site: Site
    rows: Mapping[str, int]

    def branch(self, office: str) -> Branch | None:
        row = self.rows.get(office)
        return None if row is None else Branch.model_validate_json(self._document(row))

    def common(self) -> Common:
        return Common.model_validate_json(self._document(self.rows[COMMON]))

    def _document(self, row: int) -> str:
        with self.site.database.reading() as connection:
            return applied.document(connection, row)


class Offices(Mapping[str, Office]):
    """What each office is, from the calendar in force. `ids`: those that the files have."""

    def __init__(self, known: InForce, ids: frozenset[str]) -> None:
        self._known, self._ids = known, ids & known.rows.keys()

    def __getitem__(self, id: str) -> Office:
        branch = self._known.branch(id) if id in self._ids else None
        if branch is None:
            raise KeyError(id)
        return branch.office

    def __contains__(self, id: object) -> bool:
        return id in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


@dataclass(frozen=True, slots=True)
class Touched:
    """What has to be looked at when only the files of some offices are others."""

    shared: Shared
    offices: tuple[str, ...]
    """Those, and the ones whose agenda follows from theirs."""
    faulty: frozenset[str]
    """Whose files may have faults."""
    rows: Mapping[str, int]

    def known(self, site: Site) -> Callable[[str], Branch | None]:
        """Of all but those whose files are others (adapters.branches)."""
        found = InForce(site, self.rows)
        return lambda office: None if office in self.faulty else found.branch(office)


def touched(
    site: Site,
    changed: frozenset[str],
    now: Collection[str],
    drafts: Mapping[str, str | None] | None = None,
) -> Touched:
    """`changed`: the offices whose own files are others than in the calendar in force; `now`: the names of
    all files."""
    with site.database.reading() as connection:
        rows = applied.newest(connection)
    home, in_force = site.settings.home, InForce(site, rows)
    before = {id: in_force.branch(id) for id in changed}
    above = {id for one in before.values() if (id := _above(in_force, one))}
    read = frozenset(changed | above)
    offices = Offices(in_force, ids_of(home))
    shared = resume(home, in_force.common(), offices, now, read, drafts)
    here = Touched(shared, (), read, rows)
    branches = Branches(shared, here.known(site))
    grown = _below(branches, changed, [one for one in before.values() if one])
    order = [*(id for id in shared.strangers if id in changed), *sorted(above | grown)]
    return replace(here, offices=tuple(dict.fromkeys(order)))


def planned(site: Site, book: Book, at: datetime) -> list[Planned]:
    """What applying would do, where only the offices of that book are others than in the calendar in force,
    or what all share is for them alone."""
    with site.database.reading() as connection:
        in_force = InForce(site, applied.newest(connection))
    anew = {branch.office.id: branch for branch in book.branches}
    before = {id: one for id in anew if (one := in_force.branch(id))}
    shared = as_applied(book.common, Offices(in_force, frozenset(in_force.rows)))
    branches = Branches(shared, lambda id: anew.get(id) or in_force.branch(id))
    above = {id for one in before.values() if (id := _above(in_force, one))}
    bench = Bench(site, branches, at, {}, fresh=False)
    return [bench.planned(id) for id in sorted(above | _below(branches, anew, before.values()))]


def _above(in_force: InForce, branch: Branch | None) -> str | None:
    """The office of which this one is a department."""
    parent = in_force.branch(branch.office.parent) if branch and branch.office.parent else None
    return parent.office.id if branch and parent and branch.office.id in parent.linked else None


def _below(branches: Branches, changed: Collection[str], before: Iterable[Branch]) -> set[str]:
    """These, and the departments of theirs that are offices, now or until now."""
    found = {id for id in changed if id in branches.shared.offices}
    waiting = [*found, *(id for one in before for id in one.linked)]
    while waiting:
        id = waiting.pop()
        branch = branches.branch(id)
        if branch is not None:
            found.add(id)
            waiting += [below for below in branch.linked if below not in found]
    return found


def ids_of(home: Path) -> frozenset[str]:
    """Every id that may be in config/offices.yaml: what is not there is no office, whatever was applied."""
    text = (home / "config/offices.yaml").read_text("utf-8-sig")
    return frozenset(_ID.findall(text))


_ID = re.compile(r"""\bid['"]?:[ ]*['"]?([a-z][a-z0-9-]*)""")
