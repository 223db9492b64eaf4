"""Letters in words: what recipients read is complete and in order."""

import re
from datetime import date, time
from pathlib import Path

import pytest

from duban.activity import Certainty
from duban.assignment import Duty
from duban.completion import State
from duban.letter import URGING, Kind, Tentative
from duban.rule import Span
from duban.step import Answer
from tests.letters import (
    VILLAGE,
    WEEK,
    change,
    confirm,
    digest,
    make_item,
    make_late,
    make_letter,
    make_occasion,
    make_office,
    make_section,
    notice,
    reminder,
    returned,
)
from tests.pictures import read_aloud, samples
from tests.rendering import ITEMLESS, LETTERS, both, reminded, render

AGREED = Path(__file__).parent / "letters"


@pytest.mark.parametrize("name", samples())
def test_every_word_is_as_agreed(name: str) -> None:
    """After a change that is meant: `python -m tests.pictures FOLDER`, read its *.txt, copy them."""
    rendered = render(samples()[name])

    assert read_aloud(rendered) == (AGREED / f"{name}.txt").read_text("utf-8")


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.CONFIRM, *ITEMLESS)])
def test_every_fact_of_an_item_is_in_text_and_html(kind: Kind) -> None:
    item = make_late(3, due_at=time(17, 0), why="逾期第二次提醒", state=State.RETURNED)

    rendered = render(make_letter(make_section(kind, item), departments=("市水利局",)))

    facts = ["世界水日", "方案报送", "2月25日（星期三）17:00前", "已逾期3个工作日", "市水利局"]
    facts += ["逾期第二次提醒", "chongqing/shui/2026/plan/shuili"]
    assert [[fact for fact in facts if fact not in part] for part in both(rendered)] == [[], []]


def test_a_notice_tells_of_the_activity_and_who_has_to_do_what() -> None:
    item = make_item(occasion=WEEK, duty=Duty.SUPPORT, answer=Answer.KNOW)

    rendered = render(make_letter(make_section(Kind.NOTICE, item)))

    facts = ["2026年5月23日（星期六）至5月30日（星期六），已公布", "关于举办2026年全国科技活动周"]
    facts += ["市科技局、市委宣传部、市科协", "各责任单位、各区县纲要办", "责任", "知悉即可"]
    assert [[fact for fact in facts if fact not in part] for part in both(rendered)] == [[], []]


@pytest.mark.parametrize(
    ("certainty", "warned"), [(Certainty.RULE, True), (Certainty.ANNOUNCED, False)]
)
def test_a_day_known_by_its_rule_only_is_said_to_be_so(certainty: Certainty, warned: bool) -> None:
    item = make_item(occasion=make_occasion(certainty=certainty))

    rendered = render(make_letter(make_section(Kind.NOTICE, item)))

    assert all(f"2026年3月22日（星期日），{certainty.label}" in part for part in both(rendered))
    assert [("以公布的为准" in part) for part in both(rendered)] == [warned, warned]


def test_a_task_names_its_programme_and_not_a_rule() -> None:
    item = make_item(occasion=VILLAGE)

    rendered = render(make_letter(make_section(Kind.NOTICE, item)))

    assert all(VILLAGE.category in part for part in both(rendered) if VILLAGE.category)
    assert not any("规则推算" in part for part in both(rendered))


def test_overdue_items_stand_first_and_the_others_by_their_due_date() -> None:
    rendered = reminded(
        make_item(step_name="丁", days=-5),
        make_item(step_name="丙", days=0),
        make_late(1, step_name="乙"),
        make_late(9, step_name="甲"),
    )

    for part in both(rendered):
        assert re.findall("[甲乙丙丁]", part) == ["甲", "乙", "丙", "丁"]


def test_a_digest_sums_up_who_is_late_and_longest() -> None:
    rendered = render(make_letter(digest()))

    facts = ["12项工作逾期，涉及7个部门", "最多的是市水利局，3项", "45个工作日", "红灯"]
    facts += ["最久的是市规划自然资源局“世界水日·方案报送”"]
    assert "<b>45个工作日</b>" in rendered.html
    assert [[fact for fact in facts if fact not in part] for part in both(rendered)] == [[], []]


