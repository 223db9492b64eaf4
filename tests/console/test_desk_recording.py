"""What the console records in the files is what it has put in force: the next apply changes nothing."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from adapters.files import read_site
from duban.account import Role
from duban.book import Book
from duban.request import Kind
from flows import applying
from flows.premises import today
from state import applied, assignments, requests, sources
from state.scope import Scope
from tests.console.conftest import OFFICE as CESHI
from tests.console.conftest import House
from tests.console.estate import OFFICE, Estate, make_estate
from tests.console.foreign import OFFICE as OTHER
from tests.console.foreign import book_of_two
from tests.console.pagereader import Page

FIELDS = {
    "activity": "energy-week",
    "year": "2026",
    "start": "2026-05-25",
    "end": "2026-05-31",
    "source": "发改环资〔2026〕1号",
}
PLAN = "cq/water-day/2026/plan/shui"


@pytest.fixture
def farm(migrated_file: Path, tmp_path: Path) -> Iterator[Estate]:
    """The tiny site, applied from its files, on SQLite alone."""
    file = tmp_path / "duban.db"
    file.write_bytes(migrated_file.read_bytes())
    yield from make_estate(f"sqlite:///{file}", tmp_path)


def in_force(house: House) -> Book:
    with house.site.database.reading() as connection:
        found = applied.load(connection)
    assert found
    return found


def as_written(farm: Estate) -> Book:
    reading = read_site(farm.home)
    assert reading.book, reading.faults
    return reading.book


def announce(farm: Estate) -> None:
    shown = farm.send(farm.page(f"{OFFICE}/announce?activity=carbon-day"), "/announce", **LOW)
    assert shown.status_code == 200, Page(shown.text).words
    assert farm.send(Page(shown.text), "/announce/apply").status_code == 303


LOW = {**FIELDS, "activity": "carbon-day", "start": "2026-05-27", "end": "2026-05-27"}


def transfer(farm: Estate) -> None:
    """The department asks, the secretariat grants."""
    house = farm.house
    desk, _ = house.site.desk("cq")
    with house.site.database.writing() as connection:
        row = assignments.find(connection, PLAN).row
        requests.ask(
            connection,
            Scope("cq"),
            row,
            Kind.TRANSFER,
            at=house.now,
            today=today(desk.office, house.now),
            actor="李四",
            via="link 10.0.0.8",
            reason="职责已划转",
            towards="jiao",
        )
    said = farm.send(farm.page(f"{OFFICE}/items/{row}"), "/grant")
    assert said.status_code == 303, Page(said.text).words


@pytest.mark.parametrize("record", [announce, transfer], ids=["announced", "transferred"])
def test_the_files_say_what_is_in_force(farm: Estate, record: object) -> None:
    record(farm)  # type: ignore[operator]

    assert as_written(farm).documents() == in_force(farm.house).documents()
    planned = applying.plan(farm.house.site, as_written(farm), farm.house.now)
    assert not any(one.diff for one in planned)


def test_the_files_that_are_kept_hold_the_record_and_nobodys_unfinished_work(farm: Estate) -> None:
    year = farm.home / "calendar/offices/cq/2026.yaml"
    before = year.read_text("utf-8")
    year.write_text(before + "# 没写完\n", "utf-8")

    transfer(farm)

    with farm.house.site.database.reading() as connection:
        kept = sources.in_force(connection)
    assert kept
    assert "职责已划转" in kept["calendar/offices/cq/transfers.yaml"]
    assert kept["calendar/offices/cq/2026.yaml"] == before
    assert year.read_text("utf-8").endswith("# 没写完\n")


def test_a_transfer_to_a_department_that_nobody_answers_for_is_refused(farm: Estate) -> None:
    contacts = farm.home / "config/contacts/cq.yaml"
    text = contacts.read_text("utf-8").replace("department: 市教委", "department: 市科协")
    contacts.write_text(text, "utf-8")
    house = farm.house
    year = farm.home / "calendar/offices/cq/2026.yaml"
    year.write_text(
        "office: cq\nyear: 2026\nactivities:\n"
        "  - {activity: 世界水日, lead: 市水利局, steps: day}\n",
        "utf-8",
    )
    house.apply(as_written(farm))

    with pytest.raises(AssertionError, match="没有联络员"):
        transfer(farm)

    assert not (farm.home / "calendar/offices/cq/transfers.yaml").exists()


def test_a_date_for_all_moves_the_items_of_every_office(cottage: House) -> None:
    cottage.apply(book_of_two())
    browser = cottage.browser(Role.SECRETARIAT)
    filled = Page(browser.get(f"/o/{CESHI}/announce").text).form("/announce")
    values = {**FIELDS, "activity": "kejizhou", "start": "2026-05-23", "end": "2026-05-30"}

    shown = browser.post(filled.action, data=filled.filled(**values, scope="all"))
    form = Page(shown.text).form("/announce/apply")
    said = browser.post(form.action, data=form.fields)

    assert said.status_code == 303
    with cottage.site.database.reading() as connection:
        found = {
            item.target
            for office in (CESHI, OTHER)
            for item in assignments.all_of(connection, office)
            if (item.asked.activity, item.asked.step) == ("kejizhou", "plan")
        }
    assert found == {date(2026, 5, 8)}
