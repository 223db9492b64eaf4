"""Verdicts summed up: by department, month and phase of a programme; and what a score says."""

from dataclasses import replace
from datetime import date

import pytest

from duban.period import read, within
from duban.score import Part, Score, Term, tally
from duban.verdict import Item, Outcome, Verdict

DAY = date(2026, 3, 20)
KEPT = Verdict(Item(1, "shui", "shuili"), Outcome.KEPT, DAY, DAY, weight=2, points=100)
LATE = Verdict(Item(2, "p.t", "shuili"), Outcome.LATE, DAY, DAY, days=3, weight=1, points=54)
PHASES = {
    "p": (
        Term("p/one", "规划：启动", date(2026, 1, 1), date(2026, 3, 20)),
        Term("p/two", "规划：实施", date(2026, 3, 20), date(2026, 12, 31)),
        Term("p/three", "规划：总结", date(2026, 12, 1), date(2026, 12, 31)),
    )
}


def test_a_month_has_what_was_due_in_it_by_department_and_of_all_together() -> None:
    other = replace(KEPT, item=Item(3, "shui", "kexie"))

    found = tally([KEPT, LATE, other], {})

    month = date(2026, 3, 1)
    assert found[Part("shuili", month)] == Score(kept=1, late=1, weight=3, points=254)
    assert found[Part("", month)] == Score(kept=2, late=1, weight=5, points=454)


def test_a_task_belongs_to_every_phase_of_its_programme_that_has_its_day() -> None:
    found = tally([KEPT, LATE], PHASES)

    assert {part.phase for part in found} == {"", "p/one", "p/two"}
    assert found[Part("shuili", date(2026, 1, 1), "p/one")] == Score(late=1, weight=1, points=54)


def test_what_is_not_counted_is_numbered_and_weighs_nothing() -> None:
    left_out = Verdict(KEPT.item, Outcome.OMITTED, DAY, why="已免办")

    found = tally([left_out], {})[Part("shuili", date(2026, 3, 1))]

    assert found == Score(omitted=1)
    assert (found.percent, found.tenths) == (None, None)


@pytest.mark.parametrize(
    ("score", "percent", "tenths"),
    [
        (Score(kept=999, late=1, weight=1000, points=99_960), 99, 1000),
        (Score(kept=1, late=1, weight=3, points=254), 50, 847),
        (Score(missing=2, weight=2), 0, 0),
        (Score(kept=1, missing=1, weight=40, points=2001), 50, 500),
        (Score(kept=1, missing=1, weight=40, points=2002), 50, 501),
    ],
)
def test_a_rate_is_rounded_down_and_a_score_to_the_nearest_tenth(
    score: Score, percent: int, tenths: int
) -> None:
    assert (score.percent, score.tenths) == (percent, tenths)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("p/two", date(2026, 3, 20), date(2026, 12, 31)),
    ],
)
def test_a_period_is_read_from_its_name(text: str, first: date, last: date) -> None:
    found = read(text, PHASES["p"])

    assert found
    assert (found.id, found.first, found.last) == (text, first, last)


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-Q5", "x", "p/four", "٢٠٢٦", "2026-00", "0000"]
)
def test_what_is_no_period_is_none(text: str) -> None:
    assert read(text, PHASES["p"]) is None


def test_periods_of_some_months_are_those_that_have_one_of_their_days() -> None:
    found = [one.id for one in within(date(2026, 12, 1), date(2027, 1, 31))]

    assert found == ["2027", "2027-Q1", "2027-01", "2026", "2026-Q4", "2026-12"]