def test_a_digest_goes_department_by_department_most_items_first() -> None:
    names = [name for name, _ in digest().departments]

    rendered = render(make_letter(digest()))

    for part in both(rendered):
        assert re.findall("（[一二三四五六七]）(.+?)\\s", part) == names


def test_the_department_is_named_with_each_item_for_who_speaks_for_two() -> None:
    letter = make_letter(make_section(Kind.REMINDER), departments=("市水利局", "市科协"))

    rendered = render(letter)

    assert all("方案报送（市水利局）" in part for part in both(rendered))
    assert all("市水利局、市科协 王小川，您好！" in part for part in both(rendered))


def test_a_due_date_of_another_year_says_which() -> None:
    rendered = reminded(make_late(45))

    assert all("2025年12月29日（星期一）" in part for part in both(rendered))


def test_a_hundred_items_are_all_there() -> None:
    items = [make_item(department=f"bumen-{number:03}") for number in range(100)]

    rendered = reminded(*items)

    for part in both(rendered):
        assert len(set(re.findall("chongqing/shui/2026/plan/bumen-\\d{3}", part))) == 100


def test_sections_stand_in_order_under_one_greeting() -> None:
    rendered = render(make_letter(change(), notice(), reminder(), confirm(), returned(), digest()))

    for part in both(rendered):
        left_out = (*URGING, Kind.RECEIPT, Kind.WORK, Kind.ACCOUNT, Kind.PHASE)
        labels = [kind.label for kind in Kind if kind not in left_out]
        assert re.findall("(?m)^[一二三四五六]、(.+)$", part) == labels
        assert part.count("您好") == 1
        assert part.count("办理完成后，请直接回复本邮件") == 1


def test_the_foot_tells_who_sends_when_and_where_to_call() -> None:
    rendered = render(make_letter(), name="武隆区纲要办", phone="023-5555 0199")

    facts = ["武隆区纲要办", "2026年3月2日", "此邮件由督办系统自动发送", "023-5555 0199"]
    assert [[fact for fact in facts if fact not in part] for part in both(rendered)] == [[], []]


def test_an_office_without_a_phone_promises_none() -> None:
    rendered = render(make_letter(), phone=None)

    assert not any("电话" in part for part in both(rendered))


def test_what_has_only_to_be_known_asks_for_no_answer() -> None:
    rendered = reminded(make_item(answer=Answer.KNOW))

    assert all("不必回复" in part and "办理完成后" not in part for part in both(rendered))


@pytest.mark.parametrize(
    ("name", "departments", "said"),
    [
        ("王小川", ("市科协",), "市科协 王小川，您好！"),
        ("市科协联络员", ("市科协",), "市科协联络员，您好！"),
        ("重庆市科协联络员", ("市科协",), "重庆市科协联络员，您好！"),
        ("市科协联络员", ("市科协", "市水利局"), "市科协、市水利局 市科协联络员，您好！"),
        ("李主任", (), "李主任，您好！"),
    ],
)
def test_the_greeting_says_a_department_once(
    name: str, departments: tuple[str, ...], said: str
) -> None:
    rendered = render(make_letter(recipient_name=name, departments=departments))

    assert all(said in part.splitlines() for part in both(rendered))


def test_tentative_activities_are_named_with_their_usual_time_and_no_date() -> None:
    usual = Span(date(2026, 5, 19), date(2026, 6, 1))
    coming = (
        Tentative("全国科技活动周", "市水利局", usual),
        Tentative("公众科学日", "市水利局", usual),
    )

    sent = LETTERS.render(make_letter(notice(), tentative=coming), make_office())

    line = "全国科技活动周（通常5月19日至6月1日）、公众科学日（通常5月19日至6月1日）。"
    assert "另有2项活动日期暂定" in sent.text
    assert line in sent.text
    assert line in sent.html
    assert "2026年5月19日" not in sent.text
