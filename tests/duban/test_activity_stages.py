"""Activities with several stages: their days and their steps."""

from datetime import date
from typing import Any

import pytest

from duban.activity import Activity, Certainty
from duban.agenda import Agenda
from duban.occurrences import occurrence, stage_days
from duban.rule import Span
from tests.books import activity, book, document, opened

STAGES: list[dict[str, Any]] = [
    {"id": "launch", "name": "启动", "rule": "上年12月10日起20天"},
    {
        "id": "city",
        "name": "市级终评",
        "rule": "每年公布（通常4月）",
        "dates": [{"year": 2026, "start": "2026-04-17", "end": "2026-04-20"}],
    },
    {"id": "final", "name": "全国终评", "rule": "每年公布（通常8月）"},
]
STEPS: list[dict[str, Any]] = [
    {"id": "enter", "name": "报名汇总", "due": "结束后5天", "stage": "launch"},
    {"id": "city", "name": "市赛方案", "due": "开始前15天", "stage": "city"},
    {"id": "final", "name": "参赛名单", "due": "开始前15天", "stage": "final"},
    {"id": "sum", "name": "总结报送", "due": "结束后5天"},
]


def contest(**changes: Any) -> Activity:
    return Activity.model_validate(
        {**activity("dasai", "创新大赛", "每年公布", stages=STAGES), **changes}
    )


def nobody(_name: str) -> None:
    return None


def agenda_of(stages: list[dict[str, Any]]) -> Agenda:
    plain = document()
    office = {**plain["branches"][0]["office"], "since": "2025-06-01"}
    entry = {"activity": "创新大赛", "lead": "市科协", "steps": STEPS}
    found = activity("dasai", "创新大赛", "每年公布", stages=stages)
    years = [{"office": "ceshi", "year": 2026, "activities": [entry]}]
    return opened(book(common={"activities": [found]}, office=office, years=years))[1]


def test_each_stage_has_its_own_days_over_the_year_end() -> None:
    days = stage_days(contest(), 2026, nobody)

    assert {id: (one.name, one.span, one.certainty) for id, one in days.items()} == {
        "launch": ("启动", Span(date(2025, 12, 10), date(2025, 12, 29)), Certainty.RULE),
        "city": ("市级终评", Span(date(2026, 4, 17), date(2026, 4, 20)), Certainty.ANNOUNCED),
        "final": ("全国终评", None, Certainty.UNKNOWN),
    }


def test_the_activity_lasts_from_the_first_to_the_last_known_stage_day() -> None:
    found = occurrence(contest(), 2026, nobody)

    assert found is not None
    assert found.span == Span(date(2025, 12, 10), date(2026, 4, 20))
    assert found.certainty is Certainty.RULE


def test_the_activity_is_unknown_while_no_stage_is_known() -> None:
    found = occurrence(contest(stages=STAGES[2:], rules=[{"rule": "6月"}]), 2026, nobody)

    assert found is not None
    assert (found.span, found.certainty) == (None, Certainty.UNKNOWN)


@pytest.mark.parametrize(
    ("launch", "expected"),
    [
        ("每年公布（通常3月至6月）", Span(date(2026, 3, 1), date(2026, 8, 31))),
        ("每年公布", None),
    ],
)
def test_the_usual_window_is_known_where_that_of_every_stage_is(
    launch: str, expected: Span | None
) -> None:
    stages = [{**STAGES[0], "rule": launch}, STAGES[2]]

    found = occurrence(contest(stages=stages), 2026, nobody)

    assert found is not None
    assert (found.span, found.expected) == (None, expected)


def test_the_end_is_open_when_the_last_stage_is() -> None:
    final = {**STAGES[2], "dates": [{"year": 2026, "start": "2026-08-10"}]}

    found = occurrence(contest(stages=[*STAGES[:2], final]), 2026, nobody)

    assert found is not None
    assert found.span == Span(date(2025, 12, 10), None)


def test_a_stage_exists_only_in_its_years() -> None:
    stages = [{**STAGES[0], "since": 2027}, STAGES[1]]

    assert list(stage_days(contest(stages=stages), 2026, nobody)) == ["city"]


def test_a_stage_may_follow_another_activity() -> None:
    week = Activity.model_validate(activity("week", "科技周", "5月23日至30日"))
    stages = [{"id": "show", "name": "展示", "rule": "科技周最后一天"}]

    days = stage_days(contest(stages=stages), 2026, {"科技周": week}.get)

    assert days["show"].span == Span(date(2026, 5, 30), date(2026, 5, 30))


def test_steps_count_from_their_stage_and_wait_only_for_it() -> None:
    duties = agenda_of(STAGES).duties

    due = {duty.step: (duty.due, duty.certainty) for duty in duties.values()}

    assert due == {
        "enter": (date(2026, 1, 4), Certainty.RULE),
        "city": (date(2026, 4, 2), Certainty.ANNOUNCED),
        "final": (None, Certainty.UNKNOWN),
        "sum": (date(2026, 4, 27), Certainty.RULE),
    }


def test_the_notice_of_a_step_goes_out_before_its_stage() -> None:
    duties = agenda_of(STAGES).duties

    notices = {duty.step: duty.notice_on for duty in duties.values()}

    assert notices == {
        "enter": date(2025, 11, 10),
        "city": date(2026, 3, 18),
        "final": None,
        "sum": date(2025, 11, 10),
    }


def test_a_stage_that_becomes_known_moves_only_its_own_steps_and_the_end() -> None:
    final = {**STAGES[2], "dates": [{"year": 2026, "start": "2026-08-10", "end": "2026-08-16"}]}

    before, after = agenda_of(STAGES).duties, agenda_of([*STAGES[:2], final]).duties

    assert {duty.step for key, duty in after.items() if duty != before[key]} == {"final", "sum"}
    assert after["ceshi/dasai/2026/final/kexie"].due == date(2026, 7, 24)
