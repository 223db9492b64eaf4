"""Watching the tick: when it last came to its end, against its timetable."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from adapters.timetable import Job
from app.wakeups import fires
from duban.trouble import Trouble
from duban.watchdog import Alarm, Call, late
from flows.premises import Site
from state import backlog, pulses
from state.backlog import Holder
from state.queue import FAR

log = structlog.get_logger()
ASTRAY = timedelta(minutes=1)
"""A pulse that lies further ahead than this was written by a clock that was set back since."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """How the tick stands."""

    last: datetime | None
    """When it last came to its end; None: never."""
    missed: datetime | None = None
    """The first moment of the timetable that it has not answered for five minutes."""
    sending: bool = False
    """It has not ended, but somebody is handing letters over, within the time that this may take."""

    @property
    def late(self) -> bool:
        return self.missed is not None and not self.sending

    def astray(self, at: datetime) -> bool:
        return self.last is not None and self.last > at + ASTRAY


def feel(site: Site, jobs: Sequence[Job], at: datetime, since: datetime | None = None) -> Pulse:
    """`since`: nothing is missed that was due before. Raises Trouble."""
    with site.database.reading() as connection:
        last = pulses.ticked(connection)
        held = backlog.holders(connection)
    missed = _missed(jobs, last, at, since)
    sending = missed is not None and len(abandoned(site, held, at)) < len(held)
    return Pulse(last, missed, sending)


def _missed(
    jobs: Sequence[Job], last: datetime | None, at: datetime, since: datetime | None
) -> datetime | None:
    known = [moment for moment in (last, since) if moment and moment <= at + ASTRAY]
    if not known:
        return None
    begin = max(known)
    return late(begin, fires([job for job in jobs if job.flow == pulses.TICK], begin), at)


def abandoned(site: Site, held: Collection[Holder], at: datetime) -> list[Holder]:
    """Senders that died, or took longer than they may, with letters in their hands; also those whose
    leases a clock gave that was far ahead."""
    dead = site.place.dead([one.owner for one in held])
    return [one for one in held if one.owner in dead or not at <= one.lease_until <= at + FAR]


class Watch:
    """The watchdog of a running service. Raises nothing: what it finds is logged."""

    def __init__(self, site: Site, jobs: Sequence[Job], at: datetime) -> None:
        self._site, self._jobs = site, jobs
        self._since = at
        self._last: datetime | None = None
        self._alarm = Alarm()

    def begin_anew(self, at: datetime) -> None:
        """The clock was set: what was due before this moment is not counted as missed."""
        self._since = at

    def look(self, at: datetime) -> None:
        pulse, reason = self._pulse(at)
        call = self._alarm.hear(pulse.late, at)
        if call is Call.ALARM:
            log.error("no tick", since=_text(pulse.missed), last=_text(pulse.last), reason=reason)
        elif call is Call.RECOVERED:
            log.info("recovered", last=_text(pulse.last))

    def _pulse(self, at: datetime) -> tuple[Pulse, str]:
        """Where the database cannot be asked, by what was known last; and why it cannot."""
        try:
            pulse = feel(self._site, self._jobs, at, self._since)
        except Trouble as trouble:
            missed = _missed(self._jobs, self._last, at, self._since)
            return Pulse(self._last, missed), str(trouble)
        self._last = pulse.last
        return pulse, ""


def _text(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""
