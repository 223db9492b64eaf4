"""A review of a phase is asked like any other work: its steps, departments, ladder and notice."""

from datetime import date
from typing import Any

from duban.assignment import Assignment, Duty
from duban.stages import upcoming
from tests.books import opened
from tests.programmes import programme, programmed


def reviews(**changes: Any) -> dict[str, Assignment]:
    """By step and department."""
    phase = programme()["phases"][1]
    review = {**phase["review"], **changes}
    _, _, items = opened(programmed(programme(phases=[{**phase, "review": review}])))
    return {
        f"{one.asked.step}/{one.asked.department}": one
        for one in items
        if one.asked.activity == "outline.final"
    }


def test_its_steps_are_items_of_the_departments_that_it_names() -> None:
    found = reviews()

    assert set(found) == {"self/kexie", "self/shuili", "whole/kexie"}
    assert found["self/kexie"].asked.duty is Duty.LEAD
    assert found["whole/kexie"].asked.name == "总结评估"
    assert found["whole/kexie"].asked.ladder == "yearly"


def test_the_end_from_which_they_count_is_the_phases() -> None:
    found = reviews()

    assert found["self/kexie"].asked.due == date(2026, 10, 30)
    assert found["whole/kexie"].asked.due == date(2026, 12, 20)


def test_a_step_with_a_year_is_due_in_that_year_of_the_phase() -> None:
    steps = [{"id": "whole", "name": "评估报告", "due": "2026年11月30日"}]

    assert {one.asked.due for one in reviews(steps=steps).values()} == {date(2026, 11, 30)}


def test_the_notice_comes_first_like_everywhere() -> None:
    desk, _, items = opened(programmed())
    one = next(item for item in items if item.key.endswith("outline.final/2026/whole/kexie"))

    assert upcoming(desk, one) == ("notice", date(2026, 10, 21))
