"""Freezing: what is due on one morning becomes letters, bytes and rows, in one process.

`python -m benchmarks.delivery.freezing DATABASE` writes the morning of a site made by `fill`.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.reading import prepare
from benchmarks.delivery.contender import Contender
from benchmarks.delivery.crew import Run, measure, ours
from benchmarks.delivery.driver import drive
from benchmarks.delivery.mails import AT, OFFICE
from benchmarks.delivery.stock import Place
from benchmarks.delivery.stores import Store
from duban.book import Book
from flows import applying
from flows.freezing import freeze, only_new_garbage
from flows.mornings import compose
from state import outbox
from tests.books import activity, book, contact

FEW, MANY = (1, 2, 3), (10,)
"""Items a letter: one, two or three by turns; always ten."""
TOGETHER = 6
"""Departments that lead the same activities; a letter names them all."""
_STEP = {"id": "plan", "name": "方案报送", "due": "开始前15天", "who": "牵头"}
_SET = {"id": "day", "name": "主题日", "notice": "开始前30天", "steps": [_STEP]}


def contender(store: Store, letters: int, items: tuple[int, ...]) -> Contender:
    name = f"freezing_{letters}_{items[0]}"

    def make(url: str) -> None:
        with TemporaryDirectory() as folder:
            fill(Place(url, Path(folder)), letters, items)

    def once() -> Run:
        with store.copy(name) as url:
            return measure([ours("benchmarks.delivery.freezing", url)], letters)

    store.make(name, make)
    words = "-".join(map(str, sorted({items[0], items[-1]})))
    return Contender(f"duban, {store.label}, {words} items a letter", once)


def fill(place: Place, letters: int, items: tuple[int, ...]) -> None:
    """A site whose first morning owes so many letters, one to each department."""
    site = place.site()
    prepare(site)
    calendar = _book(letters, items)
    applying.apply(site, calendar, applying.plan(site, calendar, AT), AT, "benchmark")
    site.database.close()


def _book(letters: int, items: tuple[int, ...]) -> Book:
    departments = [f"测试市第{number}局" for number in range(letters)]
    days, held = [], []
    for first in range(0, letters, TOGETHER):
        for n in range(max(items)):
            name = f"第{first // TOGETHER + 1}组第{n + 1}个主题活动日"
            days.append(activity(f"a{first}-{n}", name, f"3月{19 + n}日"))
            held.append(_entry(name, departments[first : first + TOGETHER], n, items))
    return book(
        common={"activities": days, "sets": [_SET]},
        departments=[
            {"id": f"d{n}", "name": name, "short": name.removeprefix("测试市")}
            for n, name in enumerate(departments)
        ],
        contacts=[contact(name, f"d{n}@ceshi.example") for n, name in enumerate(departments)],
        years=[
            {"office": OFFICE, "year": 2026, "activities": [one for one in held if one["lead"]]}
        ],
    )


def _entry(name: str, departments: list[str], n: int, items: tuple[int, ...]) -> dict[str, Any]:
    lead = [one for k, one in enumerate(departments) if n < items[k % len(items)]]
    return {"activity": name, "lead": lead, "steps": "day"}


def main(database: str) -> None:
    with TemporaryDirectory() as folder:
        site = Place(database, Path(folder)).site()
        desk, agenda = site.desk(OFFICE)
        morning = compose(site, desk, agenda, AT, release=True)
        words = site.letters

        def work() -> int:
            with only_new_garbage():
                frozen, faults = freeze(site, words, desk, morning, AT)
            with site.database.writing() as connection:
                sheaf = outbox.Sheaf(OFFICE, AT.date(), morning, frozen)
                lost = outbox.post(connection, [sheaf], at=AT)
            assert not faults, faults[0]
            return len(frozen) - len(lost)

        drive(work)


if __name__ == "__main__":
    main(sys.argv[1])
