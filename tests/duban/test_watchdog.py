from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from duban.watchdog import Alarm, Call, answered, late

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def minutes(number: float) -> datetime:
    return START + timedelta(minutes=number)


def every_five_minutes():
    return (minutes(5 * number) for number in count())


@pytest.mark.parametrize(
    ("last", "now", "missed"),
    [
        (0.1, 5, None),
        (0.1, 9.9, None),
        (0.1, 10, 5),
        (0.1, 60, 5),
        (5, 14.9, None),  # it ended at the very moment of the next one
        (5, 15, 10),
        (7.5, 14.9, None),  # it took longer than the time between two
        (7.5, 15, 10),
    ],
)
def test_five_minutes_after_a_moment_that_nothing_answered_it_is_late(last, now, missed):
    found = late(minutes(last), every_five_minutes(), minutes(now))

    assert found == (None if missed is None else minutes(missed))


def test_where_the_timetable_says_nothing_nothing_is_late():
    assert late(START, iter(()), minutes(10_000)) is None


def test_no_more_moments_are_taken_than_are_needed():
    fires = every_five_minutes()

    late(minutes(12), fires, minutes(5000))

    assert next(fires) == minutes(20)


@pytest.mark.parametrize(
    ("last", "fire", "now", "is_late"),
    [
        # 2026-03-29, 02:00 becomes 03:00: these are one minute apart
        ((3, 29, 1, 58), (3, 29, 1, 59), (3, 29, 3, 1), False),
        ((3, 29, 1, 58), (3, 29, 1, 59), (3, 29, 3, 5), True),
        # 2026-10-25, 03:00 becomes 02:00: the second 02:10 is an hour after the first
        ((10, 25, 2, 5), (10, 25, 2, 10), (10, 25, 2, 12, 1), True),
        ((10, 25, 2, 5), (10, 25, 2, 10), (10, 25, 2, 12), False),
    ],
)
def test_where_wall_clocks_are_changed_real_minutes_count(last, fire, now, is_late):
    zone = ZoneInfo("Europe/Berlin")

    def moment(month, day, hour, minute, fold=0):
        return datetime(2026, month, day, hour, minute, tzinfo=zone, fold=fold)

    found = late(moment(*last), [moment(*fire)], moment(*now))

    assert (found is not None) is is_late


def heard(*troubles: tuple[float, bool]) -> list[Call | None]:
    alarm = Alarm()
    return [alarm.hear(trouble, minutes(at)) for at, trouble in troubles]


def test_an_alarm_is_raised_once_and_again_every_hour_while_it_lasts():
    said = heard((0, True), (1, True), (59.9, True), (60, True), (61, True), (120, True))

    assert said == [Call.ALARM, None, None, Call.ALARM, None, Call.ALARM]


def test_the_end_of_the_trouble_is_told_once():
    assert heard((0, True), (1, False), (2, False)) == [Call.ALARM, Call.RECOVERED, None]


def test_where_there_was_no_trouble_nothing_is_told():
    assert heard((0, False), (1, False)) == [None, None]


def test_new_trouble_is_told_at_once():
    assert heard((0, True), (1, False), (2, True))[-1] is Call.ALARM


def test_a_clock_that_is_set_back_does_not_silence_the_alarm():
    assert heard((600, True), (0, True), (1, True)) == [Call.ALARM, Call.ALARM, None]


@pytest.mark.parametrize(
    ("pulses", "last"),
    [
        ({}, None),
        ({"": 5}, 5),
        ({"1/2": 7, "2/2": 6}, 6),
        ({"1/2": 7}, None),  # the other one never ran
        ({"": 3, "1/2": 7}, 3),
        ({"": 9, "1/2": 7, "2/2": 6}, 9),
        ({"1/2": 7, "2/2": 6, "1/3": 20, "2/3": 21}, 6),  # the new cut is not complete yet
        ({"1/2": 7, "2/2": 6, "1/3": 20, "2/3": 21, "3/3": 22}, 20),
    ],
)
def test_all_offices_were_ticked_when_the_last_of_the_parts_was(pulses, last):
    found = answered({part: minutes(at) for part, at in pulses.items()})

    assert found == (None if last is None else minutes(last))
