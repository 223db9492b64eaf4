"""From the caught mail to 办结: a department answers by the link, the secretariat decides in the console."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from duban.completion import State
from state import assignments
from tests.browser.conftest import WIDTHS, Open
from tests.browser.town import OFFICE, Town

LIAISON = "li@shui.cq.example"
ITEM = f"{OFFICE}/water-day/2026/plan/shui"
NAME = "世界水日·方案报送"


@pytest.fixture
def told(town: Town) -> Town:
    """The morning's letters are out."""
    town.tick()
    return town


def state(town: Town) -> State:
    with town.site.database.reading() as connection:
        return assignments.find(connection, ITEM).state


def open_item(town: Town, page: Page) -> None:
    """As the newest mail's link leads there."""
    page.goto(town.link(LIAISON))
    page.get_by_role("link", name=NAME).first.click()


def acknowledge(page: Page) -> None:
    form = page.locator("form[action$='/acknowledge']")
    form.get_by_label("您的姓名").fill("李四")
    form.get_by_role("button", name="签收").click()
    expect(page.get_by_role("status")).to_contain_text("已签收")


def report(page: Page, text: str, file: Path) -> None:
    form = page.locator("form[action$='/report']")
    form.get_by_label("办理情况").fill(text)
    form.get_by_label("材料").set_input_files(file)
    form.get_by_label("您的姓名").fill("李四")
    form.get_by_role("button", name="报送").click()
    expect(page.get_by_role("status")).to_contain_text("已报送")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "世界水日方案.docx"
    file.write_bytes(b"PK\x03\x04 plan")
    return file


@WIDTHS
def test_a_department_signs_and_reports_with_a_file_from_the_mail(
    told: Town, visitor: Open, size: tuple[int, int], plan: Path
) -> None:
    page = visitor(size)

    open_item(told, page)
    acknowledge(page)
    signed = state(told)
    report(page, "方案见附件", plan)

    assert (signed, state(told)) == (State.ACKNOWLEDGED, State.REPORTED)
    with page.expect_download() as download:
        page.get_by_role("link", name="世界水日方案.docx").click()
    assert Path(download.value.path()).read_bytes() == plan.read_bytes()


def test_opening_the_link_changes_nothing(told: Town, visitor: Open) -> None:
    page = visitor()

    open_item(told, page)

    assert state(told) is State.NOTIFIED
