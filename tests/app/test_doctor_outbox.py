"""The doctor and what stands in the outbox, on a real database."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from adapters.post import Server
from app.doctor.finding import Finding, Level
from app.doctor.ground import Ground
from app.doctor.outbox import post, seat, waiting
from app.doctor.timetable import pulse
from flows import gate
from state import queue, servers
from tests.sitting import REPOSITORY, Sitting, at, sitting
from tests.smtp_script import Script

NOTICE = "2026-02-14T09:00"
LEASE = timedelta(hours=1)


@pytest.fixture
async def one(database_url: str) -> AsyncIterator[Sitting]:
    async with sitting(database_url) as made:
        yield made


def ground(one: Sitting, when: str = NOTICE) -> Ground:
    made = Ground(REPOSITORY, at(when))
    made.site = one.site
    return made


def by_subject(findings) -> dict[str, Finding]:
    return {found.subject: found for found in findings}


async def test_a_database_that_lost_its_seat_is_a_fault_until_a_person_confirms(
    one: Sitting,
) -> None:
    await one.tick(NOTICE)
    (before,) = seat(ground(one))
    for file in one.site.settings.seats.glob("*.json"):
        file.unlink()

    (doubted,) = seat(ground(one))
    gate.confirm(one.site, at=at(NOTICE), by="王主任")
    (after,) = seat(ground(one))

    assert [found.level for found in (before, doubted, after)] == [
        Level.GOOD,
        Level.FAULT,
        Level.GOOD,
    ]
    assert "duban outbox confirm" in doubted.remedy


async def test_a_server_that_refuses_the_login_is_stopped_with_its_words(one: Sitting) -> None:
    async with Script(mail="535 5.7.8 wrong password") as script:
        one.site.server = Server("127.0.0.1", script.port, tls="none")
        await one.tick(NOTICE)
    (stopped,) = post(ground(one))
    with one.site.database.writing() as connection:
        servers.release(connection, at=at(NOTICE))
    (released,) = post(ground(one))

    assert stopped.level is Level.FAULT
    assert "2026年2月14日 09:00起停止发信：5.7.8 wrong password" in stopped.said
    assert released.level is Level.GOOD


async def test_what_waits_failed_or_may_have_gone_twice_is_counted(one: Sitting) -> None:
    async with Script(rcpt=["550 no such user", "250 ok"], dot=["250 ok"]) as script:
        one.site.server = Server("127.0.0.1", script.port, tls="none")
        await one.tick(NOTICE)

    found = by_subject(waiting(ground(one)))
    later = by_subject(waiting(ground(one, "2026-03-20T09:00")))

    assert "31 天里有 1 封" in found["没寄成的信"].said
    assert "duban outbox --state failed" in found["没寄成的信"].remedy
    assert found["排队的信"].said == "没有"
    assert later["没寄成的信"].level is Level.GOOD
    assert "重复的信" not in found


async def test_letters_of_a_dead_sender_are_told_and_those_of_a_living_one_are_not(
    one: Sitting,
) -> None:
    good, one.site.server = one.site.server, Server("127.0.0.1", 1, tls="none")
    await one.tick(NOTICE)
    with one.site.place.sender() as owner:
        with one.site.database.writing() as connection:
            (claimed,) = queue.claim(
                connection, owner=owner, at=at("2026-02-14T09:01"), lease=LEASE, limit=1
            )
            queue.bodies_began(connection, [claimed.id], owner, lease_until=at(NOTICE) + LEASE)
        living = by_subject(waiting(ground(one)))
    dead = by_subject(waiting(ground(one)))
    one.site.server = good
    await one.tick("2026-02-14T09:30")
    after = by_subject(waiting(ground(one)))

    assert "中断的信" not in living
    assert "1 封" in dead["中断的信"].said
    assert "1 封，最早的一封等了" in dead["排队的信"].said
    assert "中断的信" not in after
    assert "1 封，对方可能收到两份" in after["重复的信"].said


async def test_a_timetable_without_a_tick_is_a_fault(one: Sitting) -> None:
    here = ground(one)
    here.jobs = ()

    (found,) = pulse(here)

    assert found.level is Level.FAULT
