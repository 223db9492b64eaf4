"""A small made-up country through ticks: by parts or whole, with few desks open, the letters are the same."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from adapters.catcher import Catcher
from adapters.countryfiles import Size
from adapters.files import read_site
from adapters.post import Server
from adapters.settings import load_settings
from app.reading import prepare
from benchmarks.scale import peak
from duban.book import Book
from flows import applying, desks
from flows.premises import Site, use
from flows.tick import Ticked, tick
from state.tables import letter
from tests.countries import make_country
from tests.sitting import REPOSITORY

AT = datetime(2026, 1, 1, tzinfo=UTC)
SIZE = Size(offices=12, activities=6, departments=4, seed=7)
"""Fourteen offices, some of them departments of the one above."""


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Book:
    made = read_site(make_country(tmp_path_factory.mktemp("country"), SIZE)).book
    assert made
    return made


@pytest.fixture
def site(country: Book, database_url: str, tmp_path: Path) -> Iterator[Site]:
    made = opened(database_url, tmp_path)
    with closing(made.database):
        prepare(made)
        applying.apply(made, country, applying.plan(made, country, AT), AT, "王主任")
        yield made


def opened(url: str, folder: Path) -> Site:
    return Site(load_settings(REPOSITORY, database=url, seats=folder / "seats"))


async def ticked(site: Site, at: datetime, parts: list[str]) -> list[Ticked]:
    use(site)
    async with Catcher(None) as catcher:
        site.server = Server(host=catcher.host, port=catcher.port, tls="none")
        done = [await tick(at, part=part) for part in parts]
        assert len(catcher.caught) == sum(one.delivered.accepted for one in done)
    return done


def written(site: Site) -> set[tuple[str, str, str]]:
    with site.database.reading() as connection:
        rows = connection.execute(select(letter.c.key, letter.c.subject, letter.c.departments))
        return {(row.key, row.subject, row.departments) for row in rows}


async def test_parts_with_few_open_desks_write_what_a_whole_tick_writes(
    site: Site, copied: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = peak.find(site).at
    site.database.close()
    other = opened(copied(site.settings.database_url), tmp_path)
    await ticked(site, at, [""])
    monkeypatch.setattr(desks, "KEPT", 3)

    with closing(other.database):
        await ticked(other, at, ["1/3", "2/3", "3/3"])

        assert len(written(site)) > 30
        assert written(other) == written(site)
        assert len(other.desks()._opened) == 3


async def test_the_next_tick_of_a_peak_morning_writes_nothing_more(site: Site) -> None:
    at = peak.find(site).at
    (first,) = await ticked(site, at, [""])

    (again,) = await ticked(site, at, [""])

    assert first.delivered.accepted == len(written(site))
    assert again.delivered.accepted == 0
    assert not any(one.count for one in again.written)
