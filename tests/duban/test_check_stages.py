"""Faults in activities with several stages, as a site tells them."""

import pytest

from adapters.files import read_site
from tests.sites import TEXTS, located, write_site

CONTEST = """\
  - id: contest
    name: 创新大赛
    rules:
      - rule: 每年公布
    stages:
      - id: city
        name: 市级终评
        rule: 每年公布
        dates:
          - {year: 2026, start: 2026-04-17, end: 2026-04-20}
      - id: final
        name: 全国终评
        rule: 8月10日
"""
ENTRY = """\
  - activity: 创新大赛
    lead: 市教委
    steps:
      - {id: plan, name: 参赛名单, due: 开始前15天, stage: final}
"""
LINES = len(TEXTS["observances"].splitlines())
YEAR_LINES = len(TEXTS["year"].splitlines())


@pytest.fixture
def faults(tmp_path):
    """The faults of the tiny site with the contest, after some changes of (old, new)."""

    def found(*changes: tuple[str, str], **more: str) -> list[str]:
        contest, entry = CONTEST, ENTRY
        for old, new in changes:
            assert old in contest + entry
            contest, entry = contest.replace(old, new, 1), entry.replace(old, new, 1)
        texts = {"observances": TEXTS["observances"] + contest, "year": TEXTS["year"] + entry}
        return located(read_site(write_site(tmp_path, **{**texts, **more})).faults)

    return found


def test_a_contest_without_faults(faults) -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("change", "line", "told"),
    [
        (
            ("id: final", "id: city"),
            11,
            "activities[5].stages[2].id 代号“city”重复，activities[5].stages[1]已经用了",
        ),
        (
            ("rule: 8月10日", "rule: 8月32日"),
            13,
            "activities[5].stages[2].rule 8月没有32日",
        ),
        (
            ("rule: 8月10日", "rule: 4月1日至3月1日"),
            13,
            "activities[5].stages[2].rule 结束3月1日早于开始4月1日；跨年请写“至次年”",
        ),
        (
            ("rule: 8月10日", "rule: 全国节水周第3天"),
            13,
            "activities[5].stages[2].rule 没有活动“全国节水周”",
        ),
        (
            ("rule: 8月10日", "rule: 创新大赛结束后1天"),
            13,
            "activities[5].stages[2].rule 日期互相推算，成了一圈：contest → contest",
        ),
        (
            ("rule: 8月10日", "rule: 3月10日"),
            10,
            "activities[5].stages[1].dates[1].start "
            "2026年的“全国终评”2026-03-10开始，早于列在它前面的“市级终评”（2026-04-17）",
        ),
        (
            ("start: 2026-04-17", "start: 2024-04-17"),
            10,
            "activities[5].stages[1].dates[1].start 2024-04-17离2026年太远",
        ),
        (
            ("end: 2026-04-20", "end: 2026-04-02"),
            10,
            "activities[5].stages[1].dates[1].end 结束2026-04-02早于开始2026-04-17",
        ),
    ],
)
def test_a_slip_in_the_stages_is_told_at_its_line(faults, change, line, told) -> None:
    message = f"calendar/observances.yaml:{LINES + line} {told}"

    assert message in faults(change)


def test_stages_with_fixed_days_are_in_order_in_any_year(faults) -> None:
    change = (
        "        rule: 每年公布\n        dates:\n"
        "          - {year: 2026, start: 2026-04-17, end: 2026-04-20}\n",
        "        rule: 9月\n",
    )

    assert faults(change) == [
        f"calendar/observances.yaml:{LINES + 11} activities[5].stages[2].rule "
        "2020年的“全国终评”2020-08-10开始，早于列在它前面的“市级终评”（2020-09-01）"
    ]


def test_a_stage_may_begin_in_the_year_before(faults) -> None:
    assert faults(("start: 2026-04-17", "start: 2025-12-10")) == []


def test_a_step_names_a_stage_of_its_activity(faults) -> None:
    assert faults(("stage: final", "stage: finals")) == [
        f"calendar/offices/cq/2026.yaml:{YEAR_LINES + 4} activities[3].steps[1].stage "
        "“创新大赛”没有阶段“finals”"
    ]


def test_a_step_has_no_stage_where_the_activity_has_none(faults) -> None:
    assert faults(("activity: 创新大赛", "activity: 全国科普月")) == [
        f"calendar/offices/cq/2026.yaml:{YEAR_LINES + 4} activities[3].steps[1].stage "
        "“全国科普月”不分阶段，不能写阶段“final”"
    ]


def test_a_shared_step_with_a_stage_is_told_where_it_is_used(faults) -> None:
    steps = TEXTS["steps"].replace("due: 开始前15天", "due: 开始前15天, stage: final")

    assert faults(steps=steps) == [
        "calendar/offices/cq/2026.yaml:7 activities[1].steps "
        "节点套餐“day”的“方案报送”：“世界水日”不分阶段，不能写阶段“final”"
    ]


def test_a_task_has_no_stages(faults) -> None:
    programme = TEXTS["programme"].replace("due: 7月10日", "due: 7月10日, stage: final")

    (told,) = faults(programme=programme)

    assert told.endswith("tasks[1].steps[1].stage 规划的任务不分阶段，不能写阶段“final”")


def test_two_activities_in_a_circle_through_a_stage_are_told_once(faults) -> None:
    circle = faults(
        ("rule: 8月10日", "rule: 全国新周开始前7天"),
        (
            "  - id: contest",
            "  - {id: week, name: 全国新周, rules: [{rule: 创新大赛第3天}]}\n  - id: contest",
        ),
    )

    assert [told for told in circle if "成了一圈" in told] == [
        f"calendar/observances.yaml:{LINES + 1} activities[5].rules[1].rule "
        "日期互相推算，成了一圈：week → contest → week"
    ]
