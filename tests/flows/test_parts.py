"""Flows that go over a part of all offices: together the parts do what one flow over all does."""

import json

import pytest
from sqlalchemy import select, update

from duban.book import Book
from duban.parts import NoPart
from flows import scoring
from state.tables import applied
from tests.books import document
from tests.sitting import at, sitting

NOTICE = "2026-02-14T09:00"
NAMES = ("an", "bo", "ceshi", "du")


def offices() -> Book:
    """Four that have nothing to do with each other."""
    data = document()
    first = data["branches"][0]
    return Book.model_validate({**data, "branches": [_office(first, id) for id in NAMES]})


def _office(first: dict, id: str) -> dict:
    contacts = [{**one, "email": f"{id}-{one['email']}"} for one in first["contacts"]]
    years = [{**one, "office": id} for one in first["years"]]
    office = {**first["office"], "id": id}
    return {**first, "office": office, "contacts": contacts, "years": years}


async def test_two_parts_write_what_one_tick_over_all_offices_writes(database_url: str) -> None:
    async with sitting(database_url, offices()) as one:
        first = await one.tick(NOTICE, part="1/2")
        second = await one.tick(NOTICE, part="2/2")
        rest = await one.tick(NOTICE)

    halves = [{each.office for each in ticked.written} for ticked in (first, second)]
    assert halves == [{"an", "ceshi"}, {"bo", "du"}]
    assert {len(each.letters) for ticked in (first, second) for each in ticked.written} == {2}
    assert not any(each.letters for each in rest.written)
    assert len(one.recipients()) == len(set(one.recipients())) == 8


async def test_what_names_no_part_is_refused_before_anything_is_written(database_url: str) -> None:
    async with sitting(database_url, offices()) as one:
        with pytest.raises(NoPart):
            await one.tick(NOTICE, part="3/2")

        assert one.recipients() == []


async def test_scores_are_made_by_parts(database_url: str) -> None:
    async with sitting(database_url, offices()) as one:
        done = [scoring.run(one.site, at(NOTICE), part=part) for part in ("1/2", "2/2", "")]

    assert [(scored.offices, scored.years) for scored in done] == [(2, 2), (2, 2), (4, 0)]


async def test_an_office_that_cannot_be_opened_leaves_the_others_alone(database_url: str) -> None:
    async with sitting(database_url, offices()) as one:
        with one.site.database.writing() as connection:
            row = connection.execute(select(applied).where(applied.c.scope == "bo")).one()
            broken = json.dumps({**json.loads(row.document), "contacts": 5})
            connection.execute(
                update(applied).where(applied.c.id == row.id).values(document=broken)
            )
        one.site._desks = None
        ticked = await one.tick(NOTICE)

    letters = {each.office: (len(each.letters), len(each.faults)) for each in ticked.written}
    assert letters == {"an": (2, 0), "bo": (0, 1), "ceshi": (2, 0), "du": (2, 0)}
