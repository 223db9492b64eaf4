from datetime import date, datetime
from io import BytesIO

from openpyxl import load_workbook

from adapters.enclosures import Enclosures
from tests.digests import account, monthly, weekly
from tests.letters import make_letter, make_office


def test_a_digest_takes_its_chart_and_its_rows_along() -> None:
    letter = make_letter(weekly())

    [picture], [file] = Enclosures().of(letter, make_office())

    sheets = load_workbook(BytesIO(file.content))
    first = [cell.value for cell in sheets["逾期事项"][2]]
    assert picture.id == "chart-weekly@duban"
    assert file.name == "市纲要办每周通报2026-03-02.xlsx"
    assert sheets.sheetnames == ["逾期事项", "各部门", "按时率"]
    assert first[:6] == ["市水利局", "世界水日", "方案报送", datetime(2026, 2, 18), 8, "已通知"]  # noqa: DTZ001
    assert sheets["逾期事项"].max_row == 1 + len(letter.items)


def test_it_is_made_once_for_all_readers() -> None:
    section, enclosures = weekly(), Enclosures()

    made = [
        enclosures.of(make_letter(section, recipient=f"{n}@a.example"), make_office()) for n in "ab"
    ]

    assert made[0][1][0] is made[1][1][0]


def test_an_office_may_be_called_anything() -> None:
    [file] = Enclosures().of(make_letter(monthly()), make_office(short='a/b:"=1'))[1]

    assert file.name == f"ab=1每月通报{date(2026, 3, 2)}.xlsx"


def test_other_letters_take_nothing_along() -> None:
    assert Enclosures().of(make_letter(account()), make_office()) == ((), ())
