from datetime import datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest

from adapters.settings import SettingsFault
from adapters.timetable import Job
from app.wakeups import fires, trigger
from duban.watchdog import late


def job(cron: str, zone: str = "Asia/Shanghai") -> Job:
    return Job(flow="tick", name="x", cron=cron, zone=zone)


def at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def shown(moment: datetime | None, zone: str = "Asia/Shanghai") -> str | None:
    return moment and moment.astimezone(ZoneInfo(zone)).strftime("%m-%d %H:%M")


DAILY, WEEKDAYS, ONCE = "*/5 7-19 * * *", "*/5 7-19 * * mon-fri", "30 8 * * mon-fri"


@pytest.mark.parametrize(
    ("cron", "last", "now", "missed"),
    [
        (DAILY, "2026-03-02T19:55:04", "2026-03-03T06:59", None),
        (DAILY, "2026-03-02T19:55:04", "2026-03-03T07:04", None),
        (DAILY, "2026-03-02T19:55:04", "2026-03-03T07:05", "03-03 07:00"),
        (DAILY, "2026-03-02T19:50:04", "2026-03-03T03:00", "03-02 19:55"),
        (WEEKDAYS, "2026-03-06T19:55:04", "2026-03-08T12:00", None),
        (WEEKDAYS, "2026-03-06T19:55:04", "2026-03-09T07:05", "03-09 07:00"),
        (WEEKDAYS, "2026-03-06T12:00:04", "2026-03-08T12:00", "03-06 12:05"),
        (ONCE, "2026-03-02T08:31", "2026-03-03T08:34", None),
        (ONCE, "2026-03-02T08:31", "2026-03-03T08:35", "03-03 08:30"),
    ],
)
def test_nights_and_weekends_without_a_wake_up_are_not_late(cron, last, now, missed):
    begin = at(last)

    assert shown(late(begin, fires([job(cron)], begin), at(now))) == missed


@pytest.mark.parametrize(
    ("day", "moments"),
    [
        ("2026-03-29", ["03-29 01:30", "03-29 03:00", "03-29 03:30"]),  # no 02:00 that night
        (
            "2026-10-25",
            ["10-25 01:30", "10-25 02:00", "10-25 02:30", "10-25 02:00", "10-25 02:30"],
        ),
    ],
)
def test_over_a_change_of_the_wall_clock_wake_ups_stay_half_an_hour_apart(day, moments):
    zone = "Europe/Berlin"
    begin = at(f"{day}T01:00", zone)

    found = list(islice(fires([job("*/30 * * * *", zone)], begin), len(moments)))

    assert [shown(moment, zone) for moment in found] == moments
    assert {(b - a).total_seconds() for a, b in pairwise(found)} == {1800}


@pytest.mark.parametrize("hour", ["2026-03-29T01", "2026-10-25T00", "2026-10-25T01"])
def test_over_a_change_of_the_wall_clock_lateness_is_told_in_time(hour):
    """The hours in UTC at whose ends Berlin's clocks are changed, and the one before."""
    jobs = [job("*/5 * * * *", "Europe/Berlin")]
    last = at(f"{hour}:56", "UTC") - timedelta(hours=1)
    due = at(f"{hour}:00", "UTC")

    assert late(last, fires(jobs, last), due + timedelta(minutes=4)) is None
    assert late(last, fires(jobs, last), due + timedelta(minutes=5)) == due


def test_several_lines_of_one_flow_are_one_timetable():
    morning, evening = job("0 8 * * *"), job("0 20 * * *", "UTC")

    found = fires([evening, morning], at("2026-03-02T09:00"))

    assert [shown(moment) for moment in islice(found, 3)] == [
        "03-03 04:00",
        "03-03 08:00",
        "03-04 04:00",
    ]


def test_a_moment_counts_from_the_one_after_it():
    first = next(iter(fires([job(DAILY)], at("2026-03-02T09:00"))))

    assert shown(first) == "03-02 09:05"


@pytest.mark.parametrize(
    ("cron", "words"), [("61 9 * * *", "写得不对"), ("0 9 31 2 *", "永远不会到")]
)
def test_a_time_that_never_comes_is_told(cron, words):
    with pytest.raises(SettingsFault, match=words):
        trigger(job(cron))
