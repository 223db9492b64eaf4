from datetime import date, time

import pytest

from duban.offset import OffsetError, parse_offset
from tests.duban.test_workdays import CALENDAR


@pytest.mark.parametrize(
    ("text", "anchor", "found"),
    [
        ("开始前15天", "2026-03-22", "2026-03-07"),
        ("开始当天", "2026-03-22", "2026-03-22"),
        ("结束后2周", "2026-03-22", "2026-04-05"),
        ("结束后1个月", "2026-01-31", "2026-02-28"),
        ("开始前1个月", "2028-03-31", "2028-02-29"),
        ("开始前3个工作日", "2026-02-24", "2026-02-12"),
        ("8月14日", "2026-05-01", "2026-08-14"),
        ("次年1月10日", "2026-12-01", "2027-01-10"),
        ("上年12月20日", "2026-01-05", "2025-12-20"),
        ("2025年12月31日", "2026-05-01", "2025-12-31"),
    ],
)
def test_an_offset_gives_its_day(text: str, anchor: str, found: str) -> None:
    day = parse_offset(text).day(date.fromisoformat(anchor), 2026, CALENDAR)

    assert day == date.fromisoformat(found)


def test_a_literal_deadline_keeps_its_time_of_day() -> None:
    assert parse_offset("8月14日12:00").at == time(12)


@pytest.mark.parametrize("text", ["开始前十五天", "2月30日", "8月14日25:00", "2月29日", "明天"])
def test_what_cannot_be_read_is_refused_in_chinese(text: str) -> None:
    with pytest.raises(OffsetError, match=r"看不懂|没有|不是每年"):
        parse_offset(text)
