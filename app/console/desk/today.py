"""Today: what needs the secretariat, and whether the service does its work."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from starlette.responses import Response

from adapters.settings import SettingsFault
from adapters.timetable import FILE, Job, read_timetable
from app.console.lights import light
from app.console.visit import Visit
from app.watching import feel
from duban.assignment import Assignment
from duban.lamp import Lamp, late_by
from duban.letter import Receipt
from duban.receipt import unheard
from duban.request import Request
from duban.tally import LAMPS, Tally
from duban.vacancy import Vacancy, vacancies
from flows.premises import local
from flows.receipts import untold
from state import inbox, requests, servers
from state.inbox import Report, Undelivered
from state.servers import Server
from state.standing import Standing

FEW = 5
"""Rows of each block; the rest is a link away."""
LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Inbox:
    """What waits: of each the number and the first ones."""

    reports: int
    first_reports: list[Report]
    requests: int
    first_requests: list[Request]
    about: dict[int, Assignment]
    """The items of the requests."""
    dates: int
    first_dates: list[Assignment]
    failed: int
    first_failed: list[Undelivered]
    stopped: list[Server]
    """Mail servers that wait for a person."""
    lamps: Tally
    sent: dict[Standing, int]
    vacant: tuple[Vacancy, ...]
    """Whom the ladder cannot reach."""

    @property
    def waiting(self) -> int:
        counted = self.reports + self.requests + self.dates + self.failed
        return counted + len(self.stopped) + len(self.vacant)


@dataclass(frozen=True, slots=True)
class Service:
    """Whether the tick came to its end when the timetable wanted it."""

    last: datetime | None = None
    """On the office's wall clock."""
    missed: datetime | None = None
    fault: str = ""
    """Why that cannot be told."""


def show(visit: Visit) -> Response:
    found = _find(visit)
    return visit.page(
        "desk/today.html",
        inbox=found,
        lamps=LAMPS,
        Lamp=Lamp,
        Standing=Standing,
        service=_service(visit),
        days={one.row: late_by(one, visit.today, visit.desk.workdays) for one in found.first_dates},
        few=FEW,
        unheard=_unheard(visit),
    )


def _unheard(visit: Visit) -> list[Receipt]:
    """What was done through links of departments where nobody is registered who could be told."""
    with visit.site.database.reading() as connection:
        return unheard(visit.desk, visit.today, untold(connection, visit.desk, visit.at))


def _find(visit: Visit) -> Inbox:
    """What there is none of is not asked for."""
    scope, day = visit.scope, visit.today
    since = day - LATELY
    with visit.site.database.reading() as connection:
        lamps = inbox.standing(connection, scope, light(visit.desk, day))
        waits = inbox.waiting(connection, scope, day, since)
        asked = list(requests.open_ones(connection, scope, FEW)) if waits.requests else []
        return Inbox(
            waits.reports,
            inbox.reports(connection, scope, most=FEW) if waits.reports else [],
            waits.requests,
            asked,
            inbox.of_rows(connection, scope, [one.row for one in asked]) if asked else {},
            waits.dates,
            inbox.dates(connection, scope, day, most=FEW) if waits.dates else [],
            waits.failed,
            inbox.undelivered(connection, scope, since, FEW) if waits.failed else [],
            [one for one in servers.known(connection) if one.stopped_at],
            lamps,
            inbox.sent_on(connection, scope, day),
            vacancies(visit.desk, inbox.chased(connection, scope, day), day),
        )


def _service(visit: Visit) -> Service:
    home = visit.site.settings.home
    try:
        jobs = _jobs(home, (home / FILE).stat().st_mtime_ns)
    except (OSError, SettingsFault):
        return Service(fault=f"读不了时刻表 {FILE}，不知道督办服务是否按时运行；请联系系统管理员")
    pulse = feel(visit.site, jobs, visit.at)
    clock = visit.desk.office
    return Service(
        local(clock, pulse.last) if pulse.last else None,
        local(clock, pulse.missed) if pulse.missed and pulse.late else None,
    )


@lru_cache(maxsize=8)
def _jobs(home: Path, written: int) -> tuple[Job, ...]:  # noqa: ARG001
    """`written`: when the file was; it is read again after a change. Raises SettingsFault."""
    return read_timetable(home).jobs
