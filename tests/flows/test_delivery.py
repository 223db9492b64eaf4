"""What one answer, or silence, of a mail server means for the queue, and when nothing may be sent."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from adapters.post import Server
from duban.completion import Act as Doing
from flows import delivery
from state import queue, servers
from state.tables import delivery as handing
from tests.sitting import Sitting, at, sitting
from tests.smtp_script import Act, Script

NOTICE = "2026-02-14T09:00"
PLAN = "ceshi/shui/2026/plan/shuili"


def rows(one: Sitting, *names: str) -> list[tuple]:
    query = select(*(handing.c[name] for name in names)).order_by(handing.c.letter_id)
    with one.site.database.reading() as connection:
        return [tuple(row) for row in connection.execute(query)]


def standings(one: Sitting) -> list[str]:
    return [state for (state,) in rows(one, "state")]


def served_by(one: Sitting, script: Script) -> None:
    one.site.server = Server("127.0.0.1", script.port, tls="none")


def broken(one: Sitting) -> Server:
    """Nobody listens any more; returns the server that did."""
    good, one.site.server = one.site.server, Server("127.0.0.1", 1, tls="none")
    return good


async def test_a_server_that_wants_a_login_stops_the_post_until_a_person_releases_it(
    database_url: str,
) -> None:
    async with sitting(database_url) as one, Script(mail="530 5.7.0 Must login") as script:
        served_by(one, script)
        first = await one.tick(NOTICE)
        tried = script.connections
        later = await one.tick("2026-02-14T16:00")
        with one.site.database.writing() as connection:
            released = servers.release(connection, at=at("2026-02-14T16:01"))
        one.site.server = Server(one.catcher.host, one.catcher.port, tls="none")
        freed = await one.tick("2026-02-14T16:02")

        assert "Must login" in first.delivered.closed
        assert "duban outbox release" in later.delivered.closed
        assert script.connections == tried
        assert [(one.name, one.reason) for one in released] == [("given", "5.7.0 Must login")]
        assert freed.delivered.accepted == 2
        assert rows(one, "attempts") == [(1,), (1,)]


async def test_a_server_in_trouble_is_left_alone_longer_each_time(database_url: str) -> None:
    async with sitting(database_url) as one:
        good = broken(one)
        pauses = []
        moment = at(NOTICE)
        for _ in range(6):
            await delivery.deliver(one.site, moment) if pauses else await one.tick(NOTICE)
            with one.site.database.reading() as connection:
                (held,) = servers.known(connection)
            pauses.append(held.rest_until - moment)
            moment = held.rest_until
        one.site.server = good
        done = await delivery.deliver(one.site, moment)

        minutes = [round(pause / timedelta(minutes=1)) for pause in pauses]
        assert minutes == [5, 10, 20, 40, 60, 60]
        assert done.accepted == 2
        with one.site.database.reading() as connection:
            assert servers.find(connection, "given").open(moment)
            assert servers.find(connection, "given").rests == 0


async def test_the_breaker_stops_the_post_until_a_person_releases_it(database_url: str) -> None:
    async with sitting(database_url) as one:
        one.site.settings.mail.breaker = 1
        first = await one.tick(NOTICE)
        later = await one.tick("2026-02-14T15:00")
        with one.site.database.writing() as connection:
            servers.release(connection, at=at("2026-02-14T15:01"))
        freed = await one.tick("2026-02-14T15:02")

        assert first.delivered.accepted == 1
        assert "mail.breaker" in later.delivered.closed
        assert freed.delivered.accepted == 1


@pytest.mark.parametrize(
    ("limit", "wait"),
    [("per_minute", timedelta(minutes=1)), ("per_hour", timedelta(hours=1))],
)
async def test_a_limit_holds_for_every_span_of_its_length(database_url: str, limit, wait) -> None:
    async with sitting(database_url) as one:
        setattr(one.site.settings.mail, limit, 1)
        first = await one.tick(NOTICE)
        early = await delivery.deliver(one.site, at(NOTICE) + wait - timedelta(seconds=10))
        done = await delivery.deliver(one.site, at(NOTICE) + wait + timedelta(seconds=30))

        assert [first.delivered.accepted, early.accepted, done.accepted] == [1, 0, 1]
        assert not first.delivered.closed


async def test_what_a_server_defers_for_five_days_is_given_up_though_it_is_rewritten_daily(
    database_url: str,
) -> None:
    async with sitting(database_url) as one, Script(rcpt="450 4.2.0 try later") as script:
        served_by(one, script)
        await one.tick(NOTICE)
        await one.tick("2026-02-24T09:00")

        assert standings(one) == ["withdrawn", "withdrawn", "failed", "failed"]
        (reply,) = {reply for (reply,) in rows(one, "reply") if "5 天" in reply}
        assert "try later" in reply


async def test_a_provider_that_says_550_for_a_moment_is_understood(database_url: str) -> None:
    busy = ["550 Connection frequency limited", "250 ok"]
    async with sitting(database_url) as one, Script(rcpt=busy) as script:
        one.site.settings.mail.connections = 1
        served_by(one, script)
        first = await one.tick(NOTICE)
        with one.site.database.reading() as connection:
            held = servers.find(connection, "given")
        done = await delivery.deliver(one.site, at("2026-02-14T10:01"))

        assert "QQ 邮箱" in first.delivered.closed
        assert timedelta(minutes=59) < held.rest_until - at(NOTICE) < timedelta(minutes=61)
        assert done.accepted == 2


async def test_what_was_answered_since_is_withdrawn_at_the_last_look(database_url: str) -> None:
    async with sitting(database_url) as one:
        good = broken(one)
        await one.tick(NOTICE)
        one.act(PLAN, Doing.REPORT, "2026-02-14T09:10")
        one.site.server = good
        done = await delivery.deliver(one.site, at("2026-02-14T09:30"))

        assert (done.accepted, done.withdrawn) == (1, 1)
        assert sorted(standings(one)) == ["accepted", "withdrawn"]


async def test_letters_of_a_sender_that_died_go_out_at_once_and_those_of_a_living_one_wait(
    database_url: str,
) -> None:
    async with sitting(database_url) as one:
        good = broken(one)
        await one.tick(NOTICE)
        one.site.server = good
        later = at("2026-02-14T09:30")
        with one.site.place.sender() as owner:
            with one.site.database.writing() as connection:
                claimed = queue.claim(
                    connection, owner=owner, at=later, lease=delivery.LEASE, limit=9
                )
                queue.bodies_began(
                    connection, [claimed[0].id], owner, lease_until=later + delivery.LEASE
                )
            alive = await delivery.deliver(one.site, later)
        dead = await delivery.deliver(one.site, later)

        assert (alive.accepted, dead.accepted) == (0, 2)
        assert rows(one, "possible_duplicates") == [(1,), (0,)]


async def test_a_body_that_may_have_arrived_is_counted_when_it_goes_out_again(
    database_url: str,
) -> None:
    async with sitting(database_url) as one, Script(body=Act.DROP) as script:
        one.site.settings.mail.connections = 1
        served_by(one, script)
        await one.tick(NOTICE)
        doubts = rows(one, "state", "phase", "possible_duplicates")
        del script.deeds["body"]
        done = await delivery.deliver(one.site, at("2026-02-14T09:30"))

        assert doubts == [("queued", "body", 0)] * 2
        assert done.accepted == 2
        assert rows(one, "possible_duplicates") == [(1,), (1,)]
