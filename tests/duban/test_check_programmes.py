"""Faults of programmes: each is told at its place, with how to mend it."""

from typing import Any

import pytest

from duban.check import check
from tests.programmes import programme, programmed, target, task

MEASURE = target()["measure"]
FORMER = programme(
    id="former",
    start="2020-01-01",
    end="2024-12-31",
    phases=[],
    tasks=[target(id="old", measure=None), task("done", "农民素质提升", "市水利局")],
)


def faults(*programmes: dict[str, Any]) -> list[str]:
    return [
        f"{fault.place.key}：{fault.message}"
        for fault in check(programmed(*programmes))
        if "没有联络员" not in fault.message
    ]


def with_measure(**changes: Any) -> dict[str, Any]:
    return programme(tasks=[target(measure={**MEASURE, **changes})])


def test_the_programme_of_the_tests_has_no_fault() -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"target": {"year": 2030, "value": "13"}}, "目标年份2030不在规划期内"),
        ({"baseline": {"year": 2026, "value": "9"}}, "基数的年份2026不早于目标的年份2026"),
        ({"planned": [{"year": 2026, "value": "9"}]}, "计划值的年份2026不在规划开始和目标年份之间"),
        (
            {"values": [{"year": 2025, "value": "9"}, {"year": 2025, "value": "9"}]},
            "2025年没有排在2025年之后",
        ),
        ({"values": [{"year": 2026, "value": "9"}]}, "2026年已经启用督办，数值由单位报送"),
        ({"values": [{"year": 2019, "value": "9"}]}, "2019年不在规划期内"),
    ],
)
def test_years_of_a_measure_are_in_order(changes: dict[str, Any], said: str) -> None:
    assert [fault.partition("：")[2] for fault in faults(with_measure(**changes))] == [said]


def test_a_measure_needs_somebody_who_reports_its_values() -> None:
    steps = [{"id": "value", "name": "情况", "due": "12月31日", "who": "责任"}]

    found = faults(programme(tasks=[target(steps=steps)]))

    assert "写了 measure，却没有让牵头单位报送的节点" in found[0]


def test_a_report_of_a_phase_counts_from_its_end() -> None:
    phases = [{**programme()["phases"][0], "report": "开始后10天"}]

    assert any("阶段报告只能从阶段结束算起" in one for one in faults(programme(phases=phases)))


def test_a_review_has_an_id_of_its_own_and_its_steps_lie_in_its_phase() -> None:
    phase = programme()["phases"][1]
    step = {"id": "whole", "name": "评估报告", "due": "2025年3月1日"}
    review = {**phase["review"], "id": "literacy", "steps": [step]}

    found = faults(programme(phases=[{**phase, "review": review}]))

    assert any("代号“literacy”已经用于另一项任务或评估" in one for one in found)
    assert any("节点“评估报告”的2025-03-01不在阶段内" in one for one in found)


def test_a_review_names_departments_and_ladders_that_there_are() -> None:
    phase = programme()["phases"][1]
    review = {**phase["review"], "lead": "市水里局", "ladder": "never"}

    found = faults(programme(phases=[{**phase, "review": review}]))

    assert any("没有成员单位“市水里局”" in one for one in found)
    assert any("没有催办梯度“never”" in one for one in found)


# --- handing over --------------------------------------------------------------------------------


def following(**changes: Any) -> dict[str, Any]:
    return programme(**{"predecessor": "former", "handover": [], **changes})


DECIDED = [{"task": "old", "becomes": "literacy"}, {"task": "done", "ended": "已经完成"}]


def test_what_is_handed_over_with_every_target_and_task_spoken_of_has_no_fault() -> None:
    pending = [DECIDED[0], {"task": "done", "pending": "等新一轮方案"}]

    assert faults(FORMER, following(handover=DECIDED)) == []
    assert faults(FORMER, following(handover=pending)) == []


def test_what_is_dropped_in_silence_is_told() -> None:
    found = faults(FORMER, following(handover=DECIDED[:1]))

    assert found == ["predecessor：上一个规划的农民素质提升（done）没有写去向"]


@pytest.mark.parametrize(
    ("handover", "said"),
    [
        ([*DECIDED, {"task": "nothing", "ended": "无"}], "上一个规划里没有任务“nothing”"),
        ([*DECIDED, DECIDED[0]], "“old”写了两次"),
        ([{"task": "old", "becomes": "gone"}, DECIDED[1]], "本规划里没有任务“gone”"),
    ],
)
def test_what_is_said_of_tasks_that_are_not_there(
    handover: list[dict[str, str]], said: str
) -> None:
    assert [one.partition("：")[2] for one in faults(FORMER, following(handover=handover))] == [
        said
    ]


def test_the_former_programme_exists_ends_before_and_is_followed_once() -> None:
    twice = {**following(handover=DECIDED), "id": "second"}

    assert "没有规划“gone”" in faults(programme(predecessor="gone"))[0]
    late = faults({**FORMER, "end": "2025-06-30"}, following(handover=DECIDED))
    assert "到2025-06-30才结束" in late[0]
    assert "已经由" in faults(FORMER, following(handover=DECIDED), twice)[0]
