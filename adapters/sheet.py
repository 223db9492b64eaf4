"""Tables as an Excel workbook (.xlsx): text stays text, dates are dates, and nothing in it is a formula."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 32_000
"""Characters of a cell; Excel takes 32,767."""
MOST = 100_000
"""Rows of a table."""

Cell = str | int | date | None

_SPACE = r"[\s\u200b-\u200f\u2060\ufeff]*"
_FORMULA = re.compile(rf"[\t\r]|{_SPACE}[=+\-@＝＋－﹣−＠]")
"""How what Excel, or a CSV made of it, takes for a formula begins, full-width variants as well."""
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_NAME = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    width: int
    """In digits; a Chinese character takes two."""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of the workbook."""

    name: str
    """Of the sheet."""
    heading: str
    """On top of each printed page."""
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


def workbook(tables: Sequence[Table], made: date) -> bytes:
    """The same tables and day always give the same bytes. Rows beyond `MOST` are left out."""
    from xlsxwriter import Workbook  # costly to import, and seldom needed

    target = BytesIO()
    book = Workbook(
        target,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    book.set_properties({"created": datetime(made.year, made.month, made.day)})  # noqa: DTZ001
    looks = _Looks(book)
    for table in tables:
        _write(book.add_worksheet(_sheet_name(table.name)), table, looks)
    book.close()
    return target.getvalue()


def harmless(text: str) -> str:
    """With an apostrophe before what would begin a formula; without what cannot be seen or written."""
    clean = _UNSEEN.sub("", text)[:LONGEST]
    return f"'{clean}" if _FORMULA.match(text) or _FORMULA.match(clean) else clean


def _sheet_name(name: str) -> str:
    return _NAME.sub(" ", harmless(name)).strip()[:31] or "1"


class _Looks:
    def __init__(self, book: "Workbook") -> None:
        plain = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#cfd6dd"}
        self.text: Format = book.add_format({**plain, "num_format": "@"})
        self.number: Format = book.add_format(plain)
        self.day: Format = book.add_format({**plain, "num_format": "yyyy-mm-dd", "align": "left"})
        self.head: Format = book.add_format({**plain, "bold": True, "bg_color": "#f3f6f9"})


def _write(sheet: "Worksheet", table: Table, looks: _Looks) -> None:
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, harmless(column.title), looks.head)
    rows = table.rows[:MOST]
    for number, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            _put(sheet, number, place, cell, looks)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(table.columns) - 1)
    _for_print(sheet, table)


def _put(sheet: "Worksheet", row: int, place: int, cell: Cell, looks: _Looks) -> None:
    if cell is None:
        sheet.write_blank(row, place, None, looks.text)
    elif isinstance(cell, str):
        sheet.write_string(row, place, harmless(cell), looks.text)
    elif isinstance(cell, date):
        day = datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - a day has no zone
        sheet.write_datetime(row, place, day, looks.day)
    else:
        sheet.write_number(row, place, cell, looks.number)


def _for_print(sheet: "Worksheet", table: Table) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(left=0.5, right=0.5)
    heading = _UNSEEN.sub("", table.heading)[:120].replace("&", "&&")
    sheet.set_header(f"&C&12{' ' if heading[:1].isdigit() else ''}{heading}")
    sheet.set_footer("&C&P / &N")
