from datetime import date

import pytest

from duban.punctual import Month, months_until, together


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 12, 31), date(2026, 1, 1), date(2026, 12, 1)),
        (date(2026, 1, 1), date(2025, 2, 1), date(2026, 1, 1)),
        (date(2028, 2, 29), date(2027, 3, 1), date(2028, 2, 1)),
    ],
)
def test_twelve_months_end_with_the_present_one(day: date, first: date, last: date) -> None:
    months = months_until(day)

    assert (len(months), months[0], months[-1]) == (12, first, last)


def test_a_hundred_percent_is_said_only_where_nothing_was_late() -> None:
    assert Month(date(2026, 1, 1), due=1000, kept=999).percent == 99
    assert Month(date(2026, 1, 1), due=3, kept=3).percent == 100


def test_a_month_in_which_nothing_was_due_has_no_rate() -> None:
    assert Month(date(2026, 1, 1)).percent is None


def test_months_together_weigh_by_what_was_due_in_them() -> None:
    months = [Month(date(2026, 1, 1), 1, 1), Month(date(2026, 2, 1), 9, 0)]

    assert together(months).percent == 10
