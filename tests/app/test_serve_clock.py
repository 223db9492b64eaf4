"""A service whose machine's clock is set, or whose timetable does not wake it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import Engine, event

from app.timetable import keep
from tests.app.conftest import Duban
from tests.journal import Journal, journal

SUNDAY = datetime(2026, 3, 1, 1, 1, tzinfo=UTC)
"""09:01 in the offices: nobody works, so that a tick has nothing to write."""
EVERY = 0.02


@pytest.fixture
def applied(duban: Duban, home: Path) -> Path:
    assert duban("apply", "--yes", "--at", "2026-03-01").code == 0
    return home


@asynccontextmanager
async def serving(home: Path) -> AsyncIterator[tuple[Journal, time_machine.Traveller]]:
    """From the end of the first tick on."""
    stop = asyncio.Event()
    with journal() as log, time_machine.travel(SUNDAY, tick=True) as clock:
        service = asyncio.create_task(keep(home, stop=stop, every=EVERY))
        await log.until("ran", flow="tick")
        yield log, clock
        stop.set()
        await service


async def test_what_a_step_forward_skipped_runs_once(applied: Path) -> None:
    async with serving(applied) as (log, clock):
        clock.shift(2 * 3600)

        stepped = await log.until("clock stepped")
        await log.until("ran", 2, flow="tick")

    assert stepped["seconds"] == 7200
    assert log.count("ran", flow="tick") == 2
    assert log.count("clock stepped") == 1


async def test_after_months_of_sleep_a_daily_job_runs_once(applied: Path) -> None:
    daily = 'jobs: [{flow: tick, name: x, cron: "0 8 * * *"}]\n'
    (applied / "config/timetable.yaml").write_text(daily, encoding="utf-8")
    async with serving(applied) as (log, clock):
        clock.shift(63 * 86400)  # a Sunday

        await log.until("ran", 2, flow="tick")

    assert log.count("ran", flow="tick") == 2


async def test_after_a_step_back_the_timetable_holds_from_the_new_time_on(applied: Path) -> None:
    async with serving(applied) as (log, clock):
        clock.shift(-3 * 3600)
        stepped = await log.until("clock stepped")

        clock.shift(3600)  # 07:01, long before the 09:05 that was next
        await log.until("ran", 2, flow="tick")

    assert stepped["seconds"] == -3 * 3600


async def test_a_step_of_less_than_a_minute_is_not_told(applied: Path) -> None:
    with looks() as looked:
        async with serving(applied) as (log, clock):
            clock.shift(55)
            await looked.more(2)

    assert log.count("clock stepped") == 0


async def test_a_timetable_that_does_not_wake_the_tick_is_an_alarm_until_it_does(
    applied: Path,
) -> None:
    """Small steps: APScheduler sleeps through them, and they are not taken for a clock that was set."""
    with looks() as looked:
        async with serving(applied) as (log, clock):
            for _ in range(4 * 60 // 25):
                clock.shift(25)  # to 09:05
                await looked.more(1)
            in_time = log.count("no tick")
            for _ in range(6 * 60 // 25):
                clock.shift(25)  # past 09:10
                await looked.more(1)
            alarm = await log.until("no tick")

            clock.shift(3600)
            await log.until("ran", 2, flow="tick")
            await log.until("recovered")

    assert in_time == 0
    assert (alarm["level"], alarm["since"]) == ("error", "2026-03-01T01:05:00+00:00")
    assert log.count("no tick") == 1


class Looks:
    """How often the database was asked for the last tick."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._asked = asyncio.Semaphore(0)

    def __call__(self, _connection, _cursor, statement: str, *_) -> None:
        if statement.startswith("SELECT pulse"):
            self._loop.call_soon_threadsafe(self._asked.release)

    async def more(self, times: int) -> None:
        while not self._asked.locked():
            await self._asked.acquire()
        for _ in range(times):
            async with asyncio.timeout(30):
                await self._asked.acquire()


@contextmanager
def looks() -> Iterator[Looks]:
    looked = Looks()
    event.listen(Engine, "before_cursor_execute", looked)
    try:
        yield looked
    finally:
        event.remove(Engine, "before_cursor_execute", looked)
