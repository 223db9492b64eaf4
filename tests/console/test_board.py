"""The managers' board: its numbers are those of the rows behind them."""

import re
from datetime import date
from typing import Any

from sqlalchemy import select

from duban.account import Role
from duban.completion import Act
from duban.desk import Desk
from duban.request import Kind
from flows import scoring
from flows.premises import today
from state import assignments, requests
from state.scope import Scope
from state.tables import assignment
from tests.books import book, document
from tests.console.conftest import House, people
from tests.console.pagereader import Page

PLAN = "ceshi/shui/2026/plan/shuili"
"""Due on 6 March."""


def act(house: House, key: str, doing: Act) -> None:
    desk: Desk = house.site.desk("ceshi")[0]
    with house.site.database.writing() as connection:
        assignments.act(
            connection,
            desk,
            key,
            doing,
            at=house.now,
            today=today(desk.office, house.now),
            actor="李干事",
        )


def extend(house: House, key: str, until: date) -> None:
    """Asked and granted."""
    desk, scope = house.site.desk("ceshi")[0], Scope("ceshi")
    who: dict[str, Any] = {"at": house.now, "actor": "李干事", "via": ""}
    with house.site.database.writing() as connection:
        row = assignments.find(connection, key).row
        asked = requests.ask(
            connection,
            scope,
            row,
            Kind.EXTENSION,
            today=house.now.date(),
            reason="材料还在会签",
            wanted=until,
            **who,
        )
        requests.grant(connection, desk, scope, asked.id, **who)


def board(house: House) -> str:
    """After a night."""
    scoring.run(house.site, house.now)
    return Page(house.browser(Role.MANAGER).get("/o/ceshi/board").text).words


async def overdue(house: House) -> None:
    """The plan was told of, and its day is past."""
    await house.tick()
    house.wind("2026-03-16T10:00")


def tile(page: str, label: str) -> int:
    return int(re.findall(rf"<b>(\d+)</b>{label}", page)[0])


async def test_an_overdue_item_shows_with_its_age_in_working_days(house: House) -> None:
    await overdue(house)

    said = house.browser(Role.MANAGER).get("/o/ceshi/board").text

    assert tile(said, "红灯") == 1
    assert "世界水日" in said
    assert "6 个工作日" in said


async def test_each_number_leads_to_the_rows_behind_it(house: House) -> None:
    await overdue(house)

    links = Page(house.browser(Role.MANAGER).get("/o/ceshi/board").text).links

    assert links["/o/ceshi/items?year=2026&department=shuili&lamp=red"] == "1"
    assert links["/o/ceshi/items?year=2026&activity=shui&lamp=red"] == "1"


async def test_what_was_reported_is_red_no_more(house: House) -> None:
    await overdue(house)
    browser = house.browser(Role.MANAGER)

    act(house, PLAN, Act.REPORT)

    said = browser.get("/o/ceshi/board").text
    assert tile(said, "红灯") == 0
    assert "没有逾期事项" in said


async def test_the_rate_of_a_month_counts_what_came_in_time(house: House) -> None:
    await house.tick()
    act(house, PLAN, Act.REPORT)
    house.wind("2026-04-20T10:00")

    assert "2026年3月 1 1 100%" in board(house)


async def test_a_granted_extension_moves_the_day_that_counts(house: House) -> None:
    await house.tick()
    extend(house, PLAN, date(2026, 4, 10))
    house.wind("2026-04-09T10:00")
    act(house, PLAN, Act.REPORT)
    house.wind("2026-05-04T10:00")

    said = board(house)

    assert "2026年3月 0 0 —" in said
    assert "2026年4月 3 1 33%" in said


async def test_a_report_at_the_last_minute_of_its_day_is_in_time(house: House) -> None:
    await house.tick()
    house.wind("2026-03-06T23:59")
    act(house, PLAN, Act.REPORT)
    house.wind("2026-03-09T10:00")

    assert "2026年3月 1 1 100%" in board(house)


async def test_a_report_of_the_next_day_is_late(house: House) -> None:
    await house.tick()
    house.wind("2026-03-07T00:00")
    act(house, PLAN, Act.REPORT)
    house.wind("2026-03-09T10:00")

    assert "2026年3月 1 0 0%" in board(house)


def test_a_year_with_nothing_in_it_is_told_kindly(cottage: House) -> None:
    cottage.wind("2031-03-02T10:00")

    said = cottage.browser(Role.MANAGER).get("/o/ceshi/board")

    assert said.status_code == 200
    assert "这一年没有督办事项" in said.text


def test_years_pages_and_words_that_are_none_are_passed_over(cottage: House) -> None:
    browser = cottage.browser(Role.MANAGER)

    for query in ("year=x", "year=9999", "year=-1", "page=0", "page=x", "page=999999", "year=٢"):
        assert browser.get(f"/o/ceshi/board?{query}").status_code == 200


async def test_overdue_items_of_other_years_are_not_forgotten(cottage: House) -> None:
    await overdue(cottage)
    cottage.wind("2027-03-16T10:00")
    browser = cottage.browser(Role.MANAGER)

    said = browser.get("/o/ceshi/board").text

    assert "其他年份还有 3 项逾期" in said
    assert tile(browser.get("/o/ceshi/board?year=all").text, "红灯") == 3


def with_district(**changes: Any) -> Any:
    data = document(contacts=people())
    city = data["branches"][0]
    office = {**city["office"], "id": "xian", "short": "测试县", "parent": "ceshi"}
    district = {**city, "office": office, "years": [{**city["years"][0], "office": "xian"}]}
    return book().model_validate({**data, "branches": [city, district]})


def test_a_city_sees_its_districts_and_enters_those_it_may(house: House) -> None:
    house.apply(with_district())

    every = house.browser(Role.MANAGER, login="all").get("/o/ceshi/board").text
    own = house.browser(Role.MANAGER, login="own", offices=("ceshi",)).get("/o/ceshi/board").text

    assert "/o/xian/board?year=2026" in Page(every).links
    assert "测试县" in own
    assert "/o/xian/" not in own


def test_a_districts_numbers_are_those_of_its_own_board(house: House) -> None:
    house.apply(with_district())
    browser = house.browser(Role.MANAGER)

    links = Page(browser.get("/o/ceshi/board").text).links
    own = browser.get("/o/xian/board").text

    assert links["/o/xian/items?year=2026&lamp=grey"] == str(tile(own, "未亮灯"))


def test_somebody_of_another_office_does_not_see_the_board(cottage: House) -> None:
    cottage.apply(with_district())

    said = cottage.browser(Role.MANAGER, offices=("xian",)).get("/o/ceshi/board")

    assert said.status_code == 404


def test_every_item_is_counted_once(house: House) -> None:
    said = house.browser(Role.MANAGER).get("/o/ceshi/board?year=all").text

    with house.site.database.reading() as connection:
        number = len(connection.execute(select(assignment.c.id)).all())
    assert tile(said, "合计（项）") == number
