"""A date becomes known in the console, and the departments are told the change by mail."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDTHS
from tests.browser.town import OFFICE, Town

LIAISON = "zhang@kx.cq.example"
NOTICE_DAY, NEXT = "2026-04-20T09:00", "2026-04-21T09:00"


@WIDTHS
def test_a_date_recorded_in_the_console_reaches_the_department_as_a_correction(
    town: Town, clerk: Page, size: tuple[int, int]
) -> None:
    town.wind(NOTICE_DAY)
    town.tick()
    town.enter(clerk, "clerk")

    clerk.goto(f"{town.address}/o/{OFFICE}/announce")
    clerk.get_by_label("活动", exact=True).select_option("energy-week")
    clerk.get_by_label("哪一年的活动").fill("2026")
    clerk.get_by_label("开始").fill("2026-05-25")
    clerk.get_by_label("结束").fill("2026-05-31")
    clerk.get_by_label("依据").fill("发改环资〔2026〕12号")
    clerk.get_by_role("button", name="看变化").click()
    expect(clerk.get_by_role("heading", name="确认公布的日期")).to_be_visible()
    expect(clerk.locator("main")).to_contain_text("更正通知")
    clerk.get_by_role("button", name="确认并应用").click()
    expect(clerk.get_by_role("status")).to_be_visible()
    town.wind(NEXT)
    town.tick()

    mail = town.newest(LIAISON)
    assert "更正" in mail.headers["Subject"]
    assert "5月25日" in mail.part("plain")
    records = town.home / "calendar/announcements.yaml"
    assert "发改环资〔2026〕12号" in records.read_text("utf-8")
