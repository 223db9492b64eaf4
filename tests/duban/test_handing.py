"""What becomes of a programme's targets and tasks in the one that follows."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from duban.desk import OFFICE
from duban.programme import Programme
from duban.programmeview import View, view
from duban.progress import Reported
from tests.books import opened
from tests.programmes import programme, programmed, target, task

FORMER = programme(
    id="former",
    start="2024-01-01",
    end="2026-12-31",
    phases=[],
    tasks=[
        target(id="old"),
        task("museum", "建成博物馆", "市科协"),
        task("paper", "年度要点", "市科协", kind="年度要点"),
    ],
)
NEXT: dict[str, Any] = programme(
    start="2027-01-01",
    end="2030-12-31",
    phases=[],
    predecessor="former",
    handover=[{"task": "old", "becomes": "literacy"}, {"task": "museum", "pending": "等新方案"}],
    tasks=[target(measure={"unit": "%", "target": {"year": 2030, "value": "20"}})],
)


def both(**changes: Any) -> list[Programme]:
    every = [FORMER, {**NEXT, **changes}]
    return [Programme.model_validate(one) for one in every]


def seen(number: int, every: list[Programme], **said: str) -> View:
    """`said`: by year, as y2025, what the former's target was reported to be."""
    values = [
        Reported(int(y[1:]), "kexie", Decimal(v), "%", datetime(2026, 1, 1, tzinfo=UTC), 1, True)
        for y, v in said.items()
    ]
    return view(every[number], every, (), {"former.old": values}, date(2027, 2, 1))


def test_lasting_tasks_are_listed_with_what_becomes_of_them() -> None:
    found = seen(0, both()).legacies

    said = [(one.task.id, one.becomes and one.becomes.id, one.pending) for one in found]
    assert said == [("old", "literacy", ""), ("museum", None, "等新方案")]
    assert seen(1, both()).taken == found


def test_the_next_begins_where_the_former_ended() -> None:
    course = seen(1, both(), y2025="11.0", y2026="12.4").targets[0].course

    assert course is not None
    assert course.inherited
    assert course.baseline is not None
    assert (course.baseline.year, course.baseline.value) == (2026, Decimal("12.4"))
    assert [str(mark.path) for mark in course.marks] == ["14.3", "16.2", "18.1", "20"]


def test_a_baseline_that_is_given_goes_before() -> None:
    measure = {**NEXT["tasks"][0]["measure"], "baseline": {"year": 2026, "value": "12.0"}}

    course = seen(1, both(tasks=[target(measure=measure)]), y2026="12.4").targets[0].course

    assert course is not None
    assert not course.inherited
    assert course.baseline is not None
    assert course.baseline.value == Decimal("12.0")


def test_the_secretariat_is_asked_for_what_is_still_to_be_decided() -> None:
    _, agenda, items = opened(programmed(FORMER, NEXT))

    asked = next(one.asked for one in items if one.asked.activity == "outline.handover.date")
    piece = agenda.piece(asked)
    assert (asked.department, asked.notice_on) == (OFFICE, date(2026, 10, 1))
    assert piece is not None
    assert "建成博物馆转到哪里还没有定" in piece.reason


def test_nobody_is_asked_once_everything_is_decided() -> None:
    decided = [NEXT["handover"][0], {"task": "museum", "ended": "已经建成"}]

    _, _, items = opened(programmed(FORMER, {**NEXT, "handover": decided}))

    assert not [one for one in items if one.asked.activity.endswith("handover.date")]
