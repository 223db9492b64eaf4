"""A weekday within some days of the year, as RFC 5545 says it.

Days to February's 28th are counted from the year's start (1 is 1 January), later ones from its end
(-1 is 31 December): so counted, a day keeps its number in leap years.
"""

from datetime import date, timedelta

LAST = -1
"""The nth of `最后一个`."""
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def place(month: int, day: int) -> int:
    """The number of a day, from the start up to February and from the end after it."""
    base = date(2022, 12, 31) if month <= 2 else date(2024, 1, 1)
    return (date(2023, month, day) - base).days


def after(month: int) -> int:
    """The number of the day after the month's last one; 0 after December."""
    return place(month + 1, 1) if month < 12 else 0


def recurrence(start: int, count: int, weekday: int, from_end: bool) -> str:
    """The `weekday` among `count` days of the year from `start`.

    They may reach over the year's start or end, where no day has the number 0.
    """
    numbers = [_over_new_year(start + ahead, from_end) for ahead in range(count)]
    days = _one_month(numbers) or "BYYEARDAY=" + ",".join(map(str, numbers))
    return f"FREQ=YEARLY;{days};BYDAY={WEEKDAYS[weekday]}"


def _over_new_year(number: int, from_end: bool) -> int:
    if from_end:
        return number + 1 if number >= 0 else number
    return number - 1 if number <= 0 else number


def _one_month(numbers: list[int]) -> str | None:
    """The days as days of one month; None where they are in two, or others in leap years."""
    common, leap = ([_day(year, number) for number in numbers] for year in (2023, 2024))
    months = {day.month for day in common}
    if len(months) > 1 or [(d.month, d.day) for d in common] != [(d.month, d.day) for d in leap]:
        return None
    days = ",".join(str(day.day) for day in common)
    return f"BYMONTH={months.pop()};BYMONTHDAY={days}"


def _day(year: int, number: int) -> date:
    if number < 0:
        return date(year + 1, 1, 1) + timedelta(number)
    return date(year, 1, 1) + timedelta(number - 1)
