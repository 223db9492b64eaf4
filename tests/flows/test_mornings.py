"""The mornings of several offices are posted together, and none keeps another one's letters waiting."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from flows import mornings
from state import outbox
from state.bundles import Frozen
from tests.cascades import CITY, EAST, WEST, city
from tests.flows.test_parts import NAMES, NOTICE, offices
from tests.sitting import Sitting, sitting

CITYS_NOTICE = "2026-02-24T09:00"


class Broken(Exception):
    pass


def count_transactions(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Which offices' mornings came into each of them."""
    together: list[list[str]] = []
    post = outbox.post

    def noted(connection: Any, sheaves: Sequence[outbox.Sheaf], **rest: Any) -> set[str]:
        together.append([one.office for one in sheaves])
        return post(connection, sheaves, **rest)

    monkeypatch.setattr(outbox, "post", noted)
    return together


def break_down(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program fails with the office `bo`, while it composes or while it posts."""
    compose, post = mornings.compose, outbox.post

    def composing(site: Any, desk: Any, *rest: Any, **more: Any) -> Any:
        if desk.office.id == "bo":
            raise Broken
        return compose(site, desk, *rest, **more)

    def posting(connection: Any, sheaves: Sequence[outbox.Sheaf], **rest: Any) -> set[str]:
        lost = post(connection, sheaves, **rest)
        if any(one.office == "bo" for one in sheaves):
            raise Broken
        return lost

    if what == "compose":
        monkeypatch.setattr(mornings, "compose", composing)
    else:
        monkeypatch.setattr(outbox, "post", posting)


async def letters(one: Sitting, when: str = NOTICE) -> dict[str, int]:
    return {each.office: each.count for each in (await one.tick(when)).written}


async def test_offices_that_have_little_to_say_are_posted_in_one_transaction(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = count_transactions(monkeypatch)
    async with sitting(database_url, offices()) as one:
        assert await letters(one) == dict.fromkeys(NAMES, 2)

        assert together == [list(NAMES)]


async def test_who_has_much_to_say_is_posted_while_the_next_one_is_composed(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mornings, "FEW", 3)
    monkeypatch.setattr(mornings, "TOGETHER", 3)
    together = count_transactions(monkeypatch)
    async with sitting(database_url, offices()) as one:
        assert await letters(one) == dict.fromkeys(NAMES, 2)

        assert together == [["an", "bo"], ["ceshi", "du"]]


@pytest.mark.parametrize("what", ["compose", "post"])
async def test_an_office_with_which_the_program_fails_keeps_nobody_elses_letters(
    database_url: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sitting(database_url, offices()) as one:
        with monkeypatch.context() as patch:
            break_down(what, patch)
            ticked = await one.tick(NOTICE)

        assert {each.office: each.count for each in ticked.written} == {
            **dict.fromkeys(NAMES, 2),
            "bo": 0,
        }
        (fault,) = ticked.figures["faults"]
        assert fault.startswith("bo：程序出错")
        assert len(one.recipients()) == 6

        again = await letters(one)
        assert again == {**dict.fromkeys(NAMES, 0), "bo": 2}
        assert len(one.recipients()) == len(set(one.recipients())) == 8


async def test_what_a_common_reader_gets_from_the_city_is_posted_before_his_district_asks(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The 经办人 of a district answers to the city, and is asked by his own office as well."""
    together = count_transactions(monkeypatch)
    async with sitting(database_url, city()) as one:
        await one.tick(CITYS_NOTICE)

        assert together == [[CITY], [EAST, WEST]]
        assert max(Counter(one.recipients()).values()) == 1


async def test_bodies_come_back_byte_for_byte(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also many at once, which PostgreSQL takes by COPY."""
    frozen: list[Frozen] = []
    post = outbox.post

    def kept(connection: Any, sheaves: Sequence[outbox.Sheaf], **rest: Any) -> set[str]:
        frozen.extend(one for sheaf in sheaves for one in sheaf.letters)
        return post(connection, sheaves, **rest)

    monkeypatch.setattr(outbox, "post", kept)
    async with sitting(database_url, offices()) as one:
        await one.tick(NOTICE)

        caught = {each.recipient: each.mime for each in one.catcher.caught}
    assert len(frozen) == 8
    assert {each.letter.recipient: each.mime for each in frozen} == caught
