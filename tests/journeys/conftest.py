import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.files import read_site
from adapters.settings import load_settings
from app.rehearsal.play import Year, play
from duban.book import Book
from tests.databases import sqlite_in

REPOSITORY = Path(__file__).resolve().parents[2]
Rehearse = Callable[..., Year]


@pytest.fixture(scope="session")
def real_book() -> Book:
    reading = read_site(REPOSITORY)
    assert reading.book is not None, [str(fault) for fault in reading.faults]
    return reading.book


@pytest.fixture(scope="session")
def rehearse(tmp_path_factory: pytest.TempPathFactory) -> Rehearse:
    """Play a year of a book in a database of its own, through real SMTP."""

    def rehearsed(book: Book, year: int = 2026, seed: int | None = None) -> Year:
        folder = tmp_path_factory.mktemp("year")
        settings = load_settings(REPOSITORY, database=sqlite_in(folder), seats=folder)
        return asyncio.run(play(book, settings, year, seed=seed))

    return rehearsed


@pytest.fixture(scope="session")
def silent_year(real_book: Book, rehearse: Rehearse) -> Year:
    """2026 of both offices; nobody answers."""
    return rehearse(real_book)


@pytest.fixture(scope="session")
def answered_year(real_book: Book, rehearse: Rehearse) -> Year:
    """2026 of both offices; departments answer as they do."""
    return rehearse(real_book, seed=7)
