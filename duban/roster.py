"""The roster: which offices are at work, told of all at once from what they are."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from duban.office import Office
from duban.workdays import WorkCalendar

Hours = tuple[str, time, time]
"""Zone, hour, close of work."""


def at_work(zone: str, hour: time, closes: time, workdays: WorkCalendar, at: datetime) -> bool:
    """Whether it is a working day there, between the hour and the close of work."""
    clock = at.astimezone(ZoneInfo(zone))
    return hour <= clock.time() < closes and workdays.working(clock.date())


class Roster:
    """Most offices keep the same hours, so that they are looked at by hours, not one by one."""

    def __init__(self, offices: Mapping[str, Office], workdays: WorkCalendar) -> None:
        self._workdays = workdays
        self._by_hours: dict[Hours, list[str]] = {}
        self._zones = {id: office.zone for id, office in offices.items()}
        for id, office in offices.items():
            hours = (office.zone, office.hour, office.closes)
            self._by_hours.setdefault(hours, []).append(id)

    def at_work(self, at: datetime) -> frozenset[str] | None:
        """Their ids; None: all of them."""
        open_ones = [hours for hours in self._by_hours if at_work(*hours, self._workdays, at)]
        if len(open_ones) == len(self._by_hours):
            return None
        return frozenset(id for hours in open_ones for id in self._by_hours[hours])

    def today(self, ids: Iterable[str], at: datetime) -> dict[str, date]:
        """What day it is there."""
        days = {zone: at.astimezone(ZoneInfo(zone)).date() for zone in set(self._zones.values())}
        return {id: days[self._zones[id]] for id in ids}
