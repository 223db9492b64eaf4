"""The pages of scores: each number opens to its items, and each item to the lines that it was judged by."""

import re

from httpx import Response
from starlette.testclient import TestClient

from duban.account import Role
from duban.completion import Act
from flows import scoring
from tests.console.conftest import House
from tests.console.counting import queries
from tests.console.pagereader import Page
from tests.console.test_board import PLAN, act

SCORES = "/o/ceshi/scores"
SUMMARY = "ceshi/shui/2026/summary/shuili"
"""Due on 7 April, like that of the supporting department."""


async def scored(house: House) -> TestClient:
    """March's plan came in time, April's summaries never; a night later in May."""
    await house.tick()
    act(house, PLAN, Act.REPORT)
    house.wind("2026-04-20T10:00")
    await house.tick()
    house.wind("2026-05-06T00:20")
    scoring.run(house.site, house.now)
    return house.browser(Role.MANAGER)


def read(browser: TestClient, path: str) -> Page:
    said: Response = browser.get(path)
    assert said.status_code == 200, said.text
    return Page(said.text)


async def test_departments_stand_in_the_order_of_their_scores(house: House) -> None:
    words = read(await scored(house), SCORES).words

    assert "1 市水利局" in words
    assert words.index("市水利局") < words.index("2 市科协")
    assert re.search(r"市水利局 红灯 50\.0 50% 2 1 0 1 0", words)
    assert re.search(r"市科协 红灯 0\.0 0% 1 0 0 1 0", words)


async def test_a_month_and_a_quarter_have_what_was_due_in_them(house: House) -> None:
    browser = await scored(house)

    march = read(browser, f"{SCORES}?period=2026-03").words
    quarter = read(browser, f"{SCORES}?period=2026-Q2").words

    assert re.search(r"市水利局 绿灯 100\.0 100% 1 1 0 0 0", march)
    assert "市科协" not in march
    assert re.search(r"市水利局 红灯 0\.0 0% 1 0 0 1 0", quarter)


async def test_each_number_opens_to_its_items_and_their_lines(house: House) -> None:
    browser = await scored(house)
    links = read(browser, SCORES).links

    path = f"{SCORES}/shuili?period=2026"
    assert links[f"{path}&outcome=kept"] == links[f"{path}&outcome=missing"] == "1"

    words = read(browser, f"{path}&outcome=kept").words
    assert "方案报送" in words
    assert "总结报送" not in words
    assert "列入，时限 2026年3月6日" in words
    assert "2026年3月2日（星期一） 通知" in words
    assert "2026年3月2日（星期一） 报送" in words


async def test_what_is_not_counted_says_why(house: House) -> None:
    await house.tick()
    act(house, PLAN, Act.EXEMPT)
    house.wind("2026-05-06T00:20")
    scoring.run(house.site, house.now)

    words = read(house.browser(Role.MANAGER), f"{SCORES}/shuili?outcome=omitted").words

    assert "已免办" in words


async def test_the_page_says_until_when_it_counts(house: House) -> None:
    browser = await scored(house)

    assert "2026年1月1日至2026年5月5日到期的事项（时段还没有结束）" in read(browser, SCORES).words
    assert (
        "2026年1月1日至2026年3月31日到期的事项。" in read(browser, f"{SCORES}?period=2026-Q1").words
    )


async def test_other_rules_are_said_to_be_others_until_the_next_night(house: House) -> None:
    browser = await scored(house)
    scored_by = house.site.desk("ceshi")[0].book
    rules = scored_by.common.scoring.model_copy(update={"counted": ()})
    common = scored_by.common.model_copy(update={"scoring": rules})
    house.apply(scored_by.model_copy(update={"common": common}))

    assert "考核规则、放假安排或规划阶段刚刚改过" in read(browser, SCORES).words

    scoring.run(house.site, house.now)
    assert "刚刚改过" not in read(browser, SCORES).words


def test_before_the_first_night_there_is_no_score(cottage: House) -> None:
    browser = cottage.browser(Role.MANAGER)

    assert "还没有算过考核结果" in read(browser, SCORES).words
    assert "没有这样的事项" in read(browser, f"{SCORES}/shuili").words


async def test_periods_and_departments_that_are_none_are_told_kindly(cottage: House) -> None:
    browser = await scored(cottage)

    for period in ("x", "2026-13", "9999", "%00", "a" * 300, "1999-01"):
        assert browser.get(f"{SCORES}?period={period}").status_code == 200
        assert browser.get(f"{SCORES}/shuili?period={period}&page=9&outcome=x").status_code == 200
    assert browser.get(f"{SCORES}/nobody").status_code == 404


async def test_a_page_of_scores_asks_little(cottage: House) -> None:
    browser = await scored(cottage)

    assert queries(cottage, browser, SCORES) <= 8
    assert queries(cottage, browser, f"{SCORES}/shuili") <= 11
