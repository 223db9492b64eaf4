"""The almanac: what all offices share, looked up by name. Made once for all desks of a book."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

from duban.activity import Activity, KnownDate, Occurrence
from duban.announcement import Announcement
from duban.book import Common
from duban.ladder import Ladder
from duban.occurrences import occurrence, stage_days
from duban.step import StepSet


class Almanac:
    """`as_of`: as the world was known on that day; None: all that is known."""

    def __init__(self, common: Common, as_of: date | None = None) -> None:
        self.common, self.as_of = common, as_of
        self._occurrences: dict[tuple[str, int], tuple[Activity, Occurrence | None]] = {}

    def activity(self, name: str) -> Activity | None:
        """By id, name or alias; None when the book does not know it."""
        return self._activities.get(name)

    @cached_property
    def _activities(self) -> dict[str, Activity]:
        every = self.common.activities
        index = {name: one for one in reversed(every) for name in reversed(one.names)}
        return index | {one.id: one for one in every}

    @cached_property
    def ladders(self) -> Mapping[str, Ladder]:
        return {one.id: one for one in self.common.ladders}

    @cached_property
    def sets(self) -> Mapping[str, StepSet]:
        return {one.id: one for one in self.common.sets}

    def occurrence(
        self, activity: Activity, year: int, office: str, local: KnownDate | None = None
    ) -> Occurrence | None:
        """The activity's days in `year` as that office knows them. What all know alike is computed once."""
        if local is not None or office in self._apart:
            return self._occurrence(activity, year, office, local)
        known = self._occurrences.get((activity.id, year))
        if known is None or known[0] is not activity:
            found = self._occurrence(activity, year, office, None)
            known = self._occurrences[activity.id, year] = activity, found
        return known[1]

    def _occurrence(
        self, activity: Activity, year: int, office: str, local: KnownDate | None
    ) -> Occurrence | None:
        said = _Said(self, office)
        return occurrence(activity, year, self.activity, local, said, self.as_of)

    def stages(self, activity: Activity, year: int, office: str) -> dict[str, Occurrence]:
        """The days of each stage of the activity, by its id."""
        if not activity.stages:
            return {}
        return stage_days(activity, year, self.activity, _Said(self, office), self.as_of)

    def announcements(self, activity: str, year: int) -> Sequence[Announcement]:
        """By the activity's id, in the order of recording."""
        return self._announcements.get((activity, year), ())

    @cached_property
    def _announcements(self) -> dict[tuple[str, int], list[Announcement]]:
        found: dict[tuple[str, int], list[Announcement]] = {}
        for one in sorted(self.common.announcements, key=lambda one: one.recorded_at):
            if activity := self.activity(one.activity):
                found.setdefault((activity.id, one.year), []).append(one)
        return found

    @cached_property
    def _apart(self) -> frozenset[str | None]:
        """Offices that have announcements of their own."""
        return frozenset(one.office for one in self.common.announcements)


class _Said:
    """The announcements that hold for one office."""

    def __init__(self, almanac: Almanac, office: str) -> None:
        self._almanac, self._office = almanac, office

    def __call__(self, activity: Activity, year: int) -> Sequence[Announcement]:
        every = self._almanac.announcements(activity.id, year)
        return [one for one in every if one.office in (None, self._office)]
