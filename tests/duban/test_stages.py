from dataclasses import replace
from datetime import date
from itertools import islice

import pytest

from duban.assignment import Assignment
from duban.completion import State
from duban.ladder import CANCEL, CHANGE, NOTICE, parse_when
from duban.stages import past, reached, scheduled, spent, upcoming
from tests.books import SPRING, STAGES, book, document, opened

DESK, _, ITEMS = opened(book())
PLAN = next(item for item in ITEMS if item.key == "ceshi/shui/2026/plan/shuili")
EVENT = next(item for item in ITEMS if item.key == "ceshi/shui/2026/event/kexie")
TOLD = spent(DESK, PLAN, NOTICE, date(2026, 2, 14))


def test_a_planned_item_waits_for_its_notice() -> None:
    assert upcoming(DESK, PLAN) == (NOTICE, date(2026, 2, 14))


def test_the_notice_makes_it_notified_and_arms_the_first_reminder() -> None:
    assert TOLD.state is State.NOTIFIED
    assert (TOLD.next_stage, TOLD.next_on) == ("before5", date(2026, 2, 28))


def test_the_ladder_goes_on_until_the_item_is_done() -> None:
    seen, item = [], TOLD
    for _ in range(7):
        assert item.next_on is not None
        seen.append((item.next_stage, item.next_on.isoformat()))
        item = spent(DESK, item, item.next_stage, item.next_on)

    assert seen == [
        ("before5", "2026-02-28"),
        ("due", "2026-03-06"),
        ("after1", "2026-03-09"),
        ("after5", "2026-03-13"),
        ("after5-2", "2026-03-20"),
        ("after5-3", "2026-03-27"),
        ("after5-4", "2026-04-03"),
    ]


@pytest.mark.parametrize("state", [State.REPORTED, State.COMPLETED, State.EXEMPTED])
def test_a_done_item_has_no_next_stage(state: State) -> None:
    assert scheduled(DESK, replace(TOLD, state=state)).next_on is None


def test_a_returned_item_is_reminded_again() -> None:
    returned = replace(TOLD, state=State.RETURNED, stage_on=date(2026, 3, 11))

    assert upcoming(DESK, returned) == ("after5", date(2026, 3, 13))


def test_missed_stages_merge_into_the_latest_one() -> None:
    assert reached(DESK, TOLD, date(2026, 3, 16)) == "after5"
    assert reached(DESK, TOLD, date(2026, 2, 27)) is None


def test_an_extension_is_told_first_and_moves_the_whole_ladder() -> None:
    extended = replace(TOLD, extended=date(2026, 3, 20))

    told = spent(DESK, extended, CHANGE, date(2026, 2, 24))

    assert upcoming(DESK, extended) == (CHANGE, date(2026, 2, 24))
    assert upcoming(DESK, told) == ("before5", date(2026, 3, 13))


def test_a_withdrawn_item_is_cancelled_to_those_who_knew_of_it_and_to_nobody_else() -> None:
    known = replace(TOLD, state=State.WITHDRAWN)
    unknown = replace(PLAN, state=State.WITHDRAWN)

    assert upcoming(DESK, known) == (CANCEL, date(2026, 2, 24))
    assert upcoming(DESK, spent(DESK, known, CANCEL, date(2026, 2, 24))) is None
    assert upcoming(DESK, unknown) is None


def test_a_date_that_is_taken_back_and_given_again_is_told_both_times() -> None:
    open_end = replace(TOLD, asked=replace(TOLD.asked, due=None))
    gone = spent(DESK, open_end, CHANGE, date(2026, 2, 24))
    again = replace(gone, asked=TOLD.asked)

    assert upcoming(DESK, open_end) == (CHANGE, date(2026, 2, 24))
    assert upcoming(DESK, gone) is None
    assert upcoming(DESK, again) == (CHANGE, date(2026, 2, 25))


