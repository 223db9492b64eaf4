"""The watchdog of a running service, on a real database."""

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text

from adapters.post import Server
from adapters.timetable import Job
from app.watching import Watch, abandoned, feel
from state import backlog, pulses, queue
from tests.journal import Journal, journal
from tests.sitting import Sitting, at, sitting

JOBS = (Job(flow="tick", name="x", cron="*/5 7-19 * * *"),)
DAY = "2026-02-14"


@pytest.fixture
async def one(database_url: str) -> AsyncIterator[Sitting]:
    """With letters in the outbox: the mail server is not there."""
    async with sitting(database_url) as made:
        made.site.server = Server(host="127.0.0.1", port=1, tls="none")
        await made.tick(f"{DAY}T08:55")
        beat(made, "08:55:01")
        yield made


def beat(one: Sitting, time: str) -> None:
    with one.site.database.writing() as connection:
        pulses.beat(connection, pulses.TICK, at(f"{DAY}T{time}"))


@contextmanager
def claimed(one: Sitting, time: str, lease: timedelta, owner: str) -> AbstractContextManager[None]:
    with one.site.database.writing() as connection:
        moment = at(f"{DAY}T{time}")
        assert queue.claim(connection, owner=owner, at=moment, lease=lease, limit=1)
    yield


def watch(one: Sitting, *times: str, begin: str = "08:00") -> list[tuple[str, str]]:
    """What is logged when it looks at those times: (time, event)."""
    watching = Watch(one.site, JOBS, at(f"{DAY}T{begin}"))
    with journal() as log:
        return [line for time in times for line in _look(watching, log, time)]


def _look(watching: Watch, log: Journal, time: str) -> list[tuple[str, str]]:
    before = len(log.lines)
    watching.look(at(f"{DAY}T{time}"))
    return [(time, line["event"]) for line in log.lines[before:]]


async def test_a_tick_that_does_not_come_is_told_once_and_every_hour(one: Sitting) -> None:
    times = ["09:04:59", "09:05", "09:05:30", "10:04:59", "10:05", "10:05:30"]

    assert watch(one, *times) == [("09:05", "no tick"), ("10:05", "no tick")]


async def test_the_first_tick_that_comes_again_is_told(one: Sitting) -> None:
    watching = Watch(one.site, JOBS, at(f"{DAY}T08:00"))
    with journal() as log:
        watching.look(at(f"{DAY}T09:05"))
        beat(one, "09:20:02")
        watching.look(at(f"{DAY}T09:21"))
        watching.look(at(f"{DAY}T09:22"))

    assert [(line["event"], line["level"]) for line in log.lines] == [
        ("no tick", "error"),
        ("recovered", "info"),
    ]


async def test_what_was_due_before_the_service_began_is_not_counted(one: Sitting) -> None:
    assert watch(one, "11:00", "11:02", "11:09:59", "11:10", begin="11:00") == [
        ("11:10", "no tick")
    ]


async def test_a_sender_at_work_is_no_dead_tick_until_its_lease_ends(one: Sitting) -> None:
    with one.site.place.sender() as owner, claimed(one, "09:00", timedelta(minutes=40), owner):
        said = watch(one, "09:05", "09:39", "09:41")

    assert said == [("09:41", "no tick")]


async def test_a_lease_of_a_clock_that_was_a_year_ahead_is_no_excuse(one: Sitting) -> None:
    with one.site.place.sender() as owner, claimed(one, "09:00", timedelta(days=365), owner):
        assert watch(one, "09:05") == [("09:05", "no tick")]


async def test_a_sender_that_died_is_no_excuse(one: Sitting) -> None:
    with one.site.place.sender() as owner:
        pass
    with claimed(one, "09:00", timedelta(minutes=40), owner):
        assert watch(one, "09:05") == [("09:05", "no tick")]
        with one.site.database.reading() as connection:
            held = backlog.holders(connection)

    assert [one_.letters for one_ in abandoned(one.site, held, at(f"{DAY}T09:05"))] == [1]


async def test_a_database_that_cannot_be_asked_is_no_excuse(one: Sitting) -> None:
    watching = Watch(one.site, JOBS, at(f"{DAY}T08:00"))
    with journal() as log:
        watching.look(at(f"{DAY}T09:00"))
        with one.site.database.writing() as connection:
            connection.execute(text("DROP TABLE pulse"))
        watching.look(at(f"{DAY}T09:01"))
        watching.look(at(f"{DAY}T09:05"))

    (line,) = log.lines
    assert line["event"] == "no tick"
    assert "duban migrate" in line["reason"]


async def test_a_pulse_from_the_future_keeps_nobody_quiet(one: Sitting) -> None:
    with one.site.database.writing() as connection:
        pulses.beat(connection, pulses.TICK, at("2031-01-01T09:00"))

    assert watch(one, "09:00", "09:09", "09:10", begin="09:00") == [("09:10", "no tick")]
    pulse = feel(one.site, JOBS, at(f"{DAY}T09:00"))
    assert pulse.astray(at(f"{DAY}T09:00"))
    assert not pulse.late


async def test_after_the_clock_was_set_it_counts_from_there(one: Sitting) -> None:
    watching = Watch(one.site, JOBS, at(f"{DAY}T08:00"))
    with journal() as log:
        watching.begin_anew(at(f"{DAY}T13:01"))
        watching.look(at(f"{DAY}T13:02"))
        watching.look(at(f"{DAY}T13:09:59"))
        quiet = list(log.lines)
        watching.look(at(f"{DAY}T13:10"))

    assert quiet == []
    assert log.count("no tick") == 1


async def test_only_the_tick_is_watched(one: Sitting) -> None:
    jobs = (Job(flow="send", name="x", cron="* * * * *"),)

    assert feel(one.site, jobs, at(f"{DAY}T12:00")).missed is None


async def test_a_part_that_is_not_ticked_is_told(one: Sitting) -> None:
    with one.site.database.writing() as connection:
        pulses.beat(connection, "tick 1/2", at(f"{DAY}T09:30"))
        pulses.beat(connection, "tick 2/2", at(f"{DAY}T09:10"))

    assert watch(one, "09:19", "09:20") == [("09:20", "no tick")]
