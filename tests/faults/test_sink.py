"""The measure itself: the sink keeps before it answers, and the join finds what is wrong."""

from pathlib import Path

import pytest
from sqlalchemy import text

from state.database import Database
from tests.faults.account import join
from tests.faults.ground import START, open_site, sqlite
from tests.faults.outbox import fill
from tests.faults.sender import send_all
from tests.faults.sink import Sink, SinkProcess


@pytest.fixture
def url(tmp_path: Path) -> str:
    return sqlite(tmp_path)


@pytest.mark.parametrize("flags", [(), ("--plain",), ("--dsn",)])
async def test_every_letter_has_its_line(tmp_path: Path, url: str, flags: tuple[str, ...]) -> None:
    with SinkProcess(tmp_path / "log", *flags) as sink:
        site = open_site(url, sink.port)
        fill(site.database, 50, at=START)
        await send_all(site, START)

    account = join(site.database, tmp_path / "log")
    assert account.states == {"accepted": 50}
    assert (account.duplicates, account.listed) == (0, 0)
    assert account.good


@pytest.fixture
async def sent(tmp_path: Path, url: str) -> tuple[Database, Path]:
    """Three letters, sent and recorded."""
    async with Sink(tmp_path / "log") as sink:
        site = open_site(url, sink.port)
        fill(site.database, 3, at=START)
        await send_all(site, START)
    return site.database, tmp_path / "log"


async def test_a_missing_line_is_a_loss(sent: tuple[Database, Path]) -> None:
    database, log = sent
    log.write_text("".join(log.read_text().splitlines(keepends=True)[1:]))

    assert len(join(database, log).lost) == 1


async def test_a_committed_letter_that_is_gone_is_a_loss(sent: tuple[Database, Path]) -> None:
    database, log = sent

    assert len(join(database, log, ["<promised@ceshi.example>"]).lost) == 1


async def test_a_letter_left_in_a_dead_senders_hands_is_a_loss(sent: tuple[Database, Path]) -> None:
    database, log = sent
    with database.writing() as connection:
        connection.execute(text("UPDATE delivery SET state = 'sending' WHERE letter_id = 1"))

    assert len(join(database, log).lost) == 1


async def test_an_extra_line_that_is_not_listed_is_unexplained(sent: tuple[Database, Path]) -> None:
    database, log = sent
    log.write_text(log.read_text() * 2)

    account = join(database, log)
    assert (account.duplicates, len(account.unexplained)) == (3, 3)


async def test_other_bytes_are_unexplained(sent: tuple[Database, Path]) -> None:
    database, log = sent
    with database.writing() as connection:
        connection.execute(text("UPDATE letter_body SET mime = x'00' WHERE letter_id = 1"))

    assert len(join(database, log).unexplained) == 1


async def test_a_complaint_of_the_sink_is_unexplained(sent: tuple[Database, Path]) -> None:
    database, log = sent
    with log.open("a") as file:
        file.write("! the body came before 354\n")

    assert len(join(database, log).unexplained) == 1


async def test_a_letter_that_arrived_and_failed_is_unexplained(sent: tuple[Database, Path]) -> None:
    database, log = sent
    with database.writing() as connection:
        connection.execute(text("UPDATE delivery SET state = 'failed' WHERE letter_id = 1"))

    assert len(join(database, log).unexplained) == 1
