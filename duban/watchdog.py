"""The watchdog: whether the tick is late, and when to say so. docs/promise.md, rule 10."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

GRACE = timedelta(minutes=5)
"""From the moment at which the timetable should have woken the tick."""
AGAIN = timedelta(hours=1)
"""Between two alarms about the same trouble."""


def answered(pulses: Mapping[str, datetime]) -> datetime | None:
    """When all offices were last ticked, by the pulses of whole ticks (`""`) and of parts (`2/8`).

    Of a cut that has a pulse of every part the oldest counts; of several cuts, for somebody changed
    their number, the one that was last complete. None: never.
    """
    cuts: dict[str, list[datetime]] = {}
    for part, at in pulses.items():
        cuts.setdefault(part.partition("/")[2] or "1", []).append(at)
    return max((min(of) for cut, of in cuts.items() if len(of) == int(cut)), default=None)


def late(last: datetime, fires: Iterable[datetime], at: datetime) -> datetime | None:
    """Since when the tick is late at `at`; None: it is not.

    `last`: when it last came to its end. `fires`: the timetable's moments in their order, those up to
    `last` are passed over; no more are taken than are needed, so that they may be endless.
    """
    # Two instants of one zone are compared by their wall clocks, wrongly where these are changed.
    last, at = last.astimezone(UTC), at.astimezone(UTC)
    for fire in fires:
        moment = fire.astimezone(UTC)
        if moment > last:
            return moment if at - moment >= GRACE else None
    return None


class Call(Enum):
    """What is to be said."""

    ALARM = "alarm"
    RECOVERED = "recovered"


@dataclass(slots=True)
class Alarm:
    """Once when the trouble begins, again every hour while it lasts, and once when it is over."""

    said: datetime | None = None

    def hear(self, trouble: bool, at: datetime) -> Call | None:
        """`at` may be earlier than the last time: somebody may have set the clock back."""
        if not trouble:
            over, self.said = self.said is not None, None
            return Call.RECOVERED if over else None
        if self.said is not None and timedelta(0) <= at - self.said < AGAIN:
            return None
        self.said = at
        return Call.ALARM
