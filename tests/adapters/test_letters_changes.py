"""Letters about changes: what was, what is, and what is gone."""

import re
from dataclasses import replace
from datetime import date, time

import pytest

from duban.activity import Certainty
from duban.completion import State
from duban.lamp import Lamp
from duban.letter import Kind
from duban.step import Answer
from tests.letters import (
    CALLED_OFF,
    WEEK,
    change,
    make_gone,
    make_item,
    make_letter,
    make_moved,
    make_section,
)
from tests.pictures import words
from tests.rendering import both, render, updated


def test_a_change_says_what_was_what_is_and_that_it_holds() -> None:
    item = make_moved(
        date(2025, 12, 26),
        occasion=WEEK,
        answer=Answer.KNOW,
        due=date(2026, 5, 14),
        due_at=time(17, 0),
    )

    rendered = updated(item)

    facts = [
        "全国科技活动周",
        "2026年5月23日（星期六）至5月30日（星期六），已公布",
        WEEK.source or "",
    ]
    facts += [
        "方案报送",
        "2025年12月26日（星期五）",
        "作废",
        "5月14日（星期四）17:00前",
        "知悉即可",
    ]
    facts += ["时限调整", item.assignment, "以本通知为准", "请按本通知调整工作安排"]
    assert [[fact for fact in facts if fact not in part] for part in both(rendered)] == [[], []]


def test_an_old_date_is_struck_out_and_a_new_one_stands_out() -> None:
    page = updated(make_moved(date(2026, 5, 7), due=date(2026, 5, 14))).html

    struck = re.findall(r'<s class="old" style="[^"]*line-through[^"]*">(.+?)</s>', page)
    bold = re.findall(r"<td [^>]*><b>(.+?)</b>", page)
    assert [re.sub("<.*?>", "", one) for one in (*struck, *bold)] == [
        "5月7日（星期四）",
        "5月14日（星期四）",
    ]


def test_what_was_not_known_before_is_not_struck_out() -> None:
    rendered = updated(make_moved(None))

    assert "原时限：待公布\n     现时限：3月9日（星期一）\n" in rendered.text
    assert "方案报送 | 待公布 | 3月9日（星期一） | 报送\n" in words(rendered.html)
    assert "<s " not in rendered.html


@pytest.mark.parametrize(
    ("state", "now", "asked"),
    [(State.WITHDRAWN, "取消", "不必办理"), (State.ACKNOWLEDGED, "待公布，另行通知", "报送")],
)
def test_a_date_that_is_gone_is_named_once_as_the_old_one(
    state: State, now: str, asked: str
) -> None:
    rendered = updated(make_gone(date(2026, 4, 10), state=state))

    assert f"原时限：4月10日（星期五），作废\n     现时限：{now}\n" in rendered.text
    assert f"4月10日（星期五） / 作废 | {now} | {asked}\n" in words(rendered.html)
    assert all(part.count("4月10日") == 1 for part in both(rendered))


@pytest.mark.parametrize(("state", "times"), [(State.WITHDRAWN, []), (State.NOTIFIED, ["待公布"])])
def test_only_what_still_takes_place_is_said_to_have_no_day_yet(
    state: State, times: list[str]
) -> None:
    rendered = updated(make_gone(date(2026, 4, 10), occasion=CALLED_OFF, state=state))

    assert re.findall("(?m)^时间：(.+)$", rendered.text) == times
    assert re.findall(r"(?m)^时间 \| (.+)$", words(rendered.html)) == times


def test_a_rule_is_not_explained_where_no_day_is_left() -> None:
    dropped = replace(CALLED_OFF, certainty=Certainty.RULE)

    rendered = updated(make_gone(date(2026, 4, 10), occasion=dropped))

    assert not any("规则推算" in part for part in both(rendered))


def test_a_date_moved_into_the_past_is_overdue_and_a_cancelled_one_is_not() -> None:
    moved = updated(make_moved(date(2026, 3, 20), days=3, lamp=Lamp.RED))
    gone = updated(make_gone(date(2026, 2, 20), days=5, lamp=Lamp.RED))

    assert all("已逾期3个工作日" in part for part in both(moved))
    assert not any("逾期" in part for part in both(gone))


def test_changes_beside_work_ask_for_both() -> None:
    rendered = render(make_letter(change(), make_section(Kind.REMINDER)))

    closing = "更正的事项，请按更正通知调整工作安排。", "办理完成后，请直接回复本邮件"
    assert all(line in part for line in closing for part in both(rendered))


def test_what_only_has_to_be_known_beside_changes_is_the_rest() -> None:
    rendered = render(
        make_letter(change(), make_section(Kind.REMINDER, make_item(answer=Answer.KNOW)))
    )

    assert all("其余事项知悉即可" in part for part in both(rendered))
    assert not any("以上事项知悉即可" in part for part in both(rendered))
