from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.checks.workdays import workdays
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
    monday = date(2027, 1, 4)

    assert CALENDAR.tentative(monday)
    assert CALENDAR.working(monday)
    assert not CALENDAR.working(date(2027, 1, 2))


@pytest.mark.parametrize("day", ["2027-01-01", "2028-05-01", "2027-10-01", "2029-10-03"])
def test_what_is_off_by_law_each_year_needs_no_notice(day: str) -> None:
    holiday = date.fromisoformat(day)

    assert not CALENDAR.working(holiday)
    assert CALENDAR.reason(holiday) == "法定节假日"
    assert CALENDAR.between(holiday - timedelta(1), holiday) == 0


@pytest.mark.parametrize(
    ("day", "number", "found"),
    [
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-14", 1, "2026-02-24"),
        ("2026-02-24", -1, "2026-02-14"),
        ("2026-02-18", 1, "2026-02-24"),
        ("2026-02-18", -1, "2026-02-14"),
        ("2026-02-18", 0, "2026-02-18"),
        ("2026-12-31", 1, "2027-01-04"),
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


# Notices have a day, and others amend them

AMENDED = WorkYear.model_validate(
    {
        "year": 2020,
        "notice": "测发〔2019〕16号",
        "published": "2019-11-21",
        "holidays": [
            {
                "name": "春节",
                "start": "2020-01-24",
                "end": "2020-01-30",
                "work": ["2020-01-19", "2020-02-01"],
            },
            {"name": "劳动节", "start": "2020-05-01", "end": "2020-05-05"},
        ],
        "amendments": [
            {
                "notice": "测发〔2020〕1号",
                "published": "2020-01-26",
                "holidays": [
                    {
                        "name": "春节",
                        "start": "2020-01-24",
                        "end": "2020-02-02",
                        "work": ["2020-01-19"],
                    }
                ],
            }
        ],
    }
)


@pytest.mark.parametrize(
    ("as_of", "friday", "saturday", "tentative"),
    [
        ("2019-11-20", True, False, True),
        ("2019-11-21", True, True, False),
        ("2020-01-25", True, True, False),
        ("2020-01-26", False, False, False),
        (None, False, False, False),
    ],
    ids=["no notice yet", "its day", "the eve of the amendment", "its day", "all of it"],
)
def test_only_what_was_published_by_then_counts(
    as_of: str | None, friday: bool, saturday: bool, tentative: bool
) -> None:
    known = WorkCalendar([AMENDED], date.fromisoformat(as_of) if as_of else None)

    assert known.working(date(2020, 1, 31)) is friday
    assert known.working(date(2020, 2, 1)) is saturday
    assert known.tentative(date(2020, 1, 31)) is tentative


def test_before_its_notice_a_year_is_plain_monday_to_friday_but_for_the_law() -> None:
    unknown = WorkCalendar([AMENDED], date(2019, 10, 1))

    odd = [day for day in days_of(2020) if unknown.working(day) != (day.weekday() < 5)]
    assert odd == [date(2020, 1, 1), date(2020, 5, 1), date(2020, 10, 1), date(2020, 10, 2)]
    assert {unknown.reason(day) for day in days_of(2020)} == {"工作日", "周末", "法定节假日"}


def test_a_notice_without_a_day_always_counts() -> None:
    undated = AMENDED.model_copy(update={"published": None})

    assert not WorkCalendar([undated], date(2000, 1, 1)).working(date(2020, 1, 24))


def test_an_amendment_replaces_the_holidays_that_it_names_and_no_others() -> None:
    before, after = AMENDED.amended(0), AMENDED.amended()

    assert {one.name for one in before} == {one.name for one in after} == {"春节", "劳动节"}
    assert [one.work for one in after if one.name == "春节"] == [(date(2020, 1, 19),)]
    assert [one for one in before if one.name == "劳动节"] == [
        one for one in after if one.name == "劳动节"
    ]


@pytest.mark.parametrize("years", [[], [AMENDED]])
@pytest.mark.parametrize("day", [date(1, 2, 1), date(1999, 12, 31), date(2500, 5, 1)])
def test_a_far_year_is_tentative_and_never_an_error(years: list[WorkYear], day: date) -> None:
    calendar = WorkCalendar(years, date(2020, 6, 1))

    assert calendar.tentative(day)
    assert calendar.working(calendar.after(day))
    assert calendar.reason(day) in ("工作日", "周末", "法定节假日")
    assert isinstance(calendar.count(day, 5), date)


# Notices that are taken in


def notice(number: str, published: str | None, *holidays: tuple[str, str, str]) -> WorkYear:
    days = [{"name": name, "start": start, "end": end} for name, start, end in holidays]
    return WorkYear.model_validate(
        {"year": 2020, "notice": number, "published": published, "holidays": days}
    )


def test_another_notice_becomes_an_amendment_with_what_it_changes() -> None:
    later = notice(
        "测发〔2020〕9号",
        "2020-03-01",
        ("劳动节", "2020-05-01", "2020-05-04"),
        ("春节", "2020-01-24", "2020-02-02"),
    )
    taken = AMENDED.take(later)

    assert [one.notice for one in taken.amendments] == ["测发〔2020〕1号", "测发〔2020〕9号"]
    assert taken.holidays == AMENDED.holidays
    assert WorkCalendar([taken], date(2020, 2, 29)).reason(date(2020, 5, 5)) == "劳动节"
    assert WorkCalendar([taken]).reason(date(2020, 5, 5)) == "工作日"


def test_taking_the_same_notice_again_changes_nothing() -> None:
    same = AMENDED.model_copy(update={"amendments": (), "published": date(2019, 12, 1)})
    again = AMENDED.amendments[0]
    amendment = AMENDED.model_copy(
        update={"notice": again.notice, "published": again.published, "holidays": again.holidays}
    )

    assert AMENDED.take(same) == AMENDED
    assert AMENDED.take(amendment) == AMENDED


def test_the_same_notice_with_other_days_is_a_correction() -> None:
    right = notice(AMENDED.notice, None, ("春节", "2020-01-24", "2020-01-29"))

    taken = AMENDED.take(right)

    assert taken.holidays == right.holidays
    assert (taken.published, taken.amendments) == (AMENDED.published, AMENDED.amendments)


# Notices that contradict themselves


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"published": "2018-11-21"}, "2018-11-21公布的通知不会是2020年的"),
        ({"published": "2020-02-01"}, "2020-01-26公布的调整没有排在2020-02-01的通知之后"),
    ],
)
def test_notices_stand_in_the_order_of_their_days(change: dict[str, str], expected: str) -> None:
    wrong = WorkYear.model_validate(AMENDED.model_dump() | change)

    assert [fault.message for fault in workdays((wrong,))] == [expected]


def test_what_an_amendment_makes_overlap_is_found() -> None:
    longer = notice("测发〔2020〕2号", "2020-04-01", ("劳动节", "2020-04-30", "2020-05-09"))
    work = {"name": "青年节", "start": "2020-05-09", "end": "2020-05-09", "work": ["2020-05-08"]}
    extra = WorkYear.model_validate({"year": 2021, "notice": "测发〔2020〕3号", "holidays": [work]})

    found = [fault.message for fault in workdays((AMENDED.take(longer), extra))]

    assert "“青年节”的2020-05-09已在“劳动节”里放假" in found
    assert "2020-05-08既要上班，又在“劳动节”里放假" in found


def test_a_holiday_stands_once_in_a_notice() -> None:
    twice = WorkYear.model_validate(
        AMENDED.model_dump() | {"holidays": [AMENDED.holidays[1].model_dump()] * 2}
    )

    assert "节日“劳动节”重复" in [fault.message for fault in workdays((twice,))]


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(n) for n in range(365)]
