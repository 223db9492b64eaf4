"""When a line of the timetable last came true: by hand, and against APScheduler's own reading."""

from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.triggers.cron import CronTrigger
from hypothesis import given
from hypothesis import strategies as st

from duban.rhythm import rhythm

MONDAY = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "at", "last"),
    [
        ("30 8 * * mon", MONDAY, MONDAY),
        ("30 8 * * mon", MONDAY - timedelta(minutes=1), MONDAY - timedelta(7)),
        ("30 8 1 * *", MONDAY, datetime(2026, 3, 1, 8, 30, tzinfo=UTC)),
        ("30 8 31 * *", MONDAY, datetime(2026, 1, 31, 8, 30, tzinfo=UTC)),
        ("0 17 29 feb *", MONDAY, datetime(2024, 2, 29, 17, tzinfo=UTC)),
        ("0 8,17 * * mon-fri", MONDAY, datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ("30 8 1 1,4,7,10 *", MONDAY, datetime(2026, 1, 1, 8, 30, tzinfo=UTC)),
        ("*/20 9 * * *", MONDAY, datetime(2026, 3, 1, 9, 40, tzinfo=UTC)),
    ],
)
def test_it_last_came_true(cron: str, at: datetime, last: datetime) -> None:
    assert rhythm(cron).last(at) == last


def test_what_never_comes_true_never_did() -> None:
    assert rhythm("0 8 31 2 *").last(MONDAY) is None


@pytest.mark.parametrize(
    "cron",
    ["", "30 8 * *", "61 8 * * *", "x 8 * * *", "30 8 * * 周一", "5-1 * * * *", "30 8 L * *"],
)
def test_what_it_cannot_read_is_said(cron: str) -> None:
    with pytest.raises(ValueError, match=r"五个字段|看不懂|不在"):
        rhythm(cron)


minutes, hours = st.integers(0, 59), st.integers(0, 23)
days = st.sampled_from(["*", "1", "15", "28-31", "*/10"])
months = st.sampled_from(["*", "3", "jan-jun", "1,4,7,10"])
weekdays = st.sampled_from(["*", "mon", "mon-fri", "sat,sun"])


@given(minutes, hours, days, months, weekdays, st.integers(0, 4 * 365 * 24 * 60))
def test_it_is_the_last_moment_at_which_apscheduler_wakes(
    minute: int, hour: int, day: str, month: str, weekday: str, after: int
) -> None:
    cron = f"{minute} {hour} {day} {month} {weekday}"
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=after)

    last = rhythm(cron).last(at)

    assert last
    trigger = CronTrigger.from_crontab(cron, timezone=UTC)
    assert trigger.get_next_fire_time(None, last) == last
    following = trigger.get_next_fire_time(last, last + timedelta(seconds=1))
    assert following is None or following > at
