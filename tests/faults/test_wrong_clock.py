"""A clock that was a year ahead, or is moved while mail is sent: afterwards the queue goes on."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from flows.delivery import deliver
from flows.premises import Site
from state import queue, servers
from state.tables import delivery
from tests.faults.account import join
from tests.faults.ground import START, open_site, sqlite
from tests.faults.outbox import fill
from tests.faults.sink import Sink
from tests.smtp_script import Script

WRONG = START + timedelta(364)
"""A Thursday too."""
AGAIN = START + timedelta(hours=1)


@pytest.fixture
async def sink(tmp_path: Path) -> AsyncIterator[Sink]:
    async with Sink(tmp_path / "log") as made:
        yield made


@pytest.fixture
def site(tmp_path: Path, sink: Sink) -> Site:
    """Three letters were written while the clock was wrong."""
    made = open_site(sqlite(tmp_path), sink.port)
    fill(made.database, 3, at=WRONG)
    return made


async def accepted(site: Site, log: Path) -> int:
    """How many are accepted once the clock is right again; nothing else is wrong."""
    assert not (await deliver(site, AGAIN)).closed
    account = join(site.database, log)
    assert account.good
    return account.states["accepted"]


async def test_a_server_does_not_rest_until_next_year(site: Site, tmp_path: Path) -> None:
    good, site.server = site.server, replace(site.server, port=1)
    assert (await deliver(site, WRONG)).closed

    site.server = good

    assert await accepted(site, tmp_path / "log") == 3


async def test_a_deferral_does_not_last_until_next_year(site: Site, tmp_path: Path) -> None:
    good = site.server
    async with Script(rcpt="451 4.7.1 later") as script:
        site.server = replace(good, port=script.port)
        await deliver(site, WRONG)

    site.server = good

    assert await accepted(site, tmp_path / "log") == 3


async def test_a_lease_does_not_last_until_next_year(site: Site, tmp_path: Path) -> None:
    lease = timedelta(hours=1)
    with site.database.writing() as connection:
        claimed = queue.claim(connection, owner="elsewhere/1-a", at=WRONG, lease=lease, limit=2)
    assert len(claimed) == 2

    assert await accepted(site, tmp_path / "log") == 3


@pytest.mark.parametrize("limit", [{"per_hour": 3}, {"per_day": 3}, {"breaker": 3}])
async def test_what_was_sent_by_a_wrong_clock_counts_for_no_limit_of_today(
    site: Site, tmp_path: Path, limit: dict[str, int]
) -> None:
    mail = site.settings.mail.model_copy(update=limit)
    site.settings = site.settings.model_copy(update={"mail": mail})
    assert (await deliver(site, WRONG)).accepted == 3
    with site.database.writing() as connection:
        servers.release(connection, at=AGAIN)

    fill(site.database, 3, at=START, first=3)

    assert await accepted(site, tmp_path / "log") == 6


async def test_a_clock_that_is_moved_while_mail_is_sent_is_not_felt(
    site: Site, sink: Sink, tmp_path: Path
) -> None:
    with time_machine.travel(WRONG) as clock:
        sink.watch = lambda step, _: clock.shift(timedelta(days=-400)) if step == "354" else None
        await deliver(site, WRONG)

    with site.database.reading() as connection:
        recorded = list(connection.scalars(select(delivery.c.accepted_at)))
    assert all(timedelta(0) <= one - WRONG < timedelta(minutes=1) for one in recorded)
    assert await accepted(site, tmp_path / "log") == 3
