"""What was read of a site's files so far: entries, faults, and what could not be read."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from adapters.entries import take
from adapters.sitefiles import shown
from adapters.sitemap import (
    REQUIRED,
    ActivitiesFile,
    AnnouncementsFile,
    ContactsFile,
    DepartmentsFile,
    Found,
    LaddersFile,
    OfficesFile,
    SetsFile,
    TransfersFile,
    elsewhere,
    recognise,
    right_place,
)
from adapters.yamlfile import MAX_BYTES, Data, Sheet, read_yaml
from duban.book import Branch, Common
from duban.fault import Fault, Place
from duban.frozen import Frozen
from duban.office import Contact, Department, Office
from duban.officeyear import OfficeYear
from duban.programme import Programme
from duban.scoring import Scoring
from duban.text import nearest
from duban.transfer import Transfer
from duban.unread import UNREAD, Unread
from duban.workdays import WorkYear

M = TypeVar("M", bound=Frozen)


@dataclass(slots=True)
class Tray:
    """What has been read so far."""

    sheets: dict[str, Sheet] = field(default_factory=dict)
    entries: list[tuple[Found, Frozen]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    shelves: set[str] = field(default_factory=set)
    """Of which there is a file, whether it could be read or not."""
    meant: set[str] = field(default_factory=set)
    """What misplaced files should probably be called."""
    words: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    nameless: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    whole: set[str] = field(default_factory=set)
    damaged: set[Place] = field(default_factory=set)

    def all(self, model: type[M]) -> Iterator[tuple[str, M]]:
        """The files of one kind, each with the office of its path."""
        for found, entry in self.entries:
            if isinstance(entry, model):
                yield found.office, entry

    def unread(self) -> Unread:
        return Unread(
            {shelf: frozenset(words) for shelf, words in self.words.items()},
            {shelf: frozenset(words) for shelf, words in self.nameless.items()},
            frozenset(self.whole),
            frozenset(self.damaged),
        )

    def tell(self, file: str, message: str, hint: str = "", key: str = "") -> None:
        self.faults.append(Fault(Place(file, (key,) if key else ()), message, hint))


# --- the files ---


def read(tray: Tray, path: Path, file: str, draft: str | None = None) -> None:
    found = recognise(file)
    if found is None:
        if not elsewhere(file):
            _misplaced(tray, file)
        return
    sheet = _sheet(path, file) if draft is None else read_yaml(draft.encode(), file)
    tray.sheets[file] = sheet
    tray.shelves.add(found.shelf)
    taken = take(found.form.model, sheet, _stand_ins(found, path.stem))
    tray.faults += taken.faults
    tray.damaged |= taken.damaged
    if taken.words:
        tray.words[found.shelf] |= taken.words
    if taken.nameless:
        tray.nameless[found.shelf] |= taken.nameless
    lost = found.shelf in _BY_ID and (taken.idless or sheet.aside)
    if lost or not taken.whole or taken.entry is None:
        tray.whole.add(found.shelf)
    if taken.entry is not None:
        tray.entries.append((found, taken.entry))


_BY_ID = ("offices", "ladders", "sets")
"""Shelves whose things are named by their ids alone."""


def _sheet(path: Path, file: str) -> Sheet:
    try:
        if not path.is_file():
            raise OSError
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError:
        fault = Fault(Place(file), "打不开文件", "请检查它的权限，或链接是否有效")
        return Sheet(file, faults=(fault,))
    return read_yaml(content, file)


def _stand_ins(found: Found, stem: str) -> dict[str, Data]:
    """What the path tells of a file whose own words are wrong."""
    if found.form.model is Programme:
        return {"office": UNREAD, "start": "1990-01-01", "end": "2100-12-31"}
    return {"office": found.office or UNREAD, "year": found.year or stem}


def _misplaced(tray: Tray, file: str) -> None:
    place = right_place(file)
    tray.meant.add(place)
    hint = f"是不是应为 {place}？" if place else "请移到别处，或改成应有的名称"
    tray.tell(file, "这里不该有这个文件，没有读", hint)


def required(tray: Tray) -> None:
    """The site's own files that must be there."""
    for shelf, file in REQUIRED.items():
        _require(tray, shelf, file)


