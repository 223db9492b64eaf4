"""Sending between two ticks, and the pulse of a tick."""

from datetime import datetime
from pathlib import Path

import pytest

from adapters.post import Server
from adapters.seatfile import BadSeat
from flows.premises import use
from flows.send import send
from flows.tick import tick
from state import pulses
from tests.sitting import Sitting, at, sitting
from tests.smtp_script import Script

NOTICE = "2026-02-14T09:00"


def pulse(one: Sitting) -> datetime | None:
    with one.site.database.reading() as connection:
        return pulses.last(connection, pulses.TICK)


async def test_what_was_put_off_is_sent_when_its_time_has_come_and_not_before(
    database_url: str,
) -> None:
    async with (
        sitting(database_url) as one,
        Script(rcpt=["451 later", "451 later", "250 ok"]) as slow,
    ):
        one.site.server = Server(host="127.0.0.1", port=slow.port, tls="none")
        first = (await one.tick(NOTICE)).delivered

        early = await send(at("2026-02-14T09:04"))
        later = await send(at("2026-02-14T09:06"))

    assert (first.unsent, early.counts.total(), later.accepted) == (2, 0, 2)


async def test_sending_writes_nothing_new(database_url: str) -> None:
    async with sitting(database_url) as one:
        use(one.site)

        done = await send(at(NOTICE))
        ticked = await one.tick(NOTICE)

    assert not done.counts
    assert ticked.delivered.accepted == 2


async def test_out_of_hours_nothing_is_sent(database_url: str) -> None:
    async with sitting(database_url) as one:
        good, one.site.server = one.site.server, Server(host="127.0.0.1", port=1, tls="none")
        await one.tick(NOTICE)
        one.site.server = good

        evening = await send(at("2026-02-14T20:00"))
        day = await send(at("2026-02-14T16:00"))

    assert (evening.counts.total(), day.accepted) == (0, 2)


async def test_a_tick_leaves_a_pulse_of_the_real_time_at_its_end(database_url: str) -> None:
    async with sitting(database_url) as one:
        real = at("2026-02-20T10:00")
        one.site.now = lambda: real

        before = pulse(one)
        await one.tick("2030-01-01T09:00")

        assert (before, pulse(one)) == (None, real)


async def test_a_tick_for_some_offices_only_is_no_pulse(database_url: str) -> None:
    async with sitting(database_url) as one:
        use(one.site)

        await tick(at(NOTICE), [])

        assert pulse(one) is None


async def test_a_tick_that_fails_is_no_pulse(database_url: str) -> None:
    async with sitting(database_url) as one:
        nowhere = {"seats": Path("/dev/null/seats")}
        one.site.settings = one.site.settings.model_copy(update=nowhere)

        with pytest.raises(BadSeat):
            await one.tick(NOTICE)

        assert pulse(one) is None


async def test_a_tick_of_a_part_beats_for_its_part(database_url: str) -> None:
    async with sitting(database_url) as one:
        use(one.site)
        for part in ("1/2", "2/2"):
            await tick(at(NOTICE), part=part)
        with one.site.database.reading() as connection:
            parts = [pulses.last(connection, f"tick {part}") for part in ("1/2", "2/2")]
            whole, ticked = pulses.last(connection, pulses.TICK), pulses.ticked(connection)

    assert whole is None
    assert all(parts)
    assert ticked == min(one for one in parts if one)


async def test_a_tick_that_hands_nothing_over_leaves_the_letters_to_the_senders(
    database_url: str,
) -> None:
    async with sitting(database_url) as one:
        use(one.site)

        written = await tick(at(NOTICE), hands_over=False)
        waiting = list(one.recipients())
        sent = await send(at(NOTICE))

    assert (written.delivered.counts.total(), waiting) == (0, [])
    assert sent.accepted == sum(len(each.letters) for each in written.written) == 2
