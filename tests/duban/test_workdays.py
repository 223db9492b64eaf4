from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.workdays import WorkCalendar, WorkYear
from tests.books import SPRING

CALENDAR = WorkCalendar([WorkYear.model_validate(SPRING)])
DAYS = st.dates(date(2025, 11, 1), date(2027, 3, 31))


@pytest.mark.parametrize(
    ("day", "worked", "reason"),
    [
        ("2026-02-13", True, "工作日"),
        ("2026-02-14", True, "春节调休上班"),
        ("2026-02-15", False, "春节"),
        ("2026-02-23", False, "春节"),
        ("2026-02-24", True, "工作日"),
        ("2026-03-01", False, "周末"),
        ("2026-02-28", True, "春节调休上班"),
    ],
)
def test_a_day_is_worked_as_the_notice_says(day: str, worked: bool, reason: str) -> None:
    when = date.fromisoformat(day)

    assert CALENDAR.working(when) is worked
    assert CALENDAR.reason(when) == reason


def test_a_year_without_notice_is_tentative_and_counts_monday_to_friday() -> None:
    new_year = date(2027, 1, 1)

    assert CALENDAR.tentative(new_year)
    assert CALENDAR.working(new_year)
    assert not CALENDAR.working(date(2027, 1, 2))


@pytest.mark.parametrize(
    ("day", "number", "found"),
    [
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-14", 1, "2026-02-24"),
        ("2026-02-24", -1, "2026-02-14"),
        ("2026-02-18", 1, "2026-02-24"),
        ("2026-02-18", -1, "2026-02-14"),
        ("2026-02-18", 0, "2026-02-18"),
        ("2026-12-31", 1, "2027-01-01"),
    ],
)
def test_working_days_are_counted_over_holidays(day: str, number: int, found: str) -> None:
    counted = CALENDAR.count(date.fromisoformat(day), number)

    assert counted == date.fromisoformat(found)


@given(DAYS, st.integers(-60, 60))
def test_counting_agrees_with_walking_day_by_day(day: date, number: int) -> None:
    step = 1 if number > 0 else -1
    walked, left = day, abs(number)
    while left:
        walked += timedelta(step)
        left -= CALENDAR.working(walked)

    assert CALENDAR.count(day, number) == walked


@given(DAYS, DAYS)
def test_between_is_the_number_of_working_days_passed(first: date, last: date) -> None:
    first, last = sorted((first, last))

    passed = sum(CALENDAR.working(first + timedelta(n)) for n in range(1, (last - first).days + 1))

    assert CALENDAR.between(first, last) == passed
    assert CALENDAR.between(last, first) == -passed


@given(DAYS)
def test_before_and_after_land_on_the_nearest_working_day(day: date) -> None:
    before, after = CALENDAR.before(day), CALENDAR.after(day)

    assert before <= day <= after
    assert CALENDAR.working(before)
    assert CALENDAR.working(after)
    assert not any(CALENDAR.working(before + timedelta(n)) for n in range(1, (after - before).days))
