"""Applying very many offices is applying each of them."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from adapters.branches import Branches, all_faults, read_shared
from adapters.countryfiles import Size
from adapters.files import read_site
from adapters.settings import load_settings
from adapters.snapshot import snapshot
from app.manyoffices import contents
from app.reading import prepare
from duban.book import Book
from flows import applying, countrywide, inforce
from flows.parcels import Summary
from flows.premises import Site
from state import sources
from state.assignments import Conflict
from state.database import Database
from state.tables import applied, assignment, event
from tests.countries import make_country

AT, LATER = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)
SIZE = Size(offices=18, activities=6, departments=3, seed=5)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_country(tmp_path_factory.mktemp("country"), SIZE)


@pytest.fixture
def home(model: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(model, tmp_path / "country"))


@pytest.fixture
def open_at(home: Path) -> Iterator[Callable[[str], Site]]:
    opened: list[Site] = []

    def made(url: str) -> Site:
        site = Site(load_settings(home, database=url))
        prepare(site)
        opened.append(site)
        return site

    yield made
    for site in opened:
        site.database.close()


def whole(home: Path) -> Book:
    reading = read_site(home)
    assert reading.book, [str(fault) for fault in reading.faults]
    return reading.book


def one_by_one(site: Site, at: datetime) -> None:
    book = whole(site.settings.home)
    applying.apply(site, book, applying.plan(site, book, at), at, "王主任")


def in_bulk(site: Site, at: datetime, processes: int = 1) -> countrywide.Plan:
    made = countrywide.plan(site, read_shared(site.settings.home), at, processes=processes)
    now = snapshot(site.settings.home)
    countrywide.apply(site, made, at, "王主任", contents(site.settings.home, now))
    return made


def rows(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All that applying writes, without the numbers of rows."""
    keys = assignment.c.key
    with database.reading() as connection:
        items = connection.execute(select(assignment).order_by(keys)).mappings().all()
        query = select(event, keys).join(assignment).order_by(keys, event.c.id)
        lines = connection.execute(query).mappings().all()
        documents = connection.execute(select(applied).order_by(applied.c.scope)).mappings().all()
    numbers = {"id", "assignment_id"}
    return {
        name: [tuple(value for key, value in row.items() if key not in numbers) for row in found]
        for name, found in (("items", items), ("lines", lines), ("documents", documents))
    }


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def another_date(home: Path, office: str, day: str = "2026-10-20") -> None:
    local = f"    dates: {{year: 2026, start: {day}, source: 测试}}\n"
    change(home / f"calendar/offices/{office}/2026.yaml", "    lead:", f"{local}    lead:")


@pytest.mark.parametrize("processes", [1, 2])
def test_in_bulk_gives_the_same_rows_and_events_as_one_by_one(
    open_at: Callable[[str], Site], database_url: str, tmp_path: Path, processes: int
) -> None:
    bulk, single = open_at(database_url), open_at(f"sqlite:///{tmp_path}/single.db")

    for at in (AT, LATER):
        one_by_one(single, at)
        in_bulk(bulk, at, processes)
        another_date(bulk.settings.home, "d0001")
        change(bulk.settings.home / "config/ladders.yaml", "到期前5个工作日}", "到期前6个工作日}")

    assert rows(bulk.database) == rows(single.database)
    assert len(rows(bulk.database)["items"]) > 1000


def test_only_what_follows_from_a_changed_file_is_planned_and_the_result_is_the_same(
    open_at: Callable[[str], Site], home: Path, tmp_path: Path
) -> None:
    site, other = (open_at(f"sqlite:///{tmp_path}/{name}.db") for name in ("some", "all"))
    for one in (site, other):
        in_bulk(one, AT)
    asking = next(branch.office.id for branch in whole(home).branches if branch.linked)
    another_date(home, asking)

    found = inforce.differing(site, snapshot(home))
    assert found.offices == {asking}
    few = inforce.touched(site, found.offices, snapshot(home))
    made = countrywide.plan(
        site, few.shared, LATER, few.offices, known=few.known, faulty=few.faulty
    )
    scopes = countrywide.apply(site, made, LATER, "王主任", contents(home, found.files))
    one_by_one(other, LATER)

    assert scopes == [asking]
    assert asking in few.offices
    assert 1 < len(few.offices) < 12
    assert rows(site.database) == rows(other.database)
    assert inforce.differing(site, snapshot(home)).files == {}


