"""A made-up country is a valid site, the same one each time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.files import Reading, read_site
from duban.agenda import agenda
from duban.book import Book
from duban.desk import desks
from duban.generating.country import Level, seats
from duban.office import Role
from tests.app.conftest import Duban


@pytest.fixture
def country(duban: Duban, tmp_path: Path) -> Path:
    folder = tmp_path / "country"
    small = ("--offices", "30", "--activities", "12", "--departments", "6")
    assert duban("generate", *small, "--into", str(folder)).code == 0
    return folder


@pytest.fixture
def book(country: Path) -> Book:
    reading: Reading = read_site(country)
    assert reading.faults == ()
    assert reading.book
    return reading.book


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def test_check_finds_no_fault_in_a_made_up_country(
    duban: Duban, country: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(country)

    said = duban("check")

    assert (said.code, said.out) == (0, "没有发现错误。\n")


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(
    duban: Duban, tmp_path: Path
) -> None:
    small = ("--offices", "3", "--activities", "30", "--departments", "4")
    for name, seed in (("one", "7"), ("two", "7"), ("other", "8")):
        assert not duban("generate", *small, "--seed", seed, "--into", str(tmp_path / name)).code

    one, two, other = (dict(files(tmp_path / name)) for name in ("one", "two", "other"))

    assert one == two
    assert one.keys() == other.keys()
    assert one != other


def test_a_whole_country_has_333_cities_and_31_provinces() -> None:
    every = list(seats(3000))

    counted = [sum(seat.level is level for seat in every) for level in Level]

    assert counted == [31, 333, 3000]
    assert len({seat.id for seat in every}) == 3364
    known = {seat.id: seat.level for seat in every}
    above = {(seat.level, known.get(seat.parent or "")) for seat in every}
    assert above == {
        (Level.PROVINCE, None),
        (Level.CITY, Level.PROVINCE),
        (Level.COUNTY, Level.CITY),
    }


def test_every_role_is_filled_by_addresses_that_do_not_exist(book: Book) -> None:
    people = [person for branch in book.branches for person in branch.contacts]

    assert {person.role for person in people} == set(Role)
    assert all(person.email.endswith(".example") for person in people)


def test_some_cities_ask_their_counties_and_no_group_is_larger_than_a_city(book: Book) -> None:
    asking = {branch.office.id: branch.linked for branch in book.branches if branch.linked}

    assert 0 < len(asking) <= 3
    assert all(id.startswith("c") for id in asking)
    assert max(map(len, asking.values())) <= 10
    handed = {item for desk in desks(book) for item in agenda(desk).adopted}
    assert handed


def test_each_office_of_the_usual_size_has_some_1490_items(duban: Duban, tmp_path: Path) -> None:
    duban("generate", "--offices", "3", "--into", str(tmp_path / "usual"))
    reading = read_site(tmp_path / "usual")
    assert reading.book

    counts = [len(agenda(desk).duties) for desk in desks(reading.book)]

    assert [len(branch.years[0].activities) for branch in reading.book.branches] == [60] * 5
    assert all(1450 < count < 1600 for count in counts)


def test_a_folder_that_holds_anything_is_left_alone(duban: Duban, home: Path) -> None:
    before = dict(files(home))

    said = duban("generate", "--offices", "1", "--into", ".")

    assert said.code == 2
    assert "请换一个空的文件夹" in said.err
    assert dict(files(home)) == before
