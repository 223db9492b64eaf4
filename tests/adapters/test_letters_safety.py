"""Letters are safe whatever stands in the calendar, and readable everywhere."""

import re

from duban.letter import Kind
from tests.letters import (
    change,
    confirm,
    digest,
    make_late,
    make_letter,
    make_occasion,
    make_section,
    notice,
    reminder,
)
from tests.rendering import EVERY_KIND, both, render

HOSTILE = '水<script>alert(1)</script>&amp; "日"'


@EVERY_KIND
def test_a_hostile_name_is_escaped_in_html_and_verbatim_in_text(kind: Kind) -> None:
    item = make_late(1, occasion=make_occasion(name=HOSTILE), step_name=HOSTILE, why=HOSTILE)
    letter = make_letter(make_section(kind, item), recipient_name=HOSTILE)

    rendered = render(letter, name=HOSTILE)

    assert "<script" not in rendered.html
    assert all(HOSTILE in part for part in both(rendered))


@EVERY_KIND
def test_no_value_can_start_a_line_or_turn_the_writing_round(kind: Kind) -> None:
    bad = "水\r\nBcc: a@b.example\x00\x85\u2028\u202e\ud800日"
    item = make_late(1, occasion=make_occasion(name=bad), step_name=bad)

    rendered = render(make_letter(make_section(kind, item), recipient_name=bad))

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e\ud800]", "".join(both(rendered)))
    assert not re.search("(?m)^ *Bcc", rendered.text)
    assert rendered.subject.isprintable()


def test_nothing_is_fetched_from_elsewhere_and_nothing_runs() -> None:
    page = render(make_letter(change(), notice(), reminder(), confirm(), digest())).html.lower()

    found = re.findall(r"src=|https?:|href=|<script|<link|<img|@import|url\(| on\w+=", page)

    assert found == []


def test_styles_stand_in_the_tags_and_only_windows_and_dark_mode_in_a_sheet() -> None:
    page = render(make_letter(reminder())).html

    assert re.search('class="red" style="[^"]*color:#b42318', page)
    assert page.count("@media") == 2
    assert ".red { font" not in page


def test_a_letter_carries_no_class_that_its_sheet_does_not_speak_of() -> None:
    page = render(make_letter(change(), notice(), reminder(), confirm(), digest())).html

    sheet = page.partition("<style>\n@media")[2].partition("</style>")[0]
    classes = {name for said in re.findall(r'class="([^"]*)"', page) for name in said.split()}
    assert {"card", "heads", "red"} < classes
    assert classes <= set(re.findall(r"\.([a-z]+)", sheet))


def test_an_ordinary_letter_is_small() -> None:
    page = render(make_letter(make_section(Kind.NOTICE))).html

    assert len(page.encode()) < 5500


def test_overdue_items_are_red_and_the_others_are_not() -> None:
    page = render(make_letter(make_section(Kind.NOTICE, make_late(1)), reminder())).html

    red = re.findall(r'class="red"[^>]*>(.+?)<', page)
    assert red == ["已逾期", "2项已逾期", "已逾期", "已逾期"]
    assert page.count('<tr class="late"') == 2 * 3, "an item takes two rows"
    assert re.findall(r'class="soon"[^>]*>(.+?)<', page) == ["今天到期"]


def test_the_page_is_called_as_the_mail_is() -> None:
    rendered = render(make_letter())

    assert f"<title>{rendered.subject}</title>" in rendered.html


def test_tables_say_what_they_are_to_a_screen_reader() -> None:
    page = render(make_letter(change(), notice(), reminder(), confirm(), digest())).html

    assert '<html lang="zh-CN">' in page
    assert re.findall(r'<table (?!role="presentation"|class="list")', page) == []
    assert re.findall(r"<th(?! scope=)\b", page.partition("<body")[2]) == []
