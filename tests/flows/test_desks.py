"""The desks of a site with many offices: each opened when it is asked for, and kept while it is true."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from adapters.settings import load_settings
from duban.book import Book
from flows import applying
from flows.premises import NothingApplied, Site
from tests.books import book, document
from tests.sitting import REPOSITORY, at

NOW = at("2026-03-02T10:00")


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Iterator[Site]:
    made = Site(load_settings(REPOSITORY, database=database_url, seats=tmp_path / "seats"))
    with closing(made.database):
        yield made


def two_offices(**changes: Any) -> Book:
    """`ceshi`, and its district `xian`; `changes` are of the second one's office."""
    data = document()
    first = data["branches"][0]
    office = {**first["office"], "id": "xian", "short": "测试县", "parent": "ceshi", **changes}
    second = {**first, "office": office, "years": [{**first["years"][0], "office": "xian"}]}
    return Book.model_validate({**data, "branches": [first, second]})


def apply(site: Site, changed: Book) -> None:
    applying.apply(site, changed, applying.plan(site, changed, NOW), NOW, "王主任")


def test_without_an_applied_calendar_there_are_none(site: Site) -> None:
    with pytest.raises(NothingApplied):
        site.desks()


def test_which_offices_there_are_is_known_without_opening_a_desk(site: Site) -> None:
    apply(site, two_offices())

    desks = site.desks()

    assert list(desks) == ["ceshi", "xian"]
    assert {id: one.parent for id, one in desks.offices.items()} == {"ceshi": None, "xian": "ceshi"}
    assert not desks._opened


def test_a_desk_is_the_same_as_that_of_the_whole_book(site: Site) -> None:
    apply(site, two_offices())

    desk, agenda = site.desk("xian")

    assert desk.office.short == "测试县"
    assert desk.called("shuili") == "市水利局"
    assert {key.split("/")[0] for key in agenda.duties} == {"xian"}


def test_another_calendar_of_one_office_leaves_the_others_desks_as_they_are(site: Site) -> None:
    apply(site, two_offices())
    before = {id: site.desk(id) for id in ("ceshi", "xian")}

    apply(site, two_offices(short="新测试县"))

    assert site.desk("ceshi") is before["ceshi"]
    assert site.desk("xian")[0].office.short == "新测试县"


def test_another_working_calendar_changes_every_desk(site: Site) -> None:
    apply(site, book())
    before, _ = site.desk("ceshi")

    apply(site, book(common={"workdays": []}))

    after, _ = site.desk("ceshi")
    assert before.workdays.years
    assert not after.workdays.years


def test_offices_come_behind_the_one_above_and_some_beside_it(site: Site) -> None:
    apply(
        site,
        _family({"p": None, "c1": "p", "c2": "p", "c3": "p", "c4": "p", "d1": "c1", "d2": "c2"}),
    )

    assert site.desks().downwards == ["p", "c1", "c2", "c3", "d1", "c4", "d2"]


def _family(parents: dict[str, str | None]) -> Book:
    data = document()
    first = data["branches"][0]
    branches = [
        {
            **first,
            "office": {**first["office"], "id": id, "parent": parent},
            "years": [{**one, "office": id} for one in first["years"]],
        }
        for id, parent in parents.items()
    ]
    return Book.model_validate({**data, "branches": branches})
