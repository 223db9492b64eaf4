"""The frame of a notice: its title, its number, its date line, and where its arrangements stand."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from duban.notices.dateline import published
from duban.notices.faults import Faults
from duban.notices.figures import FIGURE
from duban.notices.names import KNOWN, NAME, NAMES
from duban.notices.table import Row
from duban.notices.text import Copy

_HEADING = re.compile(
    rf"(?:{FIGURE}{{1,3}}[、.,]|\({FIGURE}{{1,3}}\)|\d{{1,2}}[、.])"
    rf"(?P<marked>{NAME}(?:[、和及]{NAME})*):"
    rf"|(?P<plain>{KNOWN}(?:[、和及]{KNOWN})*):(?=[\d(])"
)
_CITED = re.compile(r"《[^《》]*》(?:\([^()]*\))?")
_TITLE = re.compile(
    r"(?:关于|现将|现)(?P<kind>调整|延长)?(?P<year>\d{4})年"
    r"|(?P<year2>\d{4})年(?:部分)?(?:法定)?节假日"
)
_TITLED = re.compile(rf"(?:调整|延长)\d{{4}}年({NAMES.pattern})")
_NUMBER = re.compile(r"(国(?:办|务院)?发(?:明电)?)[〔\[(【〈](\d{4})[〕\])】〉]第?(\d{1,4})号")


@dataclass(frozen=True, slots=True)
class Heading:
    """`一、元旦：`, and where its article goes on."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Frame:
    headings: list[Heading]
    start: int
    """Where the arrangements begin."""
    year: int
    """0 where the title names none, or several; a fault tells it."""
    number: str
    """Empty where there is none, or several; a fault tells it."""
    published: date | None
    partial: bool
    """Whether it only adjusts what an earlier notice arranged."""
    titled: str
    """The holiday that the title of an adjustment names, else empty."""


def read_frame(copy: Copy, rows: list[Row], faults: Faults) -> Frame:
    headings = _headings(copy.text)
    start = _start(copy.text, headings)
    cited = copy.text[:start]
    head = _CITED.sub("", cited) or cited
    partial = any(found["kind"] for found in _TITLE.finditer(head))
    year = _year(head, cited, rows, faults)
    return Frame(
        headings,
        start,
        year,
        _number(copy.text, year, faults),
        published(copy, year, faults),
        partial,
        _titled(head) if partial else "",
    )


def _headings(text: str) -> list[Heading]:
    return [
        Heading(one["marked"] or one["plain"], one.start(), one.end())
        for one in _HEADING.finditer(text)
    ]


def _start(text: str, headings: list[Heading]) -> int:
    first = headings[0].start if headings else len(text)
    found = re.search("如下[。:]?", text)
    return min(first, found.end()) if found else first


def _year(head: str, cited: str, rows: list[Row], faults: Faults) -> int:
    """The year that the title names, else the one that most rows are of."""
    for text in (head, cited):
        years = {int(one["year"] or one["year2"]) for one in _TITLE.finditer(text)}
        if years:
            break
    if not years and rows:
        years = {int(Counter(row.figures[0] for row in rows).most_common(1)[0][0])}
    if len(years) == 1 and 2000 <= min(years) <= 2100:
        return min(years)
    if len(years) > 1:
        told = "、".join(str(year) for year in sorted(years))
        faults.tell(f"写了不止一个年份：{told}", "一个文件请只放一份通知")
    else:
        message = "没有找到是哪一年的放假通知"
        faults.tell(message, "请连标题一起复制，如“关于2026年部分节假日安排的通知”")
    return 0


def _number(text: str, year: int, faults: Faults) -> str:
    own = list(_NUMBER.finditer(_CITED.sub("", text)))
    found = own or list(_NUMBER.finditer(text))
    numbers = list(dict.fromkeys(f"{one[1]}〔{one[2]}〕{int(one[3])}号" for one in found))
    if not numbers:
        faults.tell("没有找到文号", "请把文号一起复制，如“国办发明电〔2025〕7号”")
        return ""
    if len(numbers) > 1:
        faults.tell(f"有不止一个文号：{'、'.join(numbers)}", "一个文件请只放一份通知")
        return ""
    if year and int(found[0][2]) not in (year - 1, year):
        faults.tell(f"{year}年的通知，文号不会是“{numbers[0]}”", "请核对年份和文号")
    return numbers[0]


def _titled(head: str) -> str:
    found = _TITLED.search(head)
    return found[1] if found else ""
