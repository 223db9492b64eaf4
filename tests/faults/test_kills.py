"""A sender that is killed at any moment loses nothing, and every duplicate is listed."""

from pathlib import Path

import pytest

from tests.faults import crowds, kills
from tests.faults.figures import table
from tests.postgres import programs

needs_postgres = pytest.mark.skipif(
    programs() is None, reason="no PostgreSQL here (apt install postgresql)"
)


def test_killed_at_random_on_sqlite(tmp_path: Path) -> None:
    (figures,) = kills.sqlite_kills(tmp_path, mails=2000, kills=20)

    assert not figures.complaints, table([figures])
    assert figures.faults >= 15


def test_killed_at_every_step(tmp_path: Path) -> None:
    figures = kills.at_every_step(tmp_path, times=2)

    assert not any(one.complaints for one in figures), table(figures)
    assert all(one.faults for one in figures), table(figures)


@needs_postgres
def test_senders_and_schedulers_killed_at_random_on_postgresql(tmp_path: Path) -> None:
    (figures,) = crowds.postgres_kills(tmp_path, kills=15)

    assert not figures.complaints, table([figures])
    assert figures.faults
