"""A tick opens the desks of those offices that have something to do, and of no others."""

from datetime import date

import pytest
from sqlalchemy import update

from duban.kept import Kept
from flows import desks
from flows.premises import Site
from state.tables import assignment
from tests.flows.test_parts import NAMES, NOTICE, offices
from tests.sitting import Sitting, sitting

LATER = "2026-02-14T09:05"


def anew(one: Sitting) -> None:
    """The same site, as a process finds it that has just begun."""
    was = one.site
    one.site = Site(was.settings, server=was.server)


def opened(one: Sitting) -> list[str]:
    return sorted(id for id, _ in one.site.desks()._opened.items())


async def test_a_tick_with_nothing_to_do_opens_no_desk(database_url: str) -> None:
    async with sitting(database_url, offices()) as one:
        await one.tick(NOTICE)
        anew(one)
        again = await one.tick(LATER)

        assert opened(one) == []
        assert [each.office for each in again.written] == list(NAMES)


async def test_a_tick_opens_the_desk_of_who_has_something_due(database_url: str) -> None:
    async with sitting(database_url, offices()) as one:
        await one.tick(NOTICE)
        with one.site.database.writing() as connection:
            item = assignment.c.key == "bo/shui/2026/plan/shuili"
            connection.execute(update(assignment).where(item).values(next_on=date(2026, 2, 14)))
        anew(one)
        await one.tick(LATER)

        assert opened(one) == ["bo"]


async def test_a_letter_of_yesterday_is_taken_back_by_opening_its_office_alone(
    database_url: str,
) -> None:
    async with sitting(database_url, offices()) as one:
        one.site.settings.mail.per_day = 7
        await one.tick(NOTICE)
        anew(one)
        one.site.settings.mail.per_day = None
        ticked = await one.tick("2026-02-24T08:00")

        assert ticked.withdrawn == 1
        assert len(opened(one)) == 1


@pytest.mark.parametrize("most", [1, 2])
async def test_few_desks_stay_open_and_the_letters_are_the_same(
    database_url: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "KEPT", most)
    async with sitting(database_url, offices()) as one:
        ticked = await one.tick(NOTICE)

        assert len(opened(one)) == most
        assert sum(each.count for each in ticked.written) == 8


async def test_of_very_many_letters_the_first_are_named_and_all_are_counted(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.tick.MOST", 3)
    async with sitting(database_url, offices()) as one:
        ticked = await one.tick(NOTICE)

        assert [len(each.letters) for each in ticked.written] == [2, 1, 0, 0]
        assert ticked.figures["letters"] == len(one.recipients()) == 8


def test_what_was_used_last_is_kept() -> None:
    kept: Kept[str, str] = Kept(2)
    for key in ("a", "b"):
        kept.put(key, key.upper())
    kept.get("a")

    kept.put("c", "C")

    assert [key for key, _ in kept.items()] == ["a", "c"]
    assert kept.get("b") is None
    assert kept.put("a", "other") == "A"


def test_what_is_put_away_is_told() -> None:
    gone: list[str] = []
    kept: Kept[str, str] = Kept(1, gone.append)

    kept.put("a", "A")
    kept.put("b", "B")

    assert gone == ["A"]