def test_an_item_that_somebody_moved_meanwhile_leaves_everything_as_it_was(
    open_at: Callable[[str], Site], home: Path, database_url: str
) -> None:
    site = open_at(database_url)
    in_bulk(site, AT)
    for office in ("d0001", "d0002", "d0009"):
        another_date(home, office)
    made = countrywide.plan(site, read_shared(home), LATER)
    moved = update(assignment).where(assignment.c.office == "d0002").values(version=7)
    with site.database.writing() as connection:
        connection.execute(moved)
    before = rows(site.database)

    with pytest.raises(Conflict):
        countrywide.apply(site, made, LATER, "王主任")

    assert rows(site.database) == before


def test_a_calendar_that_somebody_else_applied_meanwhile_is_a_conflict(
    open_at: Callable[[str], Site], home: Path, database_url: str
) -> None:
    site = open_at(database_url)
    made = countrywide.plan(site, read_shared(home), AT)
    one_by_one(site, AT)
    before = rows(site.database)

    with pytest.raises(Conflict, match="刚刚被别人应用过"):
        countrywide.apply(site, made, LATER, "王主任")

    assert rows(site.database) == before


def test_a_plan_with_faults_cannot_be_applied(open_at: Callable[[str], Site], home: Path) -> None:
    change(home / "calendar/offices/d0003/2026.yaml", "steps: ", "stepz: ")
    site = open_at(f"sqlite:///{home}/faulty.db")
    made = countrywide.plan(site, read_shared(home), AT)

    with pytest.raises(countrywide.Faulty):
        countrywide.apply(site, made, AT, "王主任")

    assert [fault.place.file for fault in made.faults] == ["calendar/offices/d0003/2026.yaml"]
    assert rows(site.database) == {"items": [], "lines": [], "documents": []}


def _no_such_office(home: Path) -> None:
    shutil.copy(home / "config/contacts/d0001.yaml", home / "config/contacts/d0100.yaml")


FAULTS = {
    "a name": lambda home: change(home / "config/offices.yaml", "region: 县", "regio: 县"),
    "a set": lambda home: change(home / "calendar/steps.yaml", "id: campaign", "id: campaigns"),
    "a clerk": lambda home: change(
        home / "config/contacts/d0001.yaml", "经办人\n    email", "x\n   email"
    ),
    "a department": lambda home: change(
        home / "config/departments/d0004.yaml", "short: 县", "short: 区"
    ),
    "a file": lambda home: (home / "config/contacts/d0005.yaml").unlink(),
    "a place": lambda home: (home / "config/contacts/d0005.yaml").rename(
        home / "config/d0005.yaml"
    ),
    "an office": _no_such_office,
    "a parent": lambda home: change(home / "config/offices.yaml", "parent: c001", "parent: c009"),
    "days": lambda home: change(
        home / "calendar/workdays/2026.yaml", "start: 2026-01-01", "start: 2026-01-09"
    ),
}


@pytest.mark.parametrize("what", FAULTS)
def test_office_by_office_the_same_faults_are_found_as_in_the_whole(home: Path, what: str) -> None:
    FAULTS[what](home)

    found = all_faults(Branches(read_shared(home)))

    together = read_site(home).faults
    assert together
    assert sorted(map(str, found)) == sorted(map(str, together))


def test_files_are_kept_once_each_and_what_was_kept_comes_back(
    open_at: Callable[[str], Site], home: Path, database_url: str
) -> None:
    site = open_at(database_url)
    in_bulk(site, AT)
    file = "calendar/offices/d0001/2026.yaml"
    before = (home / file).read_text(encoding="utf-8")
    another_date(home, "d0001")
    in_bulk(site, LATER)

    with site.database.reading() as connection:
        old, new = sorted(sources.versions(connection, ["d0001"], 0, 9), key=lambda one: one.row)
        kept = [sources.files_of(connection, one.row, "d0001") for one in (old, new)]

    assert kept[0]
    assert kept[1]
    assert kept[0][file] == before
    assert kept[1][file] == (home / file).read_text(encoding="utf-8")
    assert {name for name in kept[0] if kept[0][name] != kept[1][name]} == {file}
    assert "config/contacts/d0001.yaml" in kept[0]
    assert "config/contacts/d0002.yaml" not in kept[0]


def test_a_full_disk_is_told_before_anything_is_written(home: Path) -> None:
    with Path("/dev/full").open("wb", buffering=0) as full:
        made = countrywide.Plan("0", read_shared(home), _spool=full)

        with pytest.raises(countrywide.NoRoom, match="腾出空间"):
            made.add(Summary("d0001", "测试县", (1, 0, 0, 0, 0), 0, 0, ()), b"parcel")
