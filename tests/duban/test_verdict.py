"""Whether an item was reported in time, by its lines of the account."""

from datetime import date
from typing import Any

import pytest

from duban.assignment import Duty
from duban.completion import State
from duban.course import Line
from duban.facts import Facts
from duban.scoring import Scoring
from duban.step import Answer
from duban.verdict import Item, Outcome, Verdict, judge
from duban.workdays import WorkCalendar, WorkYear
from tests.books import SPRING

WORKDAYS = WorkCalendar([WorkYear.model_validate(SPRING)])
ITEM = Item(1, "shui", "shuili")


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def asked(due: str | None, extended: str | None = None, **changes: Any) -> Facts:
    known: dict[str, Any] = {"notice": day("02-09"), "duty": Duty.LEAD, "answer": Answer.REPORT}
    granted = extended and day(extended)
    return Facts(due=due and day(due), extended=granted, **{**known, **changes})  # type: ignore[arg-type]


def new(**changes: Any) -> Line:
    """On 5 January: due on 20 March, its notice planned for 9 February."""
    return Line(day("01-05"), "new", State.PLANNED, None, asked("03-20", **changes))


NEW = new()
NOTICE = Line(day("02-09"), "notify", State.NOTIFIED, 1)


def line(when: str, act: str, state: State | None = None, **more: Any) -> Line:
    return Line(day(when), act, state, **more)


def report(when: str) -> Line:
    return line(when, "report", State.REPORTED)


def returned(when: str) -> Line:
    return line(when, "return", State.RETURNED)


def judged(*lines: Line, item: Item = ITEM, **rules: Any) -> Verdict:
    found = judge(item, lines, Scoring.model_validate(rules), WORKDAYS)
    assert found
    return found


def test_a_report_on_its_day_is_in_time() -> None:
    found = judged(NEW, NOTICE, report("03-20"))

    assert (found.outcome, found.points, found.weight) == (Outcome.KEPT, 100, 2)


def test_a_late_report_loses_points_by_the_working_day() -> None:
    found = judged(NEW, NOTICE, report("03-25"))

    assert (found.outcome, found.days, found.points) == (Outcome.LATE, 3, 60 - 3 * 2)


def test_a_late_report_never_brings_less_than_none() -> None:
    found = judged(NEW, NOTICE, report("12-25"), points={"missing": 10})

    assert found.points == 10


def test_what_never_came_is_not_in_time() -> None:
    assert judged(NEW, NOTICE).outcome is Outcome.MISSING


def test_a_returned_report_counts_by_the_first_one_that_was_not_returned() -> None:
    found = judged(NEW, NOTICE, report("03-10"), returned("03-12"), report("03-23"))

    assert (found.outcome, found.answered) == (Outcome.LATE, day("03-23"))


def test_a_report_that_was_returned_for_good_is_none() -> None:
    assert judged(NEW, NOTICE, report("03-10"), returned("03-12")).outcome is Outcome.MISSING


def test_the_report_counts_and_not_the_day_on_which_it_was_accepted() -> None:
    done = line("04-15", "complete", State.COMPLETED)

    assert judged(NEW, NOTICE, report("03-19"), done).outcome is Outcome.KEPT


def test_what_the_secretariat_closes_without_a_report_counts_by_that_day() -> None:
    done = line("03-18", "complete", State.COMPLETED)

    assert judged(NEW, NOTICE, done).outcome is Outcome.KEPT


@pytest.mark.parametrize("granted", ["03-18", "04-02"])
def test_a_granted_extension_counts_whenever_it_was_granted(granted: str) -> None:
    grant = line(granted, "grant", facts=asked("03-20", "04-10"))

    found = judged(NEW, NOTICE, *sorted([grant, report("04-01")], key=lambda one: one.day))

    assert (found.outcome, found.day) == (Outcome.KEPT, day("04-10"))


def test_a_date_moved_forward_binds_nobody_who_was_not_told() -> None:
    moved = line("03-02", "moved", facts=asked("03-06"))

    found = judged(NEW, NOTICE, moved, report("03-20"))

    assert (found.outcome, found.day) == (Outcome.KEPT, day("03-20"))


def test_a_date_moved_forward_binds_who_was_told_in_time() -> None:
    moved = line("03-02", "moved", facts=asked("03-13"))
    told = line("03-03", "correct", State.NOTIFIED, letter=2)

    found = judged(NEW, NOTICE, moved, told, report("03-20"))

    assert (found.outcome, found.day) == (Outcome.LATE, day("03-13"))


