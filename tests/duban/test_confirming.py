"""What the secretariat is asked for: when it should be known by, and how long it stays asked."""

from datetime import date
from itertools import pairwise

import pytest

from duban.activity import Activity
from duban.confirming import Asked, expected_announcement, missing_notices
from duban.letter import Kind
from duban.preview import letters, mornings
from duban.rule import Span
from duban.workdays import WorkCalendar, WorkYear
from tests.books import SPRING, activity, book, contact, document, opened

KNOWN = {"year": 2026, "notice": "测发〔2025〕1号", "holidays": []}
FROM_MAY = Span(date(2026, 5, 19), date(2026, 6, 1))


def week(*announced: str, rule: str = "每年公布") -> Activity:
    """An activity held in May, with the days on which earlier years' days were made public."""
    dates = [
        {"year": int(day[:4]), "start": f"{day[:4]}-05-20", "announced": day} for day in announced
    ]
    return Activity.model_validate(activity("zhou", "科技活动周", rule, dates=dates))


# Days that somebody announces


@pytest.mark.parametrize(
    ("announced", "by", "years"),
    [
        (["2023-04-10", "2024-04-20", "2025-04-02"], date(2026, 4, 20), "2023、2024、2025年"),
        (["2022-05-01", "2025-04-02"], date(2026, 4, 2), "2025年"),
        (["2025-04-02", "2026-05-01"], date(2026, 4, 2), "2025年"),
    ],
)
def test_a_day_is_asked_for_when_each_of_the_three_years_before_had_been_announced(
    announced: list[str], by: date, years: str
) -> None:
    asked = expected_announcement(week(*announced), 2026, FROM_MAY)

    assert asked == Asked(by, f"{years}此时均已公布")


def test_an_announcement_in_the_year_before_counts_from_that_year() -> None:
    dates = [{"year": 2025, "start": "2025-02-20", "announced": "2024-12-30"}]
    early = Activity.model_validate(activity("zhou", "科技活动周", "每年公布", dates=dates))

    asked = expected_announcement(early, 2026, None)

    assert asked
    assert asked.by == date(2025, 12, 30)


def test_where_only_the_usual_window_is_known_it_is_asked_for_30_days_before() -> None:
    asked = expected_announcement(week(), 2026, FROM_MAY)

    assert asked == Asked(date(2026, 4, 19), "通常5月19日前后举行，尚未记录日期")


def test_where_nothing_is_known_it_is_asked_for_at_the_end_of_january() -> None:
    assert expected_announcement(week(), 2026, None) == Asked(date(2026, 1, 31), "没有已知的日期")


def test_a_day_that_follows_from_another_activity_is_not_asked_for() -> None:
    relative = week("2025-04-02", rule="全国科普日第3天")

    assert expected_announcement(relative, 2026, FROM_MAY) is None


def test_a_year_without_the_activity_is_not_asked_for() -> None:
    rules = [{"rule": "每年公布", "until": 2025}]
    ended = Activity.model_validate({"id": "zhou", "name": "科技活动周", "rules": rules})

    assert expected_announcement(ended, 2026, FROM_MAY) is None


@pytest.mark.parametrize(
    ("announced", "by"),
    [(["2024-02-29"], date(2026, 4, 19)), (["2023-02-10", "2024-02-29"], date(2026, 2, 10))],
)
def test_an_announcement_on_29_february_is_no_day_of_other_years(
    announced: list[str], by: date
) -> None:
    asked = expected_announcement(week(*announced), 2026, FROM_MAY)

    assert asked
    assert asked.by == by


# The notice on a year's working days


@pytest.mark.parametrize(
    ("used", "expected"),
    [
        ([2026], []),
        ([2026, 2027], [(2027, date(2026, 10, 25))]),
        ([2028, 2026, 2027, 2027], [(2027, date(2026, 10, 25)), (2028, date(2027, 10, 25))]),
    ],
)
def test_a_year_in_use_without_a_notice_is_asked_for_from_25_october(
    used: list[int], expected: list[tuple[int, date]]
) -> None:
    calendar = WorkCalendar([WorkYear.model_validate(KNOWN)])

    found = [(year, asked.by) for year, asked in missing_notices(iter(used), calendar)]

    assert found == expected


def test_a_notice_that_does_not_come_is_asked_for_until_its_year_is_over() -> None:
    days = asked_on(workdays=[])

    assert days[0] == date(2025, 10, 27)
    assert (
        max(after - before for before, after in pairwise(days)).days <= 16
    )  # over 国庆, which is off by law
    assert date(2026, 12, 18) <= days[-1] <= date(2026, 12, 31)


def test_a_notice_that_came_is_not_asked_for() -> None:
    assert asked_on(workdays=[SPRING]) == []


def asked_on(workdays: list[dict[str, object]]) -> list[date]:
    """The days on which the secretariat of the year 2026 is asked for its notice, over three years."""
    office = document()["branches"][0]["office"] | {"since": "2025-01-01"}
    people = [contact(None, "secretary@kx.ceshi.example", "经办人")]
    made = book(common={"workdays": workdays}, office=office, contacts=people)
    desk, agenda, items = opened(made)
    coming = letters(mornings(desk, agenda, items, date(2025, 1, 1), date(2027, 12, 31)))
    return [
        letter.day
        for letter in coming
        for section in letter.sections
        for item in section.items
        if (section.kind, item.occasion.id) == (Kind.CONFIRM, "workdays.date")
    ]
