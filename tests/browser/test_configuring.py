"""Templates and contacts in a browser: what is tried is seen, what is confirmed is in force."""

import os
from pathlib import Path

from playwright.sync_api import Page

from duban.account import Role
from tests.browser.axe import grave
from tests.browser.conftest import DESK, PHONE, WIDTHS, Open
from tests.browser.town import OFFICE, Town


def picture(page: Page, name: str, size: tuple[int, int]) -> None:
    if folder := os.environ.get("DUBAN_PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}-{size[0]}.png", full_page=True)


@WIDTHS
def test_a_template_is_tried_saved_and_in_the_next_mail(
    size: tuple[int, int], visitor: Open, town: Town
) -> None:
    page = visitor(size)
    town.enter(page, "desk", Role.SECRETARIAT)

    page.goto(f"{town.address}/o/{OFFICE}/templates/notice/body.html")
    source = page.locator("#source")
    source.fill(source.input_value().replace("通知如下", "告知如下"))
    page.get_by_role("button", name="试写").click()
    shown = page.frame_locator("iframe.look")
    shown.get_by_text("告知如下").wait_for()
    picture(page, "template-tried", size)
    page.get_by_role("button", name="保存").click()
    page.get_by_text("已保存").wait_for()
    town.tick()

    assert "告知如下" in town.newest("li@shui.cq.example").part("html")


def test_a_broken_template_is_told_beside_its_line(visitor: Open, town: Town) -> None:
    page = visitor()
    town.enter(page, "desk", Role.SECRETARIAT)

    page.goto(f"{town.address}/o/{OFFICE}/templates/notice/body.txt")
    page.locator("#source").fill("好\n{{ letter.wrong }}")
    page.get_by_role("button", name="保存").click()

    assert "wrong" in page.locator("mark").inner_text()
    assert grave(page) == []
    picture(page, "template-broken", DESK)


@WIDTHS
def test_faults_and_changes_are_accessible(
    size: tuple[int, int], visitor: Open, town: Town
) -> None:
    page = visitor(size)
    town.enter(page, "desk", Role.SECRETARIAT)
    page.goto(f"{town.address}/o/{OFFICE}/calendar/file?file=calendar/offices/cq/2026.yaml")
    text = page.locator("#text").input_value()

    page.locator("#text").fill(text.replace("lead: 市水利局", "laed: 市水利局"))
    page.get_by_role("button", name="检查并看变化").click()
    page.locator("mark").wait_for()
    assert grave(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    picture(page, "faults", size)

    page.locator("#text").fill(text.replace("6月30日12:00", "7月10日12:00"))
    page.get_by_role("button", name="检查并看变化").click()
    page.get_by_role("button", name="确认并应用").wait_for()
    assert grave(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    picture(page, "proposal", size)


def test_a_contact_is_changed_without_scripts(visitor: Open, town: Town) -> None:
    page = visitor(PHONE)
    page.route("**/*.js*", lambda route: route.abort())
    town.enter(page, "desk", Role.SECRETARIAT)

    page.goto(f"{town.address}/o/{OFFICE}/departments/shui?contact=li@shui.cq.example")
    page.get_by_label("邮箱").fill("new@shui.cq.example")
    page.get_by_role("button", name="看变化").first.click()
    page.get_by_role("button", name="确认并应用").click()
    page.get_by_text("已应用").wait_for()
    town.tick()

    assert town.mails("new@shui.cq.example")
    assert not town.mails("li@shui.cq.example")
