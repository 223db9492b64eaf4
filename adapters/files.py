"""A site's files as one book, with every fault found: config/ and calendar/."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from adapters.sitefiles import drafted
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
from duban.book import Book
from duban.check import check
from duban.fault import Fault


@dataclass(frozen=True, slots=True)
class Reading:
    """What the files gave. `book` is None as long as there is a fault."""

    book: Book | None
    faults: tuple[Fault, ...]


def read_site(root: Path, drafts: Mapping[str, str | None] | None = None) -> Reading:
    """Read and check config/ and calendar/ below `root`. Never raises: all is told as faults.

    `drafts`: what some files would hold (None: that they were gone), by their paths below `root`.
    """
    tray = Tray()
    for path, file, draft in drafted(root, drafts or {}):
        read(tray, path, file, draft)
    offices = offices_of(tray)
    required(tray)
    needed(tray, offices)
    strangers(tray, {office.id for office in offices}, tray.unread())
    book = Book(common=common_of(tray), branches=tuple(branches_of(tray, offices)))
    tray.faults += check(book, tray.unread())
    faults = told(tray)
    return Reading(None if faults else book, faults)
