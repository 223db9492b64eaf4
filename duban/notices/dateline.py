"""The date line of a notice."""

import re
from datetime import date

from duban.notices.faults import Faults
from duban.notices.figures import FIGURE, digits, number
from duban.notices.text import Copy

_DATED = re.compile(r"国务院(?:办公厅)?,?(\d{4})年(\d{1,2})月(\d{1,2})日")
_DATED_IN_WORDS = re.compile(
    rf"国务院(?:办公厅)?,?([〇○零一二三四五六七八九]{{4}})年({FIGURE}{{1,2}})月({FIGURE}{{1,3}})日"
)
_LABELLED = re.compile(r"(?:发布|公布|成文|印发)日期[:,]?(\d{4})[-年./](\d{1,2})[-月./](\d{1,2})")


def published(copy: Copy, year: int, faults: Faults) -> date | None:
    """The day of the date line, else of the page's own head; None where there is none."""
    figures = _figures(copy.text)
    if not figures:
        return None
    of, month, day, found = figures[-1]
    spot = copy.spot(*found.span())
    try:
        read = date(int(of), int(month), int(day))
    except ValueError:
        faults.tell("没有这一天", "请核对落款日期", spot)
        return None
    if year and read.year not in (year - 1, year):
        faults.tell(f"这不会是{year}年放假通知的日期", "请核对落款日期", spot)
    return read


def _figures(text: str) -> list[tuple[str, str, str, re.Match[str]]]:
    """Year, month and day of each; the page's own head counts where there is no date line."""
    figures = [(one[1], one[2], one[3], one) for one in _DATED.finditer(text)]
    for one in _DATED_IN_WORDS.finditer(text):
        figures.append((digits(one[1]), str(number(one[2])), str(number(one[3])), one))
    return figures or [(one[1], one[2], one[3], one) for one in _LABELLED.finditer(text)]


def date_line(text: str, start: int, end: int) -> re.Match[str] | None:
    """The first date line from `start` to `end`."""
    return _DATED.search(text, start, end) or _DATED_IN_WORDS.search(text, start, end)
