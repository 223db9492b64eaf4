"""The site that a flow works on: settings, database, templates, and the applied calendar."""

import os
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog

from adapters import clock
from adapters.home import find_home
from adapters.providers import Providers, read_providers
from adapters.seatfile import Place
from adapters.secret import Secret, read_secret
from adapters.settings import Settings, SettingsFault, load_settings
from adapters.timetable import read_timetable
from duban.agenda import Agenda
from duban.book import COMMON
from duban.desk import Desk
from duban.digest import USUAL, Times
from duban.office import Office
from duban.roster import at_work
from duban.trouble import Trouble
from flows.desks import Desks
from state import applied, wordings
from state.database import Database
from state.engine import PATIENCE

if TYPE_CHECKING:
    from adapters.letters import Letters
    from adapters.server import Server

log = structlog.get_logger()
REPOSITORY = Path(__file__).resolve().parent.parent


class NothingApplied(Trouble):
    """No calendar was applied yet; the message says what to do, in Chinese."""


@dataclass
class Site:
    """One installation. Desks and agendas are computed once for each applied calendar (flows/desks.py)."""

    settings: Settings
    now: Callable[[], datetime] = clock.now
    server: "Server | None" = None
    """Where mail goes; None: the server of the settings."""
    patience: float = PATIENCE
    """Seconds to wait for the database."""
    _desks: Desks | None = None
    _letters: "tuple[int, Letters] | None" = None
    """With the stamp of the edited templates that they were made from."""

    @cached_property
    def database(self) -> Database:
        return Database(self.settings.database_url, self.patience)

    @cached_property
    def place(self) -> Place:
        return Place(
            self.settings.path(self.settings.seats), self.settings.home, self.settings.database_url
        )

    @cached_property
    def providers(self) -> Providers:
        return read_providers(self.settings.home)

    @property
    def letters(self) -> "Letters":
        """With the newest templates. Asks the database: take it once for many letters."""
        with self.database.reading() as connection:
            stamp = wordings.stamp(connection)
            if self._letters is not None and self._letters[0] == stamp:
                return self._letters[1]
            sources = wordings.sources(connection)
        made = self._written(sources)
        self._letters = (stamp, made)
        return made

    def _written(self, sources: Mapping[str, str]) -> "Letters":
        from adapters.letters import Letters
        from adapters.worded import Worded

        folder = self.settings.path("templates/letters")
        return Worded(folder, sources) if sources else Letters(folder)

    @cached_property
    def times(self) -> Times:
        """When digests are owed. A timetable that cannot be read must not keep the mail waiting: then
        the usual times hold, and the log says so."""
        try:
            return read_timetable(self.settings.home).digests
        except SettingsFault as fault:
            log.error("usual times of digests", reason=str(fault))
            return USUAL

    @cached_property
    def secret(self) -> Secret:
        """What links are signed with. Raises NoSecret."""
        console = self.settings.console
        given = console.secret.get_secret_value() if console.secret else None
        return read_secret(self.settings.path(console.secret_file), given)

    @property
    def known(self) -> Desks:
        """As `desks` last gave them."""
        return self._desks or self.desks()

    def desks(self, stamp: str = "") -> Desks:
        """By office id. `stamp`: of the applied calendar, where it was asked for just now
        (state.applied.stamp). Raises NothingApplied."""
        if stamp and self._desks is not None and self._desks.stamp == stamp:
            return self._desks
        with self.database.reading() as connection:
            stamp = applied.stamp(connection)
            if self._desks is not None and self._desks.stamp == stamp:
                return self._desks
            rows = applied.newest(connection)
        if COMMON not in rows:
            raise NothingApplied("还没有应用过日历，请先运行 duban apply")
        self._desks = made = Desks(self.database, stamp, rows, self._desks)
        return made

    def desk(self, office: str) -> tuple[Desk, Agenda]:
        return self.desks()[office]


def local(office: Office, at: datetime) -> datetime:
    """The instant on the office's wall clock."""
    return at.astimezone(ZoneInfo(office.zone))


def today(office: Office, at: datetime) -> date:
    return local(office, at).date()


def in_hours(desk: Desk, at: datetime) -> bool:
    """Whether it is a working day of the office, between its hour and its closing."""
    office = desk.office
    return at_work(office.zone, office.hour, office.closes, desk.workdays, at)


_current: ContextVar[Site | None] = ContextVar("site", default=None)


def use(site: Site) -> None:
    """Let the flows of this context work on `site`."""
    _current.set(site)


def current() -> Site:
    """The site in use. A run of Prefect's was told none: its worker says where it is (`duban worker`)."""
    site = _current.get()
    if site is None:
        start = Path(os.environ.get("DUBAN_HOME") or Path.cwd())
        site = Site(load_settings(find_home(start, REPOSITORY)))
        use(site)
    return site
