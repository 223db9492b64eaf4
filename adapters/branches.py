"""A large site, office by office: each is read when it is asked for, and soon forgotten.

What it says is the same as what `adapters.files.read_site` says of the whole.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from adapters.sitefiles import drafted, named, walked
from adapters.sitemap import Found, recognise
from adapters.tray import (
    Tray,
    branches_of,
    common_of,
    needed,
    offices_of,
    read,
    required,
    strangers,
    told,
)
from duban.book import Branch, Common
from duban.check import Ground, check_branch, survey
from duban.fault import Fault
from duban.frozen import Frozen
from duban.kept import Kept
from duban.office import Office
from duban.programme import Programme
from duban.unread import Unread
from duban.workdays import WorkCalendar

KEPT = 32
"""Offices that are remembered: one with those above and below it."""
File = tuple[Path, str, str | None]
"""Where it lies, its name below the site, and its draft."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What all offices share, and which files each has."""

    ground: Ground
    offices: Mapping[str, Office]
    faults: tuple[Fault, ...]
    own: Mapping[str, tuple[File, ...]]
    """By office: the files whose path names it."""
    programmes: Mapping[str, tuple[tuple[Found, Frozen], ...]]
    """By office: those name it in their text."""
    tray: Tray

    @property
    def common(self) -> Common:
        return self.ground.common

    @property
    def strangers(self) -> list[str]:
        """Offices that have files but are not there."""
        return [office for office in self.own if office not in self.offices]


def read_shared(root: Path, drafts: Mapping[str, str | None] | None = None) -> Shared:
    """Read what belongs to no office alone, and find the other files. Never raises."""
    tray, own = Tray(), defaultdict(list)
    for path, file, draft in drafted(root, drafts or {}):
        found = recognise(file)
        if found and found.office:
            own[found.office].append((path, file, draft))
        else:
            read(tray, path, file, draft)
    every = offices_of(tray)
    offices = {office.id: office for office in reversed(every)}
    required(tray)
    strangers(tray, offices, tray.unread())
    ground = survey(common_of(tray), tuple(every), tray.unread())
    tray.faults += ground.faults
    return Shared(
        ground,
        {office.id: offices[office.id] for office in every},
        told(tray),
        {office: tuple(files) for office, files in own.items()},
        _programmes(tray),
        tray,
    )


def resume(
    root: Path,
    common: Common,
    offices: Mapping[str, Office],
    names: Iterable[str],
    read_anew: Collection[str],
    drafts: Mapping[str, str | None] | None = None,
) -> Shared:
    """As `read_shared` gave it when the calendar in force was applied, where what all share is the same
    since then. `names`: of all files; `read_anew`: the offices whose files will be read."""
    tray, own, drafts = Tray(), defaultdict(list), drafts or {}
    for name in _of_these({*names, *drafts}, read_anew):
        found, draft = recognise(name), drafts.get(name)
        if found is None or (name in drafts and draft is None):
            continue
        if found.office in read_anew:
            own[found.office].append((root / name, name, draft))
        elif not found.office and named(root / name, draft) in read_anew:
            read(tray, root / name, name, draft)
    return Shared(
        Ground(common, (), WorkCalendar(common.workdays)),
        offices,
        (),
        {office: tuple(files) for office, files in own.items()},
        _programmes(tray),
        tray,
    )


def as_applied(common: Common, offices: Mapping[str, Office]) -> Shared:
    """Without any file: everything is known from the calendar in force."""
    return Shared(Ground(common, (), WorkCalendar(common.workdays)), offices, (), {}, {}, Tray())


def _of_these(names: Iterable[str], offices: Collection[str]) -> list[str]:
    """Files that may be theirs, in their order; quickly, for there may be ten thousand."""
    found = [
        name
        for name in names
        if name.startswith("calendar/programmes/")
        or (name.startswith(_ROOMS) and any(office in name for office in offices))
    ]
    return sorted(found, key=walked)


_ROOMS = ("config/departments/", "config/contacts/", "calendar/offices/")


def _programmes(tray: Tray) -> dict[str, tuple[tuple[Found, Frozen], ...]]:
    found: dict[str, list[tuple[Found, Frozen]]] = defaultdict(list)
    for what, entry in tray.entries:
        if isinstance(entry, Programme):
            found[entry.office].append((what, entry))
    return {office: tuple(every) for office, every in found.items()}


@dataclass(slots=True)
class _Opened:
    """One office as its files have it."""

    tray: Tray
    unread: Unread
    branch: Branch | None
    faults: tuple[Fault, ...] | None = None


@dataclass(slots=True)
class Branches:
    """The offices of a site, by their ids."""

    shared: Shared
    applied: Callable[[str], Branch | None] = lambda _: None
    """What is known of an office whose files are those of the calendar in force; None: its files are to be
    read."""
    _opened: Kept[str, _Opened] = field(default_factory=lambda: Kept(KEPT))
    _known: Kept[str, Branch] = field(default_factory=lambda: Kept(KEPT))

    def branch(self, office: str) -> Branch | None:
        """None where there is no such office."""
        if office not in self.shared.offices:
            return None
        opened = self._opened.get(office)
        known = None if opened else self._known.get(office) or self.applied(office)
        return self._known.put(office, known) if known else self._open(office).branch

    def faults(self, office: str) -> tuple[Fault, ...]:
        """Everything that is wrong in the office's own files, by file and line."""
        opened = self._open(office)
        if opened.faults is None:
            if opened.branch:
                opened.tray.faults += check_branch(
                    self.shared.ground, opened.branch, self.branch, self._around(opened)
                )
            opened.faults = told(opened.tray)
        return opened.faults

    def _around(self, opened: _Opened) -> Unread:
        """What could not be read of the office, and of those below that are departments of it."""
        found = opened.unread
        for id in opened.branch.linked if opened.branch else ():
            self.branch(id)
            if below := self._opened.get(id):
                found = found.with_(below.unread)
        return found

    def _open(self, office: str) -> _Opened:
        return self._opened.get(office) or self._opened.put(office, self._read(office))

    def _read(self, office: str) -> _Opened:
        tray, shared = Tray(), self.shared
        for path, file, draft in shared.own.get(office, ()):
            read(tray, path, file, draft)
        tray.meant |= shared.tray.meant
        programmes = shared.programmes.get(office, ())
        tray.entries += programmes
        for _, one in programmes:
            tray.sheets[one.place.file] = shared.tray.sheets[one.place.file]
        here = [shared.offices[office]] if office in shared.offices else []
        needed(tray, here)
        unread = shared.tray.unread().with_(tray.unread())
        strangers(tray, shared.offices, unread)
        return _Opened(tray, unread, next(branches_of(tray, here), None))


def all_faults(branches: Branches) -> Iterator[Fault]:
    """Of the whole site, those of what all share first."""
    yield from branches.shared.faults
    for office in (*branches.shared.offices, *branches.shared.strangers):
        yield from branches.faults(office)
