"""What the checks look at: one site at one moment, everything read when the first check asks for it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from adapters.files import Reading, read_site
from adapters.settings import Settings, load_settings
from adapters.timetable import Job, read_timetable
from app.place import ZONE
from duban.desk import Desk
from duban.office import Office
from duban.trouble import Trouble
from flows.premises import Site
from state import health, migrate


@dataclass
class Ground:
    folder: Path
    at: datetime
    patience: float = 3.0
    """Seconds that the database may take."""
    mail_patience: float = 10.0
    """Seconds that the mail server may take."""

    @cached_property
    def settings(self) -> Settings:
        """Raises SettingsFault."""
        return load_settings(self.folder)

    @cached_property
    def site(self) -> Site:
        """Raises SettingsFault."""
        return Site(self.settings, patience=self.patience)

    @cached_property
    def files(self) -> Reading:
        return read_site(self.folder)

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        """Raises SettingsFault."""
        from app.timetable import check_jobs

        return check_jobs(read_timetable(self.folder).jobs)

    @cached_property
    def settled(self) -> bool:
        """Whether the settings can be read."""
        return _works(lambda: self.settings)

    @cached_property
    def usable(self) -> bool:
        """Whether the database can be asked. It is not made where there is none."""
        if not self.settled or not health.exists(self.settings.database_url):
            return False
        return _works(lambda: migrate.behind(self.site.database)) and not self.behind

    @cached_property
    def behind(self) -> bool:
        """Whether its tables are another version's. Raises DatabaseFault."""
        return migrate.behind(self.site.database)

    @cached_property
    def offices(self) -> tuple[Office, ...]:
        """Of the applied calendar; none where there is none, or no database."""
        if self.usable:
            with suppress(Trouble):
                return tuple(self.site.desks().offices.values())
        return ()

    @property
    def desk(self) -> Desk | None:
        """Of one of the offices, for what they share."""
        return self.site.desk(self.offices[0].id)[0] if self.offices else None

    @property
    def zones(self) -> tuple[str, ...]:
        """Of the offices, each once."""
        return tuple(dict.fromkeys(office.zone for office in self.offices)) or (ZONE,)

    def close(self) -> None:
        """Nothing can be asked afterwards."""
        if "site" in self.__dict__ and "database" in self.site.__dict__:
            self.site.database.close()


def _works(ask: Callable[[], Any]) -> bool:
    try:
        ask()
    except Trouble:
        return False
    return True
