"""A manager opens the board from the digest."""

from playwright.sync_api import expect

from duban.account import Role
from duban.completion import Act
from flows.premises import today
from state import assignments
from tests.browser.conftest import WIDTHS, Open
from tests.browser.town import MANAGER, OFFICE, PASSWORD, Town

LATE = f"{OFFICE}/water-day/2026/plan/shui"
MONDAY = "2026-03-09T09:00"
"""The plan was due on 6 March."""
LATER = "2026-03-09T10:00"


@WIDTHS
def test_the_digest_opens_what_it_said_and_leads_to_the_board(
    town: Town, visitor: Open, size: tuple[int, int]
) -> None:
    town.tick()
    town.wind(MONDAY)
    town.tick()
    town.account("leader", Role.MANAGER)
    town.wind(LATER)
    _report(town)
    page = visitor(size)

    page.goto(town.link(MANAGER))
    row = page.get_by_role("row", name="方案报送")
    expect(row).to_contain_text("已通知")
    expect(row).to_contain_text("已报送")
    page.get_by_role("link", name="登录看完整看板").click()
    page.get_by_label("登录名").fill("leader")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()

    expect(page).to_have_url(f"{town.address}/o/{OFFICE}/board")
    expect(page.locator("main")).to_contain_text("市水利局")


def _report(town: Town) -> None:
    """After the digest was written, so that the two columns differ."""
    desk, _ = town.site.desk(OFFICE)
    with town.site.database.writing() as connection:
        assignments.act(
            connection,
            desk,
            LATE,
            Act.REPORT,
            at=town.now,
            today=today(desk.office, town.now),
            actor="李四",
        )
