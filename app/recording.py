"""One more record of the calendar: planned upon what is in force, then written into its file and applied.

What else was changed in the files meanwhile, and is not applied yet, is left to whoever changed it.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters import announcements, transfers
from adapters.sitefiles import source_texts
from app import editing
from app.announcing import holds
from app.diffs import as_json
from app.manyoffices import large
from duban.announcement import Announcement
from duban.book import Book, Branch
from duban.check import check
from duban.transfer import Transfer
from duban.trouble import Trouble
from flows import applying, inforce
from flows.applying import Planned
from flows.premises import Site
from state import applied, sources
from state.assignments import Conflict


class Unsound(Trouble):
    """With the record the calendar would have faults; the message says which."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What a record would do. `grow`: its file's text with the record behind the others."""

    file: str
    grow: Callable[[str], str]
    book: Book
    planned: list[Planned]

    @property
    def mark(self) -> str:
        """Another one when it would do something else."""
        letters = [letter.key for one in self.planned for letter in one.letters]
        said = json.dumps([as_json(self.planned), letters], default=str)
        return hashlib.sha256(said.encode()).hexdigest()


def announcing(site: Site, office: str, record: Announcement, at: datetime) -> Recording:
    """As `office` sees it; a record of one office only is planned for that one. Raises Unsound, Conflict,
    app.announcing.Overtaken."""
    many = large(site.settings.home)
    if many and record.office is None:
        raise Unsound(
            "纲要办太多，这里只能记录本办的日期；大家共用的日期请管理员用 duban announce 记录"
        )
    stamp, book = _in_force(
        site, office, whole=not many and (record.office is None or _related(site, office))
    )
    holds(book, record)
    common = book.common.model_copy(update={"announcements": (*book.common.announcements, record)})
    after = book.model_copy(update={"common": common})
    return _recording(
        site,
        stamp,
        office,
        (book, after),
        announcements.FILE,
        lambda text: announcements.announced(text, record),
        at,
        record.office,
    )


def transferring(site: Site, office: str, record: Transfer, at: datetime) -> Recording:
    """Raises Unsound, Conflict."""
    many = large(site.settings.home)
    stamp, book = _in_force(site, office, whole=not many and _related(site, office))
    branches = tuple(
        one.model_copy(update={"transfers": (*one.transfers, record)})
        if one.office.id == office
        else one
        for one in book.branches
    )
    after = book.model_copy(update={"branches": branches})
    return _recording(
        site,
        stamp,
        office,
        (book, after),
        transfers.file_of(office),
        lambda text: transfers.passed_on(office, text, record),
        at,
        office,
    )


def commit(
    site: Site,
    recording: Recording,
    *,
    at: datetime,
    actor: str,
    via: str,
    first: Callable[[Any], None] | None = None,
) -> None:
    """Write the record and apply it: both or neither. `first`: see flows.applying.apply.

    Raises Conflict, and what cannot be written.
    """
    home = site.settings.home
    with editing.turn(home):
        text = recording.grow(editing.current(home, recording.file))
        files, changed = _sources(site, recording)
        with editing.written(home, {recording.file: text}):
            applying.apply(
                site,
                recording.book,
                recording.planned,
                at,
                actor,
                files,
                via,
                first,
                changed=changed,
            )


def _related(site: Site, office: str) -> bool:
    """Whether other offices' agendas follow from this one's."""
    desk = site.desk(office)[0]
    return bool(desk.below or desk.above)


def _in_force(site: Site, office: str, *, whole: bool) -> tuple[str, Book]:
    """The stamp of the calendar in force, and the calendar: all of it, or what that office has of it."""
    desks = site.desks()
    if not whole:
        return desks.stamp, desks[office][0].book
    with site.database.reading() as connection:
        stamp, book = applied.stamp(connection), applied.load(connection)
    assert book is not None
    return stamp, book


def _recording(
    site: Site,
    stamp: str,
    office: str,
    books: tuple[Book, Book],
    file: str,
    grow: Callable[[str], str],
    at: datetime,
    only: str | None,
) -> Recording:
    """`only`: the office that the record is of; None: of all."""
    before, after = books
    faults = _faults(_alone(after, office)) - _faults(_alone(before, office))
    if faults:
        raise Unsound("\n".join(sorted(faults)))
    if large(site.settings.home):
        planned = inforce.planned(site, after, at)
    else:
        planned = applying.plan(site, after, at, only and {only})
    if any(one.stamp != stamp for one in planned):
        raise Conflict("日历刚刚被别人应用过，请重新打开再试")
    return Recording(file, grow, after, planned)


def _alone(book: Book, office: str) -> Book:
    branch: Branch | None = book.branch(office)
    return book.model_copy(update={"branches": (branch,) if branch else ()})


def _faults(book: Book) -> set[str]:
    return {fault.message + (f"（{fault.hint}）" if fault.hint else "") for fault in check(book)}


def _sources(
    site: Site, recording: Recording
) -> tuple[dict[str, str] | None, list[tuple[str, bytes | None]] | None]:
    """The files that the calendar will have come from: those of the one in force, with the record. All of
    them where none were kept, else the one that is another."""
    file = recording.file
    with site.database.reading() as connection:
        known = sources.text(connection, file)
    if known is not None:
        return None, [(file, recording.grow(known).encode())]
    found = source_texts(site.settings.home)
    return {**found, file: recording.grow(found.get(file, ""))}, None
