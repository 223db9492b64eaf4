from dataclasses import replace
from datetime import date
from typing import Any

from duban.agenda import agenda
from duban.assignment import Assignment
from duban.book import Book
from duban.completion import State
from duban.desk import desks
from duban.diff import Diff, compare
from duban.ladder import CANCEL, CHANGE, NOTICE
from duban.stages import scheduled, spent
from tests.books import activity, book, document, opened

TODAY = date(2026, 3, 2)
MOVED = [activity("shui", "世界水日", "4月22日"), activity("kejizhou", "科技活动周", "每年公布")]


def against(changed: Book, items: list[Assignment]) -> Diff:
    desk = desks(changed)[0]
    return compare(desk, agenda(desk), items)


def told(key: str, **changes: Any) -> list[Assignment]:
    desk, _, items = opened(book())
    one = next(item for item in items if item.key == key)
    return [replace(spent(desk, one, NOTICE, date(2026, 2, 14)), **changes)] + [
        item for item in items if item.key != key
    ]


def test_the_same_book_changes_nothing() -> None:
    _, _, items = opened(book())

    assert not against(book(), items)


def test_a_moved_date_counts_a_new_version_and_arms_the_ladder_again() -> None:
    key = "ceshi/shui/2026/plan/shuili"

    diff = against(book(common={"activities": MOVED}), told(key))

    moved = next(change for change in diff.moved if change.key == key)
    assert moved.after.asked.due == date(2026, 4, 7)
    assert moved.after.version == 2
    assert moved.after.next_stage == CHANGE
    assert moved.after.next_on is not None
    assert moved.after.next_on <= TODAY


def test_a_completed_item_stays_completed_when_its_date_moves() -> None:
    key = "ceshi/shui/2026/plan/shuili"

    diff = against(book(common={"activities": MOVED}), told(key, state=State.COMPLETED))

    moved = next(change for change in diff.moved if change.key == key)
    assert moved.after.state is State.COMPLETED
    assert moved.after.next_on is None


def test_what_the_calendar_no_longer_asks_is_withdrawn_unless_done() -> None:
    items = told("ceshi/shui/2026/plan/shuili", state=State.COMPLETED)

    diff = against(book(years=[]), items)

    assert not any(change.key.endswith("/plan/shuili") for change in diff.withdrawn)
    assert all(change.after.state is State.WITHDRAWN for change in diff.withdrawn)
    assert len(diff.withdrawn) == len(items) - 1


def test_withdrawing_and_adding_again_is_the_identity_while_nobody_was_told() -> None:
    items = told("ceshi/shui/2026/plan/shuili")
    gone = [change.after for change in against(book(years=[]), items).withdrawn]

    back = {change.key: change.after for change in against(book(), gone).restored}

    assert back == {item.key: replace(item, stage_on=back[item.key].stage_on) for item in items}


def test_what_comes_back_after_its_cancellation_was_told_starts_anew() -> None:
    desk, _, _ = opened(book())
    items = told("ceshi/shui/2026/plan/shuili")
    gone = next(c.after for c in against(book(years=[]), items).withdrawn if c.after.told)
    cancelled = spent(desk, gone, CANCEL, TODAY)

    back = next(c.after for c in against(book(), [cancelled]).restored)

    assert (back.state, back.version, back.next_stage) == (State.PLANNED, 2, NOTICE)


def test_a_step_that_passes_to_another_department_is_shown_as_one_change() -> None:
    years = document()["branches"][0]["years"]
    years[0]["activities"][0]["lead"] = "市科技局"
    _, _, items = opened(book())

    diff = against(book(years=years), items)

    passed = {(gone.key, new.key) for gone, new in diff.reassigned}
    assert ("ceshi/shui/2026/plan/shuili", "ceshi/shui/2026/plan/keji") in passed
    assert len(passed) == len(diff.new) == len(diff.withdrawn) == 3


def test_a_notice_that_was_dropped_as_too_late_is_due_again_with_another_date() -> None:
    desk, _, items = opened(book())
    late = next(item for item in items if item.key == "ceshi/shui/2026/plan/shuili")
    dropped = spent(desk, late, None, date(2026, 3, 25))

    (change,) = against(book(common={"activities": MOVED}), [dropped]).moved

    assert dropped.next_stage is None
    assert (change.after.next_stage, change.after.next_on) == (NOTICE, date(2026, 3, 23))


def test_what_was_reported_before_its_notice_stays_reported_when_dropped_and_added_again() -> None:
    desk, _, items = opened(book())
    reported = [scheduled(desk, replace(items[0], state=State.REPORTED)), *items[1:]]
    gone = [change.after for change in against(book(years=[]), reported).withdrawn]

    back = [change.after for change in against(book(), gone).restored]

    assert {item.key: item for item in back} == {item.key: item for item in reported}
