"""Reports that go to the lead: it is told, looks, passes or sends back; the office may all the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from duban.account import Role
from duban.book import Book
from duban.letter import Kind
from tests.books import book, document
from tests.console.conftest import House, make_house, people
from tests.console.pagereader import Page
from tests.console.replying import KEXIE, SHUILI, do, events, form, link, mails, row, state, text

THEIRS = "ceshi/shui/2026/list/kexie"
OURS = "ceshi/shui/2026/list/shuili"
DUE_DAY = "2026-03-06"


def town() -> Book:
    """世界水日: 市水利局 leads, 市科协 reports to it."""
    year = document()["branches"][0]["years"][0]
    year["activities"][0]["report_to"] = "牵头单位"
    steps = [{"id": "list", "name": "方案报送", "due": "开始前15天"}]
    sets = [{"id": "day", "name": "主题日", "notice": "开始前30天", "steps": steps}]
    return book(contacts=people(), years=[year], common={"sets": sets})


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    yield from make_house(database_url, tmp_path, applied=town())


async def reported(house: House) -> None:
    """Both have their notice, and 市科协 has handed in."""
    await house.tick()
    page = f"{link(house, KEXIE)}/{row(house, THEIRS)}"
    assert do(house.client(), page, "report", text="附上方案").status_code == 303


def review(house: House) -> str:
    return f"{link(house, SHUILI)}/review/{row(house, THEIRS)}"


async def test_the_lead_is_told_of_a_report_with_a_link_to_it(house: House) -> None:
    await reported(house)
    house.wind("2026-03-02T10:10")
    await house.tick()

    receipt = mails(house, SHUILI, Kind.RECEIPT)[-1]
    assert "市科协" in text(receipt)
    assert "已报送，请审核" in text(receipt)
    assert "审核后通过或者退回" in text(receipt)
    listed = Page(house.client().get(link(house, SHUILI)).text)
    assert "请审核：责任单位的报送" in listed.words


async def test_the_lead_is_told_once(house: House) -> None:
    await reported(house)
    for minute in ("10", "15", "20"):
        house.wind(f"2026-03-02T10:{minute}")
        await house.tick()

    assert len(mails(house, SHUILI, Kind.RECEIPT)) == len(mails(house, KEXIE, Kind.RECEIPT)) == 1


async def test_what_the_lead_passes_is_done_and_its_name_is_claimed(house: House) -> None:
    await reported(house)

    said = do(house.client(), review(house), "accept")

    assert said.status_code == 303
    assert state(house, THEIRS) == "completed"
    line = events(house, "complete", THEIRS)[-1]
    assert line.actor == "张三（自称，市水利局）"
    assert line.via.startswith("link ")


async def test_what_the_lead_sends_back_is_told_to_who_handed_it_in(house: House) -> None:
    await reported(house)
    do(house.client(), review(house), "return", reason="缺预算")
    house.wind("2026-03-02T10:20")
    await house.tick()

    receipt = text(mails(house, KEXIE, Kind.RECEIPT)[-1])
    assert state(house, THEIRS) == "returned"
    assert "退回" in receipt
    assert "缺预算" in receipt
    assert "张三（自称，市水利局）" in receipt


async def test_to_send_back_the_reason_is_needed_and_what_was_filled_in_stays(
    house: House,
) -> None:
    await reported(house)

    said = do(house.client(), review(house), "return", reason="", name="李四")

    assert said.status_code == 422
    assert "请写明退回的原因" in said.text
    assert 'value="李四"' in said.text
    assert state(house, THEIRS) == "reported"


async def test_a_form_decides_once(house: House) -> None:
    await reported(house)
    browser = house.client()
    action, filled = form(browser, review(house), "return", reason="缺预算")

    first, second = (browser.post(action, data=filled).status_code for _ in range(2))

    assert (first, second) == (303, 409)
    assert len(events(house, "return", THEIRS)) == 1


async def test_nobody_else_may_look_at_it(house: House) -> None:
    await reported(house)
    number = row(house, THEIRS)

    own = house.client().get(f"{link(house, KEXIE)}/review/{number}")
    other = house.client().get(f"{link(house, SHUILI)}/review/{row(house, OURS)}")

    assert (own.status_code, other.status_code) == (404, 404)


async def test_the_secretariat_may_decide_all_the_same(house: House) -> None:
    await reported(house)
    browser = house.browser(Role.SECRETARIAT)

    said = do(browser, f"/o/ceshi/items/{row(house, THEIRS)}", "complete")

    assert said.status_code == 303
    assert "现在没有要审核的报送" in house.client().get(review(house)).text


async def test_where_the_calendar_says_nothing_the_lead_is_not_asked(cottage: House) -> None:
    await cottage.tick()
    other = "ceshi/shui/2026/summary/kexie"
    do(cottage.client(), f"{link(cottage, KEXIE)}/{row(cottage, other)}", "report", text="总结")
    cottage.wind("2026-03-02T10:20")
    await cottage.tick()

    assert mails(cottage, SHUILI, Kind.RECEIPT) == []
    page = f"{link(cottage, SHUILI)}/review/{row(cottage, other)}"
    assert cottage.client().get(page).status_code == 404


async def test_the_lead_sees_on_its_page_who_keeps_it_waiting(house: House) -> None:
    await house.tick()
    house.wind("2026-03-10T10:00")

    page = Page(house.client().get(f"{link(house, SHUILI)}/{row(house, OURS)}").text).words

    assert "尚未报送的责任单位" in page
    assert "市科协 方案报送 3月6日 已逾期2个工作日" in page


async def test_the_office_sees_who_keeps_the_lead_waiting(house: House) -> None:
    await house.tick()
    house.wind("2026-03-10T10:00")

    browser = house.browser(Role.SECRETARIAT)
    page = Page(browser.get("/o/ceshi/activity/shui?year=2026").text).words

    assert "牵头单位在等的报送" in page
    assert "市科协 方案报送 3月6日 已逾期2个工作日" in page
