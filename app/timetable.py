"""The embedded driver: APScheduler wakes the flows' own functions. It keeps nothing: a job that was
missed asks "what is due?" when it runs next, and the database answers."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine, Mapping
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from adapters.settings import SettingsFault
from adapters.timetable import Job, read_timetable
from app import heartbeat
from app.console.server import beside
from app.reading import open_site
from app.wakeups import trigger
from app.watching import feel
from duban.trouble import Trouble
from flows.bounces import bounces
from flows.delivery import Delivered
from flows.premises import Site, use
from flows.scoring import score
from flows.sealing import seal
from flows.send import send
from flows.tick import tick
from state.faults import DatabaseFault

log = structlog.get_logger()
AGAIN = (2.0, 5.0, 10.0, 20.0)
"""Seconds after which a run is tried again that did not find the database."""


class Done(Protocol):
    """What a flow returns."""

    @property
    def figures(self) -> Mapping[str, Any]:
        """For the log."""


FLOWS: dict[str, Callable[[], Awaitable[Done | Delivered]]] = {
    "tick": tick,
    # Which digests are owed follows from the timetable and the database; the tick writes them.
    "digest": tick,
    "send": send,
    "bounces": bounces,
    "seal": seal,
    "score": score,
}


async def keep(
    folder: Path,
    *,
    only: Collection[str] = (),
    stop: asyncio.Event | None = None,
    every: float = heartbeat.EVERY,
) -> None:
    """Run the timetable of the site at `folder` until `stop` is set or a signal comes.

    Jobs under way are finished first. `only`: these flows, and no console. `every`: seconds between two
    looks at the clock and the watchdog. Raises Trouble when the site cannot be used at all.
    """
    site = open_site(folder)
    site.desks()
    jobs = check_jobs(read_timetable(folder).jobs)
    mine = _of(jobs, only)
    ended = stop or _on_signal()
    turn = asyncio.Lock()
    scheduler = AsyncIOScheduler()
    for number, job in enumerate(mine, 1):
        _add(scheduler, f"{job.flow} {number}", job, turn)
    use(site)
    _tell_downtime(site, jobs)
    with ExitStack() as stack:
        console = "" if only else _open_console(stack, folder)
        use(site)
        scheduler.start()
        log.info("serving", jobs=[job.flow for job in mine], folder=str(folder), console=console)
        async with _beating(heartbeat.beat(site, jobs, scheduler, every)):
            await _run(mine[0].flow, turn)
            await ended.wait()
            scheduler.pause()
    async with turn:
        scheduler.shutdown(wait=False)
    log.info("stopped")


def _open_console(stack: ExitStack, folder: Path) -> str:
    """Its address; empty where it cannot be opened, which must not keep the mail waiting. It has a
    site of its own, for it runs in other threads."""
    try:
        return stack.enter_context(beside(open_site(folder)))
    except Trouble as trouble:
        log.error("no console", reason=str(trouble))
        return ""


@asynccontextmanager
async def _beating(heart: Coroutine[None, None, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(heart)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


def check_jobs(jobs: tuple[Job, ...]) -> tuple[Job, ...]:
    """The same jobs. Raises SettingsFault when one names no flow, or a time that cannot be read."""
    for job in jobs:
        if job.flow not in FLOWS:
            known = "、".join(FLOWS)
            raise SettingsFault(f"config/timetable.yaml：没有流程“{job.flow}”，可写：{known}")
        trigger(job)
    return jobs


def _of(jobs: tuple[Job, ...], only: Collection[str]) -> tuple[Job, ...]:
    """Those of the flows in `only`, all where it is empty. Raises SettingsFault."""
    mine = tuple(job for job in jobs if not only or job.flow in only)
    if missing := set(only) - {job.flow for job in mine}:
        known = "、".join(dict.fromkeys(job.flow for job in jobs))
        named = "、".join(sorted(missing))
        raise SettingsFault(f"config/timetable.yaml 里没有流程“{named}”，现有：{known}")
    return mine


def _add(scheduler: AsyncIOScheduler, id: str, job: Job, turn: asyncio.Lock) -> None:
    scheduler.add_job(
        _once,
        trigger(job),
        args=(job.flow, turn),
        id=id,
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )


def _tell_downtime(site: Site, jobs: tuple[Job, ...]) -> None:
    pulse = feel(site, jobs, site.now())
    if pulse.late:
        log.warning("was down", since=str(pulse.missed), last=str(pulse.last))


async def _once(name: str, turn: asyncio.Lock) -> None:
    """A failed run is logged and the next one tries again; sooner than that where only the database was
    away, for it may have been restarted."""
    for pause in AGAIN:
        if await _run(name, turn):
            return
        await asyncio.sleep(pause)
    await _run(name, turn)


async def _run(name: str, turn: asyncio.Lock) -> bool:
    """False when the database was not to be had. One run at a time; what a run under way is sending needs
    no second sender."""
    if name == "send" and turn.locked():
        return True
    async with turn:
        try:
            done = await FLOWS[name]()
        except DatabaseFault as fault:
            log.error("run failed", flow=name, reason=str(fault))
            return False
        except Trouble as trouble:
            log.error("run failed", flow=name, reason=str(trouble))
        except Exception:
            log.exception("run failed", flow=name)
        else:
            _log(name, done)
    return True


def _log(name: str, done: Done | Delivered) -> None:
    """A line for each run, except for a sending that had nothing to send."""
    if not isinstance(done, Delivered):
        log.info("ran", flow=name, **done.figures)
    elif done.counts or done.withdrawn:
        log.info("ran", flow=name, withdrawn=done.withdrawn, closed=done.closed, **done.counts)


def _on_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop
