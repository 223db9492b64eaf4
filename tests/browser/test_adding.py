"""An activity added in the console: the file, what changes with its letters, applied, the notice caught."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDTHS
from tests.browser.town import OFFICE, Town

ADDED = """\
  - activity: 全国科普月
    lead: 市科协
    steps: day
"""
LIAISON = "zhang@kx.cq.example"
NOTICE_DAY = "2026-08-03T09:00"
"""The first working day on which the notice of September's month is due."""


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
    expect(clerk.locator("main")).to_contain_text("全国科普月")
    before = [mail.part("plain") for mail in town.mails(LIAISON)]

    clerk.get_by_role("button", name="确认并应用").click()
    expect(clerk.get_by_role("status")).to_be_visible()
    town.wind(NOTICE_DAY)
    town.tick()

    assert not [text for text in before if "全国科普月" in text]
    assert "全国科普月" in town.newest(LIAISON).part("plain")
    assert "全国科普月" in (town.home / f"calendar/offices/{OFFICE}/2026.yaml").read_text("utf-8")


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
