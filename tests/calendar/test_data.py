"""The data in calendar/ and config/: whole, true to its sources, and free of guesses.

The sources lie outside the project; what compares with them is skipped where they are absent.
"""

from datetime import date, timedelta

import chinese_calendar
import pytest

from adapters.files import read_site
from duban.book import Book
from duban.occurrences import occurrence
from duban.workdays import WorkCalendar
from tests.shipped import SITE, desk, facts, needs_facts, seen


def test_the_site_has_no_fault() -> None:
    assert [str(fault) for fault in read_site(SITE).faults] == []


# Working days


def test_every_day_of_2019_to_2026_agrees_with_chinesecalendar(book: Book) -> None:
    workdays = WorkCalendar(book.common.workdays)
    first, last = date(2019, 1, 1), date(2026, 12, 31)
    days = [first + timedelta(number) for number in range((last - first).days + 1)]

    differing = [d for d in days if workdays.working(d) != chinese_calendar.is_workday(d)]

    assert differing == []


@pytest.mark.parametrize(
    ("day", "eve", "published", "before", "after"),
    [
        ("2019-05-02", "2019-03-21", "2019-03-22", True, False),
        ("2019-05-03", "2019-03-21", "2019-03-22", True, False),
        ("2019-04-28", "2019-03-21", "2019-03-22", False, True),
        ("2019-05-05", "2019-03-21", "2019-03-22", False, True),
        ("2020-01-31", "2020-01-25", "2020-01-26", True, False),
        ("2020-02-01", "2020-01-25", "2020-01-26", True, False),
        ("2020-02-03", "2020-01-25", "2020-01-26", True, True),
    ],
)
def test_the_two_amended_years_are_known_as_they_were_and_as_they_became(
    book: Book, day: str, eve: str, published: str, before: bool, after: bool
) -> None:
    days, when = book.common.workdays, date.fromisoformat(day)

    assert WorkCalendar(days, date.fromisoformat(eve)).working(when) is before
    assert WorkCalendar(days, date.fromisoformat(published)).working(when) is after


def test_every_notice_has_its_day_in_autumn_of_the_year_before(book: Book) -> None:
    for year in book.common.workdays:
        assert year.published is not None
        assert date(year.year - 1, 10, 25) <= year.published <= date(year.year - 1, 12, 31)


def test_a_year_stands_there_only_with_its_notice(book: Book) -> None:
    assert [year.year for year in book.common.workdays] == list(range(2019, 2027))
    for year in book.common.workdays:
        assert f"国办发明电〔{year.year - 1}〕" in year.notice


def test_a_day_worked_for_a_holiday_is_a_weekend(book: Book) -> None:
    worked = [d for year in book.common.workdays for one in year.holidays for d in one.work]

    assert len(worked) == len(set(worked)) > 0
    assert [day for day in worked if day.weekday() < 5] == []


# Activities and their days


@needs_facts
def test_every_known_date_agrees_with_what_was_seen(book: Book) -> None:
    find = desk(book, "chongqing").activity
    wrong = []

    for id, year, start, end in seen():
        activity = find(id)
        days = occurrence(activity, year, find) if activity else None
        span = days.span if days else None
        if span is None or (span.start, span.end) != (start, end):
            wrong.append((id, year, span))

    assert wrong == []


@needs_facts
def test_no_date_is_listed_that_nobody_saw(book: Book) -> None:
    real = {(id, year, start, end) for id, year, start, end in seen()}
    real.add(("zhibohui", 2024, date(2024, 6, 20), date(2024, 6, 23)))  # seen, in Tianjin

    listed = {
        (one.id, known.year, known.start, known.end)
        for one in book.common.activities
        for known in one.dates
    }

    assert listed - real == set()


@needs_facts
def test_no_activity_of_the_facts_is_missing(book: Book) -> None:
    known = {activity.id for activity in book.common.activities}

    assert {fact["id"] for fact in facts("observances.json")} - known == set()


def test_known_dates_lie_in_their_year_and_are_announced_before(book: Book) -> None:
    known = [day for activity in book.common.activities for day in activity.dates]

    assert [day for day in known if day.start.year != day.year] == []
    assert [day for day in known if day.announced and day.announced >= day.start] == []
    assert [day for day in known if not day.source] == []


def test_a_name_means_one_activity(book: Book) -> None:
    names = [(name, one.id) for one in book.common.activities for name in set(one.names)]

    assert len({name for name, _ in names}) == len(names)


@pytest.mark.parametrize(
    ("id", "year", "title"),
    [
        ("kepuri", 2024, "全国科普日"),
        ("kepuri", 2025, "全国科普月"),
        ("yongyao", 2023, "全国安全用药月"),
        ("yongyao", 2024, "全国药品安全宣传周"),
        ("zhibohui", 2023, "中国国际智能产业博览会"),
        ("zhibohui", 2024, "世界智能产业博览会"),
        ("yichan", 2016, "文化遗产日"),
        ("yichan", 2017, "文化和自然遗产日"),
    ],
)
def test_an_activity_is_called_as_in_its_year(book: Book, id: str, year: int, title: str) -> None:
    activity = desk(book, "chongqing").activity(id)

    assert activity is not None
    assert activity.title(year) == title
