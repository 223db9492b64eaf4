"""The year as a page: complete, escaped, linked, and it calls nobody."""

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from adapters.yearpage import places, render, write_page
from duban.assignment import Duty
from duban.step import Answer
from duban.yearview.rows import Mark, Row
from duban.yearview.view import View, view
from tests.books import book, opened
from tests.duban.test_yearview import Mail, mails_of

HOSTILE = "<script>alert('&1')</script>\"'"


class Page(HTMLParser):
    """What the tests ask of a page."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = source
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def every(self, tag: str, attribute: str) -> list[str]:
        return [found[attribute] for name, found in self.tags if name == tag and attribute in found]


def viewed(mails: list[Mail] | None = None, **changes: Any) -> View:
    desk, agenda, _ = opened(book(**changes))
    return view(desk, agenda, 2026, mails_of() if mails is None else mails)


def page(*views: View) -> Page:
    return Page(render(2026, views))


def mark(due: date | None, notice: date | None = None, **more: Any) -> Mark:
    facts = {"due_at": None, "expected": None, "tentative": False, **more}
    return Mark("水日", "方案", Duty.LEAD, Answer.REPORT, notice, due, **facts)


def test_the_cells_numbers_add_up_to_the_mails():
    mails = mails_of()

    found = page(viewed(mails))

    numbers = [int(n) for n in re.findall(r"</i><b>(\d+)</b></a>", found.source)]
    assert sum(numbers) == len(mails) > 0
    assert len(numbers) == len({mail.day for mail in mails})


def test_every_link_leads_to_a_place_on_the_page():
    found = page(viewed())

    links = found.every("a", "href")
    places = {attributes["id"] for _, attributes in found.tags if "id" in attributes}
    assert links
    assert {link.removeprefix("#") for link in links} <= places


def test_no_place_has_the_name_of_another():
    found = page(viewed())

    ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_a_cell_says_its_day_its_reason_and_its_kinds():
    titles = page(viewed()).every("td", "title")

    assert "1月1日 星期四 元旦" in titles
    assert "1月4日 星期日 元旦调休上班：无信" in titles
    assert "3月7日 星期六 周末" in titles
    assert "2月28日 星期六 春节调休上班：1封（提醒1）" in titles


def test_every_row_shows_its_department_and_how_many_dates_are_awaited():
    found = viewed()

    text = page(found).text

    for row in found.rows:
        awaited = f" 待公布 {len(row.unknown)}" if row.unknown else ""
        assert f"{row.department}{awaited}" in text


def with_name(where: str) -> View:
    [mail, *_] = mails_of()
    found = viewed([mail])
    if where == "office":
        return replace(found, name=HOSTILE, short=HOSTILE)
    if where == "department":
        return replace(found, rows=(Row(HOSTILE, (mark(date(2026, 3, 6)),)),))
    if where == "step":
        return replace(
            found, rows=(Row("市水利局", (replace(mark(date(2026, 3, 6)), step=HOSTILE),)),)
        )
    if where == "recipient":
        return viewed([replace(mail, recipient=HOSTILE, department="")])
    return viewed(
        [replace(mail, items=({**mail.items[0], "assignment": "", "activity": HOSTILE},))]
    )


@pytest.mark.parametrize("where", ["office", "department", "step", "recipient", "activity"])
def test_markup_in_a_name_is_shown_and_not_obeyed(where):
    found = page(with_name(where))

    assert [tag for tag, _ in found.tags].count("script") == 1
    assert HOSTILE not in found.source
    assert HOSTILE in found.text


def test_the_page_calls_nobody():
    found = page(viewed())

    assert "//" not in found.source
    assert not found.every("script", "src")
    assert not {tag for tag, _ in found.tags} & {"link", "img", "iframe", "object"}
    assert "url(" not in found.source
    assert "default-src 'none'" in found.source


def test_an_empty_year_says_so():
    text = page(viewed([], years=[])).text

    assert "这一年没有事项。" in text
    assert "这一年没有要寄的信。" in text
    assert "0 封信" in text


def test_a_line_leads_from_notice_to_due_and_stops_at_the_years_ends():
    marks = (
        mark(date(2026, 1, 11), date(2025, 12, 1)),
        mark(date(2026, 7, 2), date(2026, 4, 2)),
        mark(date(2027, 1, 5), date(2026, 12, 2)),
    )

    found = [
        (round(one.left, 2), round(one.right, 2)) for one in places(Row("市水利局", marks), 2026)
    ]

    assert found == [(0.0, 0.03), (0.25, 0.5), (0.92, 1.0)]


def test_lines_that_would_touch_stand_in_lanes_of_their_own():
    marks = (
        mark(date(2026, 3, 6), date(2026, 2, 6)),
        mark(date(2026, 3, 20), date(2026, 2, 20)),
        mark(date(2026, 5, 6), date(2026, 4, 6)),
    )

    assert [one.lane for one in places(Row("市水利局", marks), 2026)] == [0, 1, 0]


def test_equal_marks_of_one_day_stand_in_one_place_with_their_number():
    day = mark(date(2026, 3, 6))

    [one] = places(Row("市水利局", (day, replace(day, step="总结"))), 2026)
    found = page(replace(viewed([]), rows=(Row("市水利局", one.marks),)))

    assert "3月6日 水日 · 方案（牵头，报送）\n3月6日 水日 · 总结（牵头，报送）" in found.every(
        "em", "title"
    )
    assert "2" in found.every("em", "data-n")


def test_an_expected_day_is_drawn_dashed_and_still_awaited():
    awaited = mark(None, expected=date(2026, 5, 19), tentative=True)

    found = page(replace(viewed([]), rows=(Row("市科技局", (awaited,)),)))

    assert "soft" in found.every("em", "class")
    assert "预计5月19日 水日 · 方案" in found.text
    assert "市科技局 待公布 1" in found.text


def test_the_file_is_written_with_its_folders_and_twice_the_same(tmp_path: Path):
    first = write_page(tmp_path / "a" / "b" / "year.html", 2026, [viewed()])
    second = write_page(tmp_path / "year.html", 2026, [viewed()])

    assert first.read_bytes() == second.read_bytes()
