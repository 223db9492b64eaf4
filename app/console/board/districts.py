"""The districts below a city: their lamps and rates, counted at most once a minute: they are many rows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from app.console.lights import light_of
from app.console.visit import Visit
from duban.office import Office
from duban.punctual import Month, together
from duban.tally import Tally
from state import board
from state.items import Light
from state.punctual import by_month

FRESH = timedelta(minutes=1)
MOST = 200
"""What is kept of cities and years; beyond that everything is counted anew."""


@dataclass(frozen=True, slots=True)
class Counted:
    at: datetime
    tallies: dict[str, Tally]
    rates: dict[str, Month]


@dataclass(frozen=True, slots=True)
class District:
    office: Office
    tally: Tally
    rate: Month
    enters: bool
    """Whether the visitor may look at its own board."""


_kept: dict[tuple[str, str, int | None], Counted] = {}
_lock = Lock()


def districts(visit: Visit, year: int | None) -> list[District]:
    """The worst first; none for an office without any below it."""
    below = visit.site.desks(visit.stamp).below.get(visit.office)
    if not below:
        return []
    counted = _counted(visit, below, year)
    found = [
        District(office, counted.tallies[id], counted.rates[id], visit.account.enters(id))
        for id, office in below.items()
        if id in counted.tallies
    ]
    return sorted(found, key=lambda one: (*one.tally.worst, one.office.short))


def _counted(visit: Visit, below: dict[str, Office], year: int | None) -> Counted:
    key = (visit.site.settings.database_url, visit.office, year)
    with _lock:
        known = _kept.get(key)
        if known is None or not known.at <= visit.at < known.at + FRESH:
            if len(_kept) >= MOST:
                _kept.clear()
            known = _kept[key] = _count(visit, below, year)
    return known


def _count(visit: Visit, below: dict[str, Office], year: int | None) -> Counted:
    lights = {id: _light(visit, office) for id, office in below.items()}
    with visit.site.database.reading() as connection:
        tallies = board.by_office(connection, lights, year)
        months = by_month(connection, list(below), visit.today)
    return Counted(visit.at, tallies, {id: together(some) for id, some in months.items()})


def _light(visit: Visit, office: Office) -> Light:
    """The city's day: its districts lie in its zone."""
    return light_of(office, visit.desk.workdays, visit.today)
