"""Notices as copies have them, and texts that are none: nothing raises."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.notices.names import HOLIDAYS
from duban.notices.reading import read_notice
from duban.workdays import WorkCalendar, WorkYear
from tests.notices import NOTICES, PLAIN, YEARS, framed, taken


def wide(text: str) -> str:
    return text.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})


@pytest.mark.parametrize(
    "copied",
    [
        wide,
        lambda text: text.replace("月", "\n月 "),
        lambda text: " ".join(text),
        lambda text: "\u3000\u3000" + text.replace("\n", "\r\n\r\n\u3000\u3000"),
        lambda text: text.replace("\n", ""),
        lambda text: (
            text.replace("（", "(").replace("）", ")").replace("：", ":").replace("，", ",")
        ),
        lambda text: text.replace("〔", "[").replace("〕", "]"),
        lambda text: text.replace("至", "—").replace("周", "星期"),
        lambda text: text.replace("月", "\u2f49").replace("日", "\u2f47"),
        lambda text: text.replace("\n", "</p>\n<p>").replace("日", "<span>日</span>&nbsp;"),
        lambda text: "\ufeff首页 > 政策\n发布日期：2026-01-05 来源：某网站\n" + text,
        lambda text: text + "\n（此件公开发布）\n责任编辑：某某\n扫一扫打开当前页",
        lambda text: text.replace("一、元旦", "1. 元旦").replace("二、春节", "（二）春节"),
        lambda text: text.replace("一、", "").replace("二、", "").replace("三、", ""),
    ],
    ids=[
        "full-width digits",
        "broken lines",
        "spaces everywhere",
        "indents",
        "one line",
        "half-width signs",
        "square brackets",
        "dashes",
        "radicals of a PDF",
        "tags",
        "a page's head",
        "a page's foot",
        "other numbers",
        "no numbers",
    ],
)
def test_what_copying_does_to_a_text_changes_nothing(copied: Callable[[str], str]) -> None:
    assert taken(copied(PLAIN)) == taken(PLAIN)


def test_without_a_date_line_the_day_is_open() -> None:
    undated = PLAIN.replace("国务院办公厅\n2025年11月4日", "")

    assert taken(undated).published is None


def test_what_employers_are_encouraged_to_give_is_no_day_off() -> None:
    calendar = WorkCalendar([taken(framed(2024, *NOTICES[2024]))])

    assert calendar.working(date(2024, 2, 9))


PIECES = st.sampled_from(
    [
        *PLAIN,
        *HOLIDAYS,
        *"0123456789年月日（）：，。、；《》",
        "放假", "调休", "上班", "共3天", "2026", "与周末连休", "公休日调至", "延长", "至", "起", "补休",
        "通知如下", "一、", "国务院办公厅", "2026-01-01,休,元旦\n", "关于调整", "关于延长2020年春节假期",
        "〇○二", "十", "其中", "鼓励", "为法定节假日", "周六", "\n",
    ]
)  # fmt: skip


@given(st.text() | st.lists(PIECES, max_size=60).map("".join))
def test_no_text_raises(text: str) -> None:
    assert isinstance(read_notice(text, "notice.txt", YEARS.values()), WorkYear | tuple)


@given(st.integers(0, len(PLAIN)), st.integers(0, 12), st.lists(PIECES, max_size=4).map("".join))
def test_a_damaged_notice_is_refused_or_read_without_error(at: int, cut: int, new: str) -> None:
    found = read_notice(PLAIN[:at] + new + PLAIN[at + cut :], "notice.txt", YEARS.values())

    assert found if isinstance(found, tuple) else found.year in range(2000, 2101)
