"""A date becomes known: filled in, looked at with its letters, confirmed, and told to everybody concerned."""

from typing import Any

import pytest
from httpx import Response
from starlette.testclient import TestClient

from adapters.yamlfile import read_yaml
from duban.account import Role
from duban.ladder import CHANGE
from tests.books import book
from tests.console.conftest import OFFICE, House, people
from tests.console.desking import BASE, item, page, send
from tests.console.pagereader import Page

PLAN = "ceshi/kejizhou/2026/plan/keji"
WEEK = {
    "activity": "kejizhou",
    "year": "2026",
    "start": "2026-03-28",
    "end": "2026-04-03",
    "source": "国科发才〔2026〕1号",
}


def filled(browser: TestClient, **values: str) -> Response:
    return send(browser, page(browser, f"{BASE}/announce"), "/announce", **{**WEEK, **values})


def confirmed(browser: TestClient, **values: str) -> Response:
    shown = filled(browser, **values)
    assert shown.status_code == 200, Page(shown.text).words
    return send(browser, Page(shown.text), "/announce/apply")


def file(house: House) -> Any:
    return house.site.settings.path("calendar/announcements.yaml")


async def test_before_it_is_confirmed_the_diff_and_its_letters_are_shown_and_nothing_is_written(
    house: House,
) -> None:
    browser = house.browser(Role.SECRETARIAT)

    shown = Page(filled(browser).text).words

    for words in ("改期 3 项", "3月13日", "将因此寄出 1 封信", "市科技局联络员"):
        assert words in shown
    assert item(house, PLAN).target is None
    assert not file(house).exists()


async def test_a_confirmed_date_is_in_the_file_and_its_notice_goes_out(house: House) -> None:
    browser = house.browser(Role.SECRETARIAT)

    said = confirmed(browser)
    await house.tick()

    assert said.status_code == 303
    assert str(item(house, PLAN).told) == "2026-03-13"
    (record,) = read_yaml(file(house).read_bytes(), "x").data["announcements"]
    assert record["source"] == "国科发才〔2026〕1号"
    assert record["recorded_by"] == "secretariat同志（secretariat）"


async def test_another_date_makes_a_change_notice_in_the_next_tick(house: House) -> None:
    confirmed(house.browser(Role.SECRETARIAT))
    await house.tick()
    house.wind("2026-03-04T10:00")

    confirmed(house.browser(Role.SECRETARIAT, login="next"), start="2026-04-18", end="")
    await house.tick()

    assert str(item(house, PLAN).told) == "2026-04-03"
    assert item(house, PLAN).stage == CHANGE


async def test_a_date_that_is_taken_back_is_unknown_again(cottage: House) -> None:
    browser = cottage.browser(Role.SECRETARIAT)
    confirmed(browser)
    cottage.wind("2026-03-02T10:20")

    said = confirmed(browser, start="", end="", back="1")

    assert said.status_code == 303
    assert item(cottage, PLAN).target is None


async def test_what_would_be_something_else_by_now_is_shown_again(cottage: House) -> None:
    browser = cottage.browser(Role.SECRETARIAT)
    shown = Page(filled(browser).text)
    entries = [{"activity": "科技活动周", "lead": "市科协", "steps": "day"}]
    years = [{"office": "ceshi", "year": 2026, "activities": entries}]
    cottage.apply(book(contacts=people(), years=years))

    said = send(browser, shown, "/announce/apply")

    assert said.status_code == 409
    assert "重新看一遍变化" in Page(said.text).words
    assert not file(cottage).exists()


async def test_somebodys_unfinished_calendar_is_not_applied_with_it(cottage: House) -> None:
    home = cottage.site.settings.home
    (home / "calendar").mkdir()
    (home / "calendar" / "observances.yaml").write_text("半成品", encoding="utf-8")

    said = confirmed(cottage.browser(Role.SECRETARIAT))

    assert said.status_code == 303
    assert str(item(cottage, PLAN).target) == "2026-03-13"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"activity": ""}, "请从列表里选择活动"),
        ({"start": ""}, "请填写开始的日期"),
        ({"start": "2026-13-01"}, "看不懂日期"),
        ({"end": "2026-03-01"}, "早于开始"),
        ({"source": ""}, "请写明依据"),
        ({"year": "明年"}, "不是数字"),
        ({"year": "2031"}, "不在2031年前后"),
        ({"back": "1"}, "开始和结束请留空"),
    ],
)
def test_what_cannot_be_is_told_and_the_form_keeps_what_was_filled_in(
    cottage: House, values: dict[str, str], words: str
) -> None:
    said = filled(cottage.browser(Role.SECRETARIAT), announced="2026-03-01", **values)

    assert said.status_code == 422
    assert words in Page(said.text).words
    assert Page(said.text).form("/announce").fields["announced"] == ["2026-03-01"]


def test_the_account_of_one_office_records_for_that_office_only(cottage: House) -> None:
    browser = cottage.browser(Role.SECRETARIAT, offices=(OFFICE,))

    confirmed(browser, scope="all")

    (record,) = read_yaml(file(cottage).read_bytes(), "x").data["announcements"]
    assert record["office"] == OFFICE


def test_a_date_to_confirm_leads_to_its_form_filled_in(cottage: House) -> None:
    cottage.wind("2026-05-06T10:00")
    browser = cottage.browser(Role.SECRETARIAT)
    shown = page(browser, f"{BASE}/today")
    (link,) = [path for path in shown.links if "/announce?" in path]

    form = page(browser, link).form("/announce")

    assert (form.fields["activity"], form.fields["year"]) == (["kejizhou"], ["2026"])
