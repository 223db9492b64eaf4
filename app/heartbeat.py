"""The heartbeat of a running service: it notices that the clock was set, and that no tick came."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from adapters.clock import Comparison
from adapters.timetable import Job
from app.watching import Watch
from flows.premises import Site

log = structlog.get_logger()
EVERY = 30.0
"""Seconds."""
STEP = timedelta(seconds=60)


async def beat(
    site: Site, jobs: Sequence[Job], scheduler: AsyncIOScheduler, every: float = EVERY
) -> None:
    """For ever."""
    clocks = Comparison()
    watch = Watch(site, jobs, site.now())
    while True:
        await asyncio.sleep(every)
        try:
            step = clocks.step()
            if abs(step) > STEP:
                log.warning("clock stepped", seconds=round(step.total_seconds()))
                realign(scheduler, site)
                watch.begin_anew(site.now())
            await asyncio.to_thread(watch.look, site.now())
        except Exception:
            log.exception("heartbeat failed")


def realign(scheduler: AsyncIOScheduler, site: Site) -> None:
    """After the clock was set: what was missed runs once, and what is next is what the timetable says.

    APScheduler itself sleeps on, and after a step back it would wait for the moments of the old time.
    """
    for job in scheduler.get_jobs():
        soonest = job.trigger.get_next_fire_time(None, site.now())
        if job.next_run_time > soonest:
            job.modify(next_run_time=soonest)
    scheduler.wakeup()