def needed(tray: Tray, offices: Iterable[Office]) -> None:
    """Files that each of these offices must have that asks for anything."""
    asking = {office for office, _ in tray.all(OfficeYear)}
    asking |= {programme.office for _, programme in tray.all(Programme)}
    for office in offices:
        if office.id in asking:
            for shelf in (f"departments/{office.id}", f"contacts/{office.id}"):
                _require(tray, shelf, f"config/{shelf}.yaml")


def _require(tray: Tray, shelf: str, file: str) -> None:
    if shelf not in tray.shelves:
        tray.whole.add(shelf)
        if file not in tray.meant:
            tray.tell(file, "缺少这个文件", "请照样例新建")


# --- what they make ---


def common_of(tray: Tray) -> Common:
    return Common(
        activities=tuple(one for _, file in tray.all(ActivitiesFile) for one in file.activities),
        workdays=tuple(year for _, year in tray.all(WorkYear)),
        ladders=tuple(one for _, file in tray.all(LaddersFile) for one in file.ladders),
        sets=tuple(one for _, file in tray.all(SetsFile) for one in file.sets),
        announcements=tuple(
            one for _, file in tray.all(AnnouncementsFile) for one in file.announcements
        ),
        scoring=next((rules for _, rules in tray.all(Scoring)), Scoring()),
    )


def offices_of(tray: Tray) -> list[Office]:
    return [office for _, file in tray.all(OfficesFile) for office in file.offices]


def branches_of(tray: Tray, offices: Iterable[Office]) -> Iterator[Branch]:
    """A branch an office; of two with the same id the first one gets the files."""
    departments: dict[str, list[Department]] = defaultdict(list)
    contacts: dict[str, list[Contact]] = defaultdict(list)
    years: dict[str, list[OfficeYear]] = defaultdict(list)
    programmes: dict[str, list[Programme]] = defaultdict(list)
    transfers: dict[str, list[Transfer]] = defaultdict(list)
    for id, members in tray.all(DepartmentsFile):
        departments[id] += members.departments
    for id, people in tray.all(ContactsFile):
        contacts[id] += people.contacts
    for id, year in tray.all(OfficeYear):
        years[id].append(year)
    for _, programme in tray.all(Programme):
        programmes[programme.office].append(programme)
    for id, file in tray.all(TransfersFile):
        transfers[id] += file.transfers
    for office in offices:
        yield Branch(
            office=office,
            departments=tuple(departments.pop(office.id, ())),
            contacts=tuple(contacts.pop(office.id, ())),
            years=tuple(years.pop(office.id, ())),
            programmes=tuple(programmes.pop(office.id, ())),
            transfers=tuple(transfers.pop(office.id, ())),
        )


def strangers(tray: Tray, offices: Collection[str], unread: Unread) -> None:
    """Files of an office that is not there, and files that name another office than their path."""
    for found, entry in tray.entries:
        named = str(getattr(entry, "office", "")) if "office" in type(entry).model_fields else ""
        office = found.office or named
        if office and office not in offices and not unread.excuses("offices", office):
            near = nearest(office, offices)
            hint = f"是不是“{near}”？" if near else "请在 config/offices.yaml 里补上"
            tray.tell(entry.place.file, f"没有纲要办“{office}”", hint, "office")
        elif isinstance(entry, DepartmentsFile | ContactsFile) and named != office:
            message = f"这是“{office}”的文件，office 却写“{named}”"
            tray.tell(entry.place.file, message, "请改成一样的", "office")


# --- the faults ---


def told(tray: Tray) -> tuple[Fault, ...]:
    """All faults, each once, by file and line, fit to be printed."""
    lined = {replace(fault, line=_line(tray, fault)): None for fault in tray.faults}
    ordered = sorted(lined, key=lambda fault: (fault.place.file, fault.line))
    return tuple(
        replace(fault, message=_short(fault.message), hint=_short(fault.hint)) for fault in ordered
    )


def _line(tray: Tray, fault: Fault) -> int:
    sheet = tray.sheets.get(fault.place.file)
    return fault.line or (sheet.line(fault.place.path) if sheet else 0)


def _short(text: str) -> str:
    return shown(text if len(text) <= 300 else f"{text[:300]}…")