def test_a_date_that_was_told_too_shortly_before_it_is_not_counted() -> None:
    moved = line("03-02", "moved", facts=asked("03-05"))
    told = line("03-03", "correct", State.NOTIFIED, letter=2)

    assert judged(NEW, NOTICE, moved, told).why == "从通知到时限只有 2 个工作日"


def test_a_date_moved_back_by_little_leaves_the_first_notice_what_it_was() -> None:
    moved = line("03-19", "moved", facts=asked("03-23"))
    told = line("03-20", "correct", State.NOTIFIED, letter=2)

    assert judged(NEW, NOTICE, moved, told, report("03-23")).outcome is Outcome.KEPT


def test_a_letter_that_was_taken_back_told_nothing() -> None:
    moved = line("03-02", "moved", facts=asked("03-13"))
    told = line("03-03", "correct", State.NOTIFIED, letter=2)
    back = line("03-03", "unsend", State.NOTIFIED, letter=2)

    assert judged(NEW, NOTICE, moved, told, back).day == day("03-20")


def test_who_answered_is_judged_by_the_date_that_was_told_then() -> None:
    moved = line("03-16", "moved", facts=asked("03-02"))
    told = line("03-17", "correct", State.REPORTED, letter=2)

    found = judged(NEW, NOTICE, report("03-13"), moved, told)

    assert (found.outcome, found.day) == (Outcome.KEPT, day("03-20"))


def test_a_notice_that_went_out_late_makes_an_item_not_count() -> None:
    late = line("02-27", "notify", State.NOTIFIED, letter=1)

    assert judged(NEW, late).why == "通知晚发了 9 个工作日"


def test_a_notice_cannot_be_late_before_its_item_was_there() -> None:
    added = line("03-02", "new", State.PLANNED, facts=asked("03-20"))
    notice = line("03-03", "notify", State.NOTIFIED, letter=1)

    assert judged(added, notice).outcome is Outcome.MISSING


def test_an_item_of_which_nobody_was_told_is_not_counted() -> None:
    assert judged(NEW, report("03-10")).why == "没有通知过"


@pytest.mark.parametrize(
    ("act", "state", "why"),
    [("exempt", State.EXEMPTED, "已免办"), ("withdrawn", State.WITHDRAWN, "已撤销或转办")],
)
def test_what_was_let_off_or_withdrawn_is_not_counted(act: str, state: State, why: str) -> None:
    assert judged(NEW, NOTICE, line("03-25", act, state)).why == why


def test_what_was_withdrawn_before_anybody_knew_of_it_does_not_appear() -> None:
    gone = line("02-01", "withdrawn", State.WITHDRAWN)

    assert judge(ITEM, [NEW, gone], Scoring(), WORKDAYS) is None


def test_an_item_that_began_anew_needs_a_new_report() -> None:
    gone = line("03-02", "withdrawn", State.WITHDRAWN)
    cancelled = line("03-03", "correct", State.WITHDRAWN, letter=2)
    again = line("03-04", "restored", State.PLANNED)
    notice = line("03-05", "notify", State.NOTIFIED, letter=3)

    found = judged(NEW, NOTICE, report("02-27"), gone, cancelled, again, notice)

    assert found.outcome is Outcome.MISSING


def test_who_supports_weighs_less() -> None:
    assert judged(new(duty=Duty.SUPPORT), NOTICE).weight == 1


def test_another_duty_counts_from_when_it_changed() -> None:
    changed = line("03-02", "changed", facts=asked("03-20", duty=Duty.SUPPORT))

    assert judged(NEW, NOTICE, changed, report("03-03")).weight == 1


def test_what_only_has_to_be_known_is_not_scored() -> None:
    known = [new(answer=Answer.KNOW), NOTICE]

    assert judge(ITEM, known, Scoring(), WORKDAYS) is None


def test_what_weighs_nothing_is_not_scored() -> None:
    rules = Scoring.model_validate({"weights": {"support": 0}})

    assert judge(ITEM, [new(duty=Duty.SUPPORT), NOTICE], rules, WORKDAYS) is None


def test_tasks_of_programmes_may_be_left_out() -> None:
    rules = Scoring.model_validate({"counted": ["活动"]})

    assert judge(ITEM, [NEW, NOTICE], rules, WORKDAYS)
    assert judge(Item(1, "outline.farmers", "shuili"), [NEW, NOTICE], rules, WORKDAYS) is None


def test_a_date_that_is_not_known_is_not_judged() -> None:
    unknown = line("01-05", "new", State.PLANNED, facts=asked(None))

    assert judge(ITEM, [unknown, NOTICE], Scoring(), WORKDAYS) is None
