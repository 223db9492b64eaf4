"""The embedded driver: APScheduler wakes the flows' own functions. It keeps nothing: a job that was
missed asks "what is due?" when it runs next, and the database answers."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from adapters.settings import SettingsFault
from adapters.timetable import Job, read_timetable
from app.reading import open_site
from duban.trouble import Trouble
from flows.bounces import bounces
from flows.premises import use
from flows.tick import tick

log = structlog.get_logger()


class Done(Protocol):
    """What a flow returns."""

    @property
    def figures(self) -> Mapping[str, Any]:
        """For the log."""


FLOWS: dict[str, Callable[[], Awaitable[Done]]] = {"tick": tick, "bounces": bounces}


async def keep(folder: Path, *, stop: asyncio.Event | None = None) -> None:
    """Run the timetable of the site at `folder` until `stop` is set or a signal comes.

    Jobs under way are finished first. Raises Trouble when the site cannot be used at all.
    """
    site = open_site(folder)
    site.desks()
    jobs = read_timetable(folder).jobs
    ended = stop or _on_signal()
    turn = asyncio.Lock()
    scheduler = AsyncIOScheduler()
    for job in jobs:
        _add(scheduler, job, turn)
    use(site)
    scheduler.start()
    log.info("serving", jobs=[job.flow for job in jobs], folder=str(folder))
    await _once(jobs[0].flow, turn)
    await ended.wait()
    scheduler.pause()
    async with turn:
        scheduler.shutdown(wait=False)
    log.info("stopped")


def _add(scheduler: AsyncIOScheduler, job: Job, turn: asyncio.Lock) -> None:
    if job.flow not in FLOWS:
        known = "、".join(FLOWS)
        raise SettingsFault(f"config/timetable.yaml：没有流程“{job.flow}”，可写：{known}")
    try:
        trigger = CronTrigger.from_crontab(job.cron, timezone=job.zone)
    except (ValueError, LookupError) as fault:
        raise SettingsFault(f"config/timetable.yaml：{job.flow} 的时刻写得不对：{fault}") from None
    scheduler.add_job(
        _once,
        trigger,
        args=(job.flow, turn),
        id=job.flow,
        coalesce=True,
        max_instances=1,
        misfire_grace_time=6 * 3600,
    )


async def _once(name: str, turn: asyncio.Lock) -> None:
    """One run at a time. A failed run is logged and the next one tries again."""
    async with turn:
        try:
            done = await FLOWS[name]()
        except Trouble as trouble:
            log.error("run failed", flow=name, reason=str(trouble))
        except Exception:
            log.exception("run failed", flow=name)
        else:
            log.info("ran", flow=name, **done.figures)


def _on_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop
