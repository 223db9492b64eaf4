"""An activity added in the console: the file, what changes with its letters, applied, the notice caught."""

import pytest
from playwright.sync_api import Page, expect

from duban.account import Role
from tests.browser.conftest import WIDTHS, Open
from tests.browser.town import OFFICE, Town

ADDED = """\
  - activity: 全国节能宣传周
    lead: 市科协
    steps: day
"""
LIAISON = "zhang@kx.cq.example"
NOTICE_DAY = "2026-04-20T09:00"
"""The first working day on which the notice of 18 May's week is due."""


@pytest.fixture
def clerk(town: Town, visitor: Open, size: tuple[int, int]) -> Page:
    """Of the secretariat, logged in by hand."""
    page = visitor(size)
    town.account("clerk", Role.SECRETARIAT)
    town.log_in(page, "clerk")
    return page


def open_year(town: Town, page: Page) -> None:
    page.goto(f"{town.address}/o/{OFFICE}/calendar")
    row = page.get_by_role("row", name=f"calendar/offices/{OFFICE}/2026.yaml")
    row.get_by_role("link", name="修改").click()


@WIDTHS
def test_an_activity_added_in_the_console_reaches_the_department_by_mail(
    town: Town, clerk: Page, size: tuple[int, int]
) -> None:
    open_year(town, clerk)
    box = clerk.get_by_label("内容")
    box.fill(box.input_value().rstrip("\n") + "\n" + ADDED)
    clerk.get_by_role("button", name="检查并看变化").click()
    expect(clerk.get_by_role("heading", name="确认变化")).to_be_visible()
    expect(clerk.locator("main")).to_contain_text("全国节能宣传周")
    before = town.mails(LIAISON)

    clerk.get_by_role("button", name="确认并应用").click()
    expect(clerk.get_by_role("status")).to_be_visible()
    town.wind(NOTICE_DAY)
    town.tick()

    assert before == []
    assert "全国节能宣传周" in town.newest(LIAISON).part("plain")
    assert "全国节能宣传周" in (town.home / f"calendar/offices/{OFFICE}/2026.yaml").read_text(
        "utf-8"
    )


@WIDTHS
def test_a_slip_is_shown_at_its_line_and_nothing_is_written(
    town: Town, clerk: Page, size: tuple[int, int]
) -> None:
    file = town.home / f"calendar/offices/{OFFICE}/2026.yaml"
    before = file.read_text("utf-8")

    open_year(town, clerk)
    clerk.get_by_label("内容").fill(before + ADDED.replace("市科协", "市科谐"))
    clerk.get_by_role("button", name="检查并看变化").click()

    expect(clerk.get_by_role("alert")).to_contain_text("市科谐")
    assert clerk.get_by_label("内容").input_value().endswith(ADDED.replace("市科协", "市科谐"))
    assert file.read_text("utf-8") == before
