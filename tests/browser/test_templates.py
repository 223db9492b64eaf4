"""Editing a letter's template in a browser: tried out beside the text, saved, and in the next letter."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDTHS
from tests.browser.town import OFFICE, Town

LIAISON = "li@shui.cq.example"


@WIDTHS
def test_a_changed_text_is_tried_out_saved_and_written_into_the_next_letter(
    town: Town, clerk: Page, size: tuple[int, int]
) -> None:
    clerk.goto(f"{town.address}/o/{OFFICE}/templates/notice/body.txt")
    box = clerk.get_by_label("模板")
    box.fill(f"请各单位高度重视。\n{box.input_value()}")

    clerk.get_by_role("button", name="试写").click()
    expect(clerk.frame_locator("iframe[name=look]").locator("body")).to_contain_text(
        "请各单位高度重视。"
    )
    clerk.get_by_role("button", name="保存").click()
    expect(clerk.get_by_role("status")).to_be_visible()
    town.tick()

    assert "请各单位高度重视。" in town.newest(LIAISON).part("plain")
