"""Checks of the order of steps."""

import pytest

from tests.sites import faults_of, keyed

SECOND = """\
  - activity: 水日
    lead: 市教委
    steps: day
"""


@pytest.fixture
def faults(tmp_path):
    """The faults of the tiny site after some changes."""
    return lambda *changes: faults_of(tmp_path, *changes)


def test_steps_are_due_in_the_order_in_which_they_are_listed(faults):
    change = ("steps", "due: 开始前15天", "due: 结束后2天")

    assert keyed(faults(change)) == [
        "activities[1].steps：“活动开展”2026-03-22到期，早于列在它前面的“方案报送”（2026-03-24）"
    ]


def test_steps_of_a_task_are_in_order_too(faults):
    change = ("programme", "due: 7月10日", "due: 12月31日")

    assert keyed(faults(change)) == [
        "tasks[1].steps[2].due：“总结报送”2025-12-20到期，早于列在它前面的“半年报送”（2025-12-31）"
    ]


def test_no_step_is_due_before_the_notice_goes_out(faults):
    change = ("year", "steps: day", "steps: day\n    notice: 开始前10天")

    assert keyed(faults(change)) == [
        "activities[1].steps：“方案报送”2026-03-06到期，早于通知发出的2026-03-12"
    ]


def test_a_slip_in_a_shared_set_is_told_once(faults):
    twice = (
        "year",
        "  - activity: 全国低碳日",
        SECOND.replace("水日", "全国节能宣传周") + "  - activity: 全国低碳日",
    )

    assert len(faults(("steps", "开始前30天", "开始前10天"), twice)) == 1


def test_days_that_are_not_known_are_in_any_order(faults):
    unknown = ("observances", "{rule: 3月22日, since: 1993}", "{rule: 每年公布}")

    assert faults(unknown, ("steps", "due: 开始前15天", "due: 结束后2天")) == ()


def test_the_steps_of_an_entry_do_not_count_from_their_own_due_day(faults):
    (found,) = keyed(faults(("steps", "due: 开始前15天", "due: 到期前15天")))

    assert found == "sets[1].steps[1].due：“到期前15天”：节点自己的时间不能从“到期”算起"
