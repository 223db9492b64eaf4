"""The book that a command works on, and the site behind it."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.out import error
from duban.agenda import Agenda
from duban.book import Book, Common
from duban.desk import Desk
from duban.fault import Fault
from duban.trouble import Trouble
from flows.premises import Site, use

if TYPE_CHECKING:
    from adapters.files import Reading


class Faulty(Trouble):
    """The files have faults; nothing was changed."""

    exit_code = 1


def read_book(folder: Path) -> Book:
    """The files as a book. Prints every fault and raises Faulty when there is one."""
    from adapters.files import read_site

    return faultless(read_site(folder))


def read_common(folder: Path) -> Common:
    """What all offices share, of the files. Prints every fault and raises Faulty when there is one; where
    there are very many offices, only of those that they share."""
    from adapters.branches import read_shared
    from adapters.files import Reading
    from app.manyoffices import large

    if not large(folder):
        return read_book(folder).common
    shared = read_shared(folder)
    return faultless(
        Reading(None if shared.faults else Book(common=shared.common), shared.faults)
    ).common


def faultless(reading: "Reading") -> Book:
    """The book that was read. Prints every fault and raises Faulty when there is one."""
    if reading.book is None:
        for fault in reading.faults:
            error(str(fault))
        raise Faulty(f"共 {len(reading.faults)} 处错误，请改正后再试；现有的数据没有任何变化。")
    return reading.book


def every_fault(folder: Path, read: Iterable[Fault]) -> list[Fault]:
    """In all the files that people write; `read`: those of config/ and calendar/ that make the book."""
    from adapters.providers import check_providers
    from adapters.timetable import check_timetable

    return [*read, *check_timetable(folder)[1], *check_providers(folder)[1]]


def open_site(folder: Path) -> Site:
    """The site at `folder`, with its database made when there is none. Raises Trouble."""
    site = look_at(folder)
    prepare(site)
    return site


def look_at(folder: Path) -> Site:
    """The site at `folder` as it is; nothing is made. Raises Trouble."""
    from adapters.settings import load_settings

    log_aside()
    site = Site(load_settings(folder))
    use(site)
    return site


def log_aside() -> None:
    """What is logged goes to stderr, so that `--json` leaves nothing but JSON on stdout. Tracebacks without
    the values of variables: among them are keys, cookies and links."""
    import structlog
    from structlog.dev import ConsoleRenderer, plain_traceback

    written = ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain_traceback)
    structlog.configure(
        processors=[
            written if isinstance(one, ConsoleRenderer) else one
            for one in structlog.get_config()["processors"]
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


@contextmanager
def quietly() -> Iterator[None]:
    """Only warnings and worse are logged meanwhile: a rehearsal says itself what it does."""
    import logging

    import structlog

    before = structlog.get_config()
    log_aside()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    try:
        yield
    finally:
        structlog.configure(**before)


def prepare(site: Site) -> None:
    """Make the tables of a new database; an old one is left to `duban migrate`."""
    if site.database.empty():
        from state.migrate import migrate

        migrate(site.database)


class NoOffice(Trouble):
    """No office has that id."""

    exit_code = 2


def offices(site: Site, *wanted: str | None) -> list[tuple[Desk, Agenda]]:
    """The desks of those offices, of all when none is named. Raises NoOffice, NothingApplied."""
    every = site.desks()
    return [every[id] for id in known(site, wanted) or every]


def known(site: Site, wanted: Iterable[str | None]) -> list[str]:
    """The ids that are named. Raises NoOffice, NothingApplied."""
    every = site.desks()
    named = [id for id in wanted if id is not None]
    for id in named:
        if id not in every:
            raise NoOffice(f"没有纲要办“{id}”，可写：{'、'.join(every)}")
    return named
