"""A target's value from the department's form to the page of the programme."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from duban.account import Role
from duban.completion import Act
from duban.letter import Kind
from tests.console.conftest import House, make_house, people
from tests.console.counting import queries
from tests.console.desking import BASE, do, item, page, row, send
from tests.console.replying import KEXIE, events, link, mails, text
from tests.console.replying import do as reply
from tests.programmes import LITERACY, programme, programmed, target

PAGE = f"{BASE}/programmes/outline"


@pytest.fixture
def hall(database_url: str, tmp_path: Path) -> Iterator[House]:
    """A programme in its last year, on both databases."""
    yield from make_house(database_url, tmp_path, applied=programmed(contacts=people()))


@pytest.fixture
async def told(hall: House) -> House:
    """On the morning after the notices of the year's end."""
    hall.wind("2026-11-02T09:00")
    await hall.tick()
    return hall


def form(house: House) -> tuple[TestClient, str]:
    browser = house.client()
    return browser, f"{link(house, KEXIE)}/{row(house, LITERACY)}"


def test_a_departments_form_asks_the_lead_for_the_value(told: House) -> None:
    browser, here = form(told)

    said = browser.get(here).text

    assert "2026年的数值（截至年末，单位：%）" in said
    assert "目标：2026年至少13%" in said


def test_a_reported_value_stands_on_the_item_in_its_history_and_on_the_programmes_page(
    told: House,
) -> None:
    browser, here = form(told)

    reply(browser, here, "report", value="11.2%", text="全市抽样调查结果")

    desk = told.browser(Role.SECRETARIAT)
    assert "数值：11.2%" in desk.get(f"{BASE}/items/{row(told, LITERACY)}").text
    assert [line.reason for line in events(told, "report", LITERACY)] == [
        "数值：11.2%。全市抽样调查结果"
    ]
    shown = desk.get(PAGE).text
    assert "11.2%" in shown
    assert "待审核" in shown


@pytest.mark.parametrize(
    ("value", "fault"),
    [("", "请填写2026年的数值"), ("大约一成", "看不懂"), ("12.345678", "最多四位小数")],
)
def test_what_is_no_value_comes_back_with_what_is_wrong(
    told: House, value: str, fault: str
) -> None:
    browser, here = form(told)

    said = reply(browser, here, "report", value=value, text="见附件")

    assert said.status_code == 422
    assert fault in said.text
    assert "见附件" in said.text
    assert item(told, LITERACY).state.value == "notified"


def test_a_year_without_data_is_reported_with_its_reason(told: House) -> None:
    browser, here = form(told)
    bare = reply(browser, here, "report", **{"no-value": "1", "text": ""})

    said = reply(browser, here, "report", **{"no-value": "1", "text": "今年没有开展调查"})

    assert bare.status_code == 422
    assert said.status_code == 303
    assert "没有数据" in told.browser(Role.MANAGER).get(PAGE).text


def test_the_secretariat_writes_down_a_value_that_was_phoned_in(told: House) -> None:
    browser = told.browser(Role.SECRETARIAT)
    here = f"{BASE}/items/{row(told, LITERACY)}"
    wrong = send(browser, page(browser, here), "/report", who="陈志远", text="电话告知")

    said = send(browser, page(browser, here), "/report", who="陈志远", text="电话", value="13.1")

    assert wrong.status_code == 422
    assert "请填写2026年的数值" in wrong.text
    assert said.status_code == 303
    assert "13.1%" in browser.get(PAGE).text


def test_a_returned_value_does_not_count(told: House) -> None:
    browser, here = form(told)
    reply(browser, here, "report", value="11.2", text="")

    do(told, Act.RETURN, LITERACY)

    assert "11.2%" not in told.browser(Role.MANAGER).get(PAGE).text


def test_supporting_departments_are_asked_for_words_only(told: House) -> None:
    browser = told.client()
    theirs = "ceshi/outline.literacy/2026/value/keji"
    here = f"{link(told, 'liaison@keji.ceshi.example')}/{row(told, theirs)}"

    assert "的数值（" not in browser.get(here).text
    assert reply(browser, here, "report", text="已配合").status_code == 303


def test_a_programme_that_is_not_there_is_not_found(hall: House) -> None:
    said = hall.browser(Role.MANAGER).get(f"{BASE}/programmes/nothing")

    assert said.status_code == 404
    assert "没有这个规划" in said.text


def test_the_page_asks_the_same_few_questions_however_many_targets_there_are(hall: House) -> None:
    browser = hall.browser(Role.MANAGER)
    few = queries(hall, browser, PAGE)
    many = [target(id=f"target-{number}") for number in range(30)]

    hall.apply(programmed(programme(tasks=many), contacts=people()))

    assert queries(hall, browser, PAGE) == few
    assert few < 10


def test_an_item_of_a_programme_leads_to_its_page(told: House) -> None:
    browser = told.browser(Role.MANAGER)

    said = browser.get(f"{BASE}/items/{row(told, LITERACY)}").text

    assert f'href="{PAGE}"' in said
    assert browser.get(f"{BASE}/programmes").text.count(PAGE) == 1


async def test_the_report_of_a_phase_leads_to_the_programmes_page(
    database_url: str, tmp_path: Path
) -> None:
    spring = {"id": "spring", "name": "启动实施", "start": "2026-01-01", "end": "2026-02-28"}
    steps = [{"id": "once", "name": "情况", "due": "2月20日"}]
    short = programme(
        start="2026-01-01",
        phases=[{**spring, "report": "结束后2个工作日"}],
        tasks=[target(), target(id="second", steps=steps)],
    )
    applied = programmed(short, contacts=people())
    for house in make_house(database_url, tmp_path, applied=applied):
        await house.tick()
        house.wind("2026-03-03T10:00")
        await house.tick()

        (mail,) = mails(house, "boss@kx.ceshi.example", Kind.PHASE)
        assert link(house, "boss@kx.ceshi.example") == PAGE
        assert "“启动实施”阶段（2026年1月1日至2026年2月28日）已经结束" in text(mail)
