"""The page of the cascade: a city sees how far its districts are, a district what it is asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from duban.account import Role
from duban.completion import Act, State
from duban.demanded import Part, counted, demanded
from flows.premises import today
from state import assignments, cascade
from state.scope import Scope
from tests.cascades import CITY, EAST, PLAN, WEST, city
from tests.console.conftest import House, make_house
from tests.console.pagereader import Page

OWN = [f"{EAST}/shui/2026/plan/shuili", f"{EAST}/shui/2026/plan/kexie"]
DECLINE = {"activity": "世界水日", "step": "summary", "reason": "区内没有水利设施"}


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Iterator[House]:
    """A city with two districts; 东区 declines the summary."""
    yield from make_house(database_url, tmp_path, applied=city(declines=[DECLINE]))


def act(town: House, key: str, doing: Act) -> int:
    desk, _ = town.site.desk(key.split("/")[0])
    day = today(desk.office, town.now)
    with town.site.database.writing() as connection:
        done = assignments.act(
            connection, desk, key, doing, at=town.now, today=day, actor="李干事", reason="退回"
        )
    return done.row


def page(town: House, office: str = CITY, query: str = "", **who: object) -> str:
    browser = town.browser(Role.MANAGER, login=f"m{len(query)}{office}", **who)  # type: ignore[arg-type]
    answer = browser.get(f"/o/{office}/cascade?year=2026{query}")
    assert answer.status_code == 200
    return Page(answer.text).words


def test_the_city_sees_what_each_district_took_on_declined_and_did(town: House) -> None:
    words = page(town)

    assert "东区 2 1 0 1" in words
    assert "西区 2 0 2 0" in words


def test_each_number_opens_its_rows(town: House) -> None:
    words = page(town, query=f"&district={EAST}&part=declined")

    assert "共 1 项" in words
    assert "区内没有水利设施" in words
    assert "西区 还没有" not in words


async def test_what_is_late_in_a_district_is_seen_before_the_citys_own_date(town: House) -> None:
    await town.tick()
    town.wind("2026-03-05T10:00")

    words = page(town, query="&part=late")

    assert "2 项逾期" in words
    assert "2026年3月6日" in words


def test_the_district_sees_what_it_is_asked_and_by_when(town: House) -> None:
    words = page(town, EAST)

    assert "测试市要求的 共 2 项" in words
    assert "2 项中 0 项已办结" in words
    assert "不承接 区内没有水利设施" in words


def test_an_account_of_the_city_alone_reads_numbers_and_has_no_way_into_the_district(
    town: House,
) -> None:
    browser = town.browser(Role.MANAGER, offices=(CITY,))

    shown = browser.get(f"/o/{CITY}/cascade?year=2026").text

    assert "东区" in shown
    assert f"/o/{EAST}/" not in shown
    assert browser.get(f"/o/{EAST}/cascade").status_code == 404


def test_what_the_city_returned_can_be_taken_up_again_in_the_district(town: House) -> None:
    for key in OWN:
        row = act(town, key, Act.COMPLETE)
    act(town, PLAN, Act.REPORT)
    act(town, PLAN, Act.RETURN)
    browser = town.browser(Role.SECRETARIAT)
    where = f"/o/{EAST}/items/{row}"

    form = Page(browser.get(where).text).form("/reopen")
    done = browser.post(f"{where}/reopen", data=form.filled(reason="补充"))

    assert done.status_code == 303
    with town.site.database.reading() as connection:
        assert assignments.find(connection, OWN[1]).state is State.RETURNED


def test_what_the_city_took_is_not_taken_up_again(town: House) -> None:
    row = act(town, OWN[0], Act.COMPLETE)
    browser = town.browser(Role.SECRETARIAT)

    shown = browser.get(f"/o/{EAST}/items/{row}").text

    assert "/reopen" not in shown


async def test_the_page_counts_as_one_does_by_hand(town: House) -> None:
    await town.tick()
    act(town, OWN[0], Act.COMPLETE)
    act(town, f"{CITY}/shui/2026/plan/xiqu", Act.REPORT)
    desk, _ = town.site.desk(CITY)
    with town.site.database.reading() as connection:
        asked = cascade.asked_of(connection, Scope(CITY, frozenset({"dongqu", "xiqu"})), 2026)
        own = cascade.progress(connection, [EAST, WEST], today(desk.office, town.now), 2026)

    counts = counted(
        demanded(desk, asked, own, today(desk.office, town.now)), lambda one: one.office
    )

    assert (counts[EAST].every, counts[WEST].every) == (2, 2)
    assert counts[EAST].parts == {
        Part.ADOPTED: 1,
        Part.UNDIVIDED: 0,
        Part.DECLINED: 1,
        Part.DONE: 0,
        Part.LATE: 1,
    }
    assert counts[WEST].parts[Part.DONE] == 1


def test_the_menu_names_the_page_only_where_there_is_one_above_or_below(house: House) -> None:
    browser = house.browser(Role.MANAGER)

    assert "/cascade" not in browser.get("/o/ceshi/board").text