@pytest.mark.parametrize(("late", "said"), [("合并", "due"), ("跳过", None), ("照发", "before5")])
def test_a_missed_stage_is_merged_skipped_or_sent_as_configured(
    late: str, said: str | None
) -> None:
    stages = [{"id": i, "name": n, "when": w, "late": late} for i, n, w in STAGES[:2]]
    ladders = [
        {"id": "standard", "name": "常规", "stages": stages},
        *document()["common"]["ladders"][1:],
    ]
    desk, _, _ = opened(book(common={"ladders": ladders}))

    assert reached(desk, TOLD, date(2026, 3, 10)) == said


def test_a_reminder_missed_for_too_long_is_left_out() -> None:
    ladder = [{"id": "before5", "name": "提醒", "when": "到期前5个工作日"}]
    ladders = [
        {"id": "standard", "name": "常规", "stages": ladder, "stale": 3},
        *document()["common"]["ladders"][1:],
    ]
    desk, _, _ = opened(book(common={"ladders": ladders}))

    assert reached(desk, TOLD, date(2026, 3, 4)) == "before5"
    assert reached(desk, TOLD, date(2026, 3, 6)) is None


def test_nothing_is_said_of_an_event_that_is_over() -> None:
    told = spent(DESK, EVENT, NOTICE, date(2026, 2, 14))

    assert past(DESK, told, date(2026, 3, 23))
    assert not past(DESK, told, date(2026, 3, 20))


def test_a_first_notice_far_too_late_is_dropped_for_good() -> None:
    late = date(2026, 4, 30)

    dropped = spent(DESK, PLAN, None, late)

    assert past(DESK, PLAN, late)
    assert not past(DESK, PLAN, date(2026, 3, 16))
    assert upcoming(DESK, dropped) is None


def test_a_due_date_on_a_day_off_is_reminded_on_the_working_day_before() -> None:
    sunday = date(2026, 3, 22)

    due = dict(islice(DESK.ladder("standard").days(sunday, DESK.workdays), 4))["due"]

    assert due == date(2026, 3, 20)


def test_every_stage_falls_on_a_working_day_in_order() -> None:
    for item in ITEMS:
        days = [d for _, d in islice(_ladder(item), 30)]
        assert days == sorted(days)
        assert all(DESK.workdays.working(day) for day in days)


def _ladder(item: Assignment) -> object:
    due = item.target or date(2026, 5, 1)
    return DESK.ladder(item.asked.ladder).days(due, DESK.workdays)


@pytest.mark.parametrize("text", ["到期前", "提前三天", "逾期5个工作日起每0个工作日", "before 5"])
def test_a_stage_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"提醒时间|重复间隔"):
        parse_when(text)


def test_a_stage_whose_day_a_holiday_notice_moves_is_not_said_again() -> None:
    work = {"name": "调休", "start": "2026-05-01", "end": "2026-05-01", "work": ["2026-03-01"]}
    days = {**SPRING, "holidays": [*SPRING["holidays"], work]}
    desk, _, _ = opened(book(common={"workdays": [days]}))
    said = spent(DESK, TOLD, "before5", date(2026, 2, 28))

    again = next(desk.ladder("standard").days(said.asked.due, desk.workdays))

    assert again == ("before5", date(2026, 3, 1))
    assert upcoming(desk, said) == ("due", date(2026, 3, 6))
    assert reached(desk, said, date(2026, 3, 2)) is None


def test_who_reported_before_being_written_to_is_owed_no_change() -> None:
    reported = replace(PLAN, state=State.REPORTED)

    assert upcoming(DESK, reported) is None


def test_a_day_gone_by_unsaid_leaves_what_was_told_before() -> None:
    told = spent(DESK, EVENT, NOTICE, date(2026, 2, 14))
    moved = replace(told, asked=replace(told.asked, due=date(2026, 3, 24)))
    dropped = spent(DESK, moved, None, date(2026, 4, 1))
    later = replace(dropped, asked=replace(dropped.asked, due=date(2026, 4, 22)))

    assert scheduled(DESK, dropped).next_on is None
    assert upcoming(DESK, later) == (CHANGE, date(2026, 4, 2))
    assert later.told == date(2026, 3, 22)
