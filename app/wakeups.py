"""When the timetable wakes a flow: APScheduler's reading of the cron lines."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from apscheduler.triggers.cron import CronTrigger

from adapters.settings import SettingsFault
from adapters.timetable import Job


def trigger(job: Job) -> CronTrigger:
    """Raises SettingsFault when the line cannot be read, or never comes true."""
    try:
        made = CronTrigger.from_crontab(job.cron, timezone=job.zone)
    except (ValueError, LookupError) as fault:
        raise SettingsFault(f"config/timetable.yaml：{job.flow} 的时刻写得不对：{fault}") from None
    if made.get_next_fire_time(None, EPOCH) is None:
        raise SettingsFault(f"config/timetable.yaml：{job.flow} 的时刻 {job.cron} 永远不会到")
    return made


EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def fires(jobs: Iterable[Job], after: datetime) -> Iterator[datetime]:
    """The moments after `after` at which one of `jobs` wakes up, in their order, in UTC; without end.

    Raises SettingsFault at once.
    """
    return heapq.merge(*[_moments(trigger(job), after) for job in jobs])


def _moments(when: CronTrigger, after: datetime) -> Iterator[datetime]:
    moment = when.get_next_fire_time(None, after)
    while moment is not None:
        if moment.astimezone(UTC) > after:
            yield moment.astimezone(UTC)
        moment = when.get_next_fire_time(moment, moment)
