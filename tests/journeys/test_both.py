"""The same weeks of both real offices on SQLite and on PostgreSQL: the same account, row by row."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from adapters.settings import load_settings
from app.rehearsal.play import Year, play
from duban.book import Book
from flows import scoring
from state import tables
from tests.databases import BOTH, new_database
from tests.journeys.test_scores import counted, stored
from tests.sitting import REPOSITORY, ZONE

UNTIL = date(2026, 4, 30)
"""Notices, reminders, answers, overdue items and digests lie before it."""
OF_THE_RUN = {"accepted_at", "try_at"}
"""Columns that hold the time at which the test ran."""


@pytest.fixture(scope="module")
def years(
    request: pytest.FixtureRequest, real_book: Book, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Year]]:
    with ExitStack() as databases:
        played = {}
        for kind in BOTH:
            url = databases.enter_context(new_database(request, kind))
            seats: Path = tmp_path_factory.mktemp("seats")
            settings = load_settings(REPOSITORY, database=url, seats=seats)
            played[kind] = asyncio.run(play(real_book, settings, 2026, seed=7, until=UNTIL))
            databases.callback(played[kind].site.database.close)
        yield played


def rows(year: Year, name: str) -> list[dict[str, Any]]:
    """Every row of a table in the order of its key, as Python sees it."""
    table = tables.metadata.tables[name]
    columns = [column for column in table.c if column.name not in OF_THE_RUN]
    with year.site.database.reading() as connection:
        found = connection.execute(select(*columns).order_by(*table.primary_key))
        return [dict(row._mapping) for row in found]


def test_something_happened(years: dict[str, Year]) -> None:
    year = years["sqlite"]

    assert len(year.letters) > 100
    assert year.acts > 20
    assert {row["state"] for row in rows(year, "assignment")} >= {"notified", "completed"}
    assert {row["kind"] for row in rows(year, "letter")} >= {"notice", "reminder", "digest"}


@pytest.mark.parametrize(
    "name", ["applied", "assignment", "letter", "letter_body", "letter_item", "delivery", "digest"]
)
def test_the_rows_are_the_same(years: dict[str, Year], name: str) -> None:
    ours, theirs = rows(years["sqlite"], name), rows(years["postgresql"], name)

    assert ours
    assert ours == theirs


def test_the_events_are_the_same(years: dict[str, Year]) -> None:
    ours, theirs = rows(years["sqlite"], "event"), rows(years["postgresql"], "event")

    assert ours
    assert ours == theirs


def test_the_scores_are_the_same_and_those_of_an_independent_count(years: dict[str, Year]) -> None:
    until = datetime(2026, 5, 20, 1, tzinfo=ZONE)
    for year in years.values():
        scoring.run(year.site, until)

    assert rows(years["sqlite"], "scored") == rows(years["postgresql"], "scored")
    assert rows(years["sqlite"], "score") == rows(years["postgresql"], "score")
    for year in years.values():
        for desk, _ in year.site.desks().values():
            assert stored(year, desk) == counted(year, desk, until.date())


def test_the_mails_are_the_same_byte_for_byte(years: dict[str, Year]) -> None:
    ours, theirs = ([mail.mime for mail in year.caught] for year in years.values())

    assert ours
    assert sorted(ours) == sorted(theirs)
