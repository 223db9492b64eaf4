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


def send_back(page: Page, reason: str) -> None:
    page.get_by_role("heading", name="退回", exact=True).click()
    form = page.locator("form[action$='/return']")
    form.get_by_label("原因").fill(reason)
    form.get_by_role("button", name="退回").click()
    expect(page.get_by_role("status")).to_be_visible()


def ask_for_more_time(page: Page, until: str) -> None:
    page.get_by_role("heading", name="申请延期").click()
    form = page.locator("form[action$='/extension']")
    form.get_by_label("延期理由").fill("承办人员出差")
    form.get_by_label("现在办到什么程度").fill("已经起草")
    form.get_by_label("延到哪一天").fill(until)
    form.get_by_label("您的姓名").fill("李四")
    form.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("status")).to_contain_text("延期申请已提交")


@WIDTHS
def test_a_report_is_sent_back_handed_in_again_and_accepted(
    told: Town, visitor: Open, size: tuple[int, int], clerk: Page, plan: Path
) -> None:
    department = visitor(size)
    open_item(told, department)
    report(department, "方案见附件", plan)

    open_from_today(told, clerk)
    expect(clerk.locator("main")).to_contain_text("世界水日方案.docx")
    send_back(clerk, "缺少经费预算")
    sent_back = state(told)
    department.reload()
    expect(department.locator("main")).to_contain_text("缺少经费预算")
    report(department, "已补充经费预算", plan)
    open_from_today(told, clerk)
    clerk.locator("form[action$='/complete']").get_by_role("button", name="办结").click()
    expect(clerk.get_by_role("status")).to_be_visible()

    assert (sent_back, state(told)) == (State.RETURNED, State.COMPLETED)
    open_list(told, department)
    expect(department.get_by_text("今年已经办结的 1 项")).to_be_visible()


def open_list(town: Town, page: Page) -> None:
    page.goto(town.link(LIAISON))


def open_from_today(town: Town, page: Page) -> None:
    """The clerk's day names what waits."""
    page.goto(f"{town.address}/o/{OFFICE}/today")
    page.locator("main").get_by_role("link", name="方案报送").first.click()


@WIDTHS
def test_an_extension_is_asked_granted_and_told_by_mail(
    told: Town, visitor: Open, size: tuple[int, int], clerk: Page
) -> None:
    department = visitor(size)
    open_item(told, department)
    ask_for_more_time(department, "2026-03-20")

    open_from_today(told, clerk)
    clerk.locator("form[action$='/grant']").get_by_role("button", name="同意").click()
    expect(clerk.get_by_role("status")).to_be_visible()
    told.wind("2026-03-03T09:00")
    told.tick()

    corrections = [one for one in told.mails(LIAISON) if "更正" in one.headers["Subject"]]
    assert ["3月20日" in one.part("plain") for one in corrections] == [True]


def test_opening_the_link_changes_nothing(told: Town, visitor: Open) -> None:
    page = visitor()

    open_item(told, page)

    assert state(told) is State.NOTIFIED
