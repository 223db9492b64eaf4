"""The shipped calendar, and the sources outside the project that it is compared with."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from duban.book import Book
from duban.desk import Desk, desks
from duban.officeyear import Entry
from duban.programme import Kind, Programme, Task

SITE = Path(__file__).parents[1]
FACTS = SITE.parent / "shared" / "facts"
SEEDS = SITE.parent / "shared" / "seeds"
POINTS = SEEDS / "001_02810c0c61587fc8.txt"
ANNEX = SEEDS / "002_95d7cee4fda6e523.txt"
DAY = re.compile(r"\d{4}-\d\d-\d\d")
needs_facts = pytest.mark.skipif(not FACTS.exists(), reason="the facts are not here")
needs_seeds = pytest.mark.skipif(not SEEDS.exists(), reason="the documents are not here")


def desk(book: Book, office: str) -> Desk:
    return next(desk for desk in desks(book) if desk.office.id == office)


def entries(book: Book, office: str, year: int) -> dict[str, Entry]:
    """The year's entries by activity id."""
    here = desk(book, office)
    found = next(one for one in here.branch.years if one.year == year)
    named = [(here.activity(entry.activity), entry) for entry in found.activities]
    return {activity.id: entry for activity, entry in named if activity}


def programme(book: Book, id: str) -> Programme:
    every = (one for branch in book.branches for one in branch.programmes)
    return next(one for one in every if one.id == id)


def tasks(book: Book, id: str, kind: Kind) -> list[Task]:
    return [task for task in programme(book, id).tasks if task.kind is kind]


def facts(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((FACTS / name).read_text(encoding="utf-8"))
    return found


def precise(text: str) -> date | None:
    """The day; None for `unknown`, `2019-06 mid` and the like."""
    return date.fromisoformat(text) if DAY.fullmatch(text) else None


def seen() -> Iterator[tuple[str, int, date, date | None]]:
    """Activity, year, first and last day of everything that the facts know to the day."""
    for fact in facts("observances.json"):
        for year, days in fact["real_dates"].items():
            if days and (start := precise(days[0])):
                yield fact["id"], int(year), start, precise(days[1])
