"""Workbooks are read back by another library than the one that writes them."""

from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from adapters.sheet import LONGEST, Cell, Column, Table, workbook

DAY = date(2026, 3, 2)
COLUMNS = (Column("部门", 20), Column("时限", 12), Column("逾期工作日", 10))


def table(*rows: tuple[Cell, ...], name: str = "逾期", heading: str = "市纲要办通报") -> Table:
    return Table(name, heading, COLUMNS, rows)


def read(*rows: tuple[Cell, ...]) -> Worksheet:
    return load_workbook(BytesIO(workbook([table(*rows)], DAY))).active


def test_text_is_text_dates_are_dates_and_numbers_are_numbers() -> None:
    sheet = read(("市水利局", date(2026, 3, 6), 3))

    assert [cell.value for cell in sheet[2]] == ["市水利局", datetime(2026, 3, 6), 3]  # noqa: DTZ001
    assert sheet["B2"].is_date
    assert [cell.data_type for cell in sheet[2]] == ["s", "d", "n"]


def test_a_number_that_was_text_stays_text() -> None:
    assert [cell.value for cell in read(("0012", None, 1))[2]] == ["0012", None, 1]


@pytest.mark.parametrize("sign", list("=+-@\t\r") + list("＝＋－＠") + [" =", "\u200b=", "\x00="])
def test_what_would_be_a_formula_is_text_with_an_apostrophe(sign: str) -> None:
    cell = read((f"{sign}cmd|' /C calc'!A0", None, 0))["A2"]

    assert cell.data_type == "s"
    assert cell.value.startswith("'")


@given(st.text(max_size=200))
def test_whatever_people_wrote_is_never_a_formula_or_a_link(text: str) -> None:
    content = workbook([table((text, None, 0))], DAY)

    cell = load_workbook(BytesIO(content)).active["A2"]
    assert cell.data_type in ("s", "n")
    assert not str(cell.value or "").startswith(tuple("=+-@＝＋－＠\t\r"))
    assert cell.hyperlink is None
    assert b"<f>" not in ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml")


def test_an_endless_text_is_cut() -> None:
    assert len(read(("长" * 99_999, None, 0))["A2"].value) == LONGEST


def test_the_head_stays_and_stands_on_each_printed_page() -> None:
    sheet = read(("市水利局", DAY, 3))

    assert [cell.value for cell in sheet[1]] == ["部门", "时限", "逾期工作日"]
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.column_dimensions["A"].width > sheet.column_dimensions["B"].width


@pytest.mark.parametrize("name", ["", "a/b:c*?[x]", "=1", "很" * 60, "History"])
def test_a_sheet_of_any_name_can_be_opened(name: str) -> None:
    content = workbook([table(name=name, heading="R&D=1")], DAY)

    assert len(load_workbook(BytesIO(content)).sheetnames) == 1


def test_the_same_rows_give_the_same_bytes() -> None:
    assert workbook([table(("甲", DAY, 1))], DAY) == workbook([table(("甲", DAY, 1))], DAY)
