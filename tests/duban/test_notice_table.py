"""A notice in the form of a table."""

from datetime import date, timedelta

import pytest

from duban.workdays import WorkCalendar
from tests.notices import TABLE, YEARS, taken, told


def test_a_table_gives_the_same_working_days() -> None:
    read = WorkCalendar([taken(TABLE)])
    days = [date(2026, 1, 1) + timedelta(number) for number in range(365)]

    assert [
        day for day in days if read.working(day) != WorkCalendar(YEARS.values()).working(day)
    ] == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("2026-05-04,休", "2026-05-04,歇", "“2026-05-04,歇,劳动节”：看不懂这一行"),
        ("2026-05-04,休,劳动节\n", "", None),
        ("2026-05-05", "2026-05-06", "“2026-05-01,休,劳动节”：放假的日子不相连，中间缺5月2日"),
        ("2026-05-05", "2026-05-04", "“2026-05-04,休,劳动节”：5月4日写了两次"),
        ("2026-05-09", "2026-05-08", "“2026-05-08,班,劳动节”：5月8日是周五，本来就上班"),
        ("2026-05-09,班,劳动节", "2026-05-09,班", "“2026-05-09,班”：没有写是哪个节日"),
        ("2026-05-09", "2026-05-39", "“2026-05-39,班,劳动节”：没有2026年5月39日"),
        ("2026-06-19,休,端午\n", "", "没有读到“端午节”"),
        ("通知,", "一、元旦：1月1日放假。", "既有表格又有条文"),
    ],
)
def test_a_broken_table_lists_its_rows(old: str, new: str, expected: str | None) -> None:
    assert old in TABLE

    found = told(TABLE.replace(old, new))

    assert expected in found if expected else "不相连" in found[0]
