"""Subjects: what each kind and combination of sections is called."""

from datetime import date

import pytest

from adapters.letters import Letters
from duban.completion import State
from duban.letter import Kind, Section
from tests.letters import (
    CALLED_OFF,
    FESTIVAL,
    MOVED,
    VILLAGE,
    change,
    confirm,
    digest,
    make_gone,
    make_item,
    make_late,
    make_letter,
    make_moved,
    make_office,
    make_section,
    make_unknown,
    notice,
    reminder,
    returned,
)
from tests.pictures import TEMPLATES

LONG = make_section(Kind.NOTICE, make_item(occasion=VILLAGE))
APRIL = date(2026, 4, 10)
WEEK_MOVED, WATER_MOVED = make_moved(APRIL, occasion=MOVED), make_moved(APRIL)
OFF, OPEN = make_gone(APRIL, occasion=CALLED_OFF), make_gone(APRIL, state=State.NOTIFIED)
FIXED = make_moved(None, occasion=FESTIVAL)
SUBJECTS = [
    ((make_section(Kind.CHANGE, WEEK_MOVED),), "【更正】全国科技活动周：时限调整"),
    ((make_section(Kind.CHANGE, OFF),), "【更正】科普讲解大赛：原定事项取消"),
    ((make_section(Kind.CHANGE, OPEN),), "【更正】世界水日：改为待公布"),
    ((make_section(Kind.CHANGE, FIXED),), "【更正】全国科普月：日期已定"),
    (
        (make_section(Kind.CHANGE, WEEK_MOVED, make_gone(APRIL, occasion=MOVED)),),
        "【更正】全国科技活动周：时限调整、部分事项取消",
    ),
    (
        (
            make_section(Kind.CHANGE, OFF, WEEK_MOVED, WATER_MOVED),
            make_section(Kind.REMINDER, *3 * [make_item()]),
        ),
        "【更正】2项工作的时限调整、1项取消；另有3项提醒",
    ),
    ((make_section(Kind.CHANGE, OPEN, OFF),), "【更正】1项工作取消、1项改为待公布"),
    ((change(),), "【更正】1项工作的时限调整、1项取消、1项改为待公布、1项日期已定"),
    (
        (make_section(Kind.CHANGE, WEEK_MOVED), notice()),
        "【更正】全国科技活动周：时限调整；另附3项工作的通知",
    ),
    ((make_section(Kind.CONFIRM, make_unknown()),), "【待确认】全国科技活动周：日期待公布"),
    ((confirm(),), "【待确认】1项放假通知待录入、31项日期待公布"),
    (
        (make_section(Kind.REMINDER), confirm(2), digest()),
        "【提醒】世界水日·方案报送：还有5个工作日；另有3项待确认；另附通报（12项逾期）",
    ),
    ((returned(1),), "【退信】给王小川的信没有送到"),
    ((returned(12),), "【退信】12封信没有送到"),
    (
        (confirm(2), returned(1), digest()),
        "【待确认】1项放假通知待录入、2项日期待公布；另有1封退信；另附通报（12项逾期）",
    ),
    ((make_section(Kind.NOTICE),), "【通知】世界水日的安排"),
    ((notice(),), "【通知】世界水日等3项工作的安排"),
    ((LONG,), "【通知】建设科技小院，推广专家大院、村会合作等农业科技…的安排"),
    ((make_section(Kind.REMINDER),), "【提醒】世界水日·方案报送：还有5个工作日"),
    ((make_section(Kind.REMINDER, make_late(3)),), "【提醒】世界水日·方案报送：已逾期3个工作日"),
    ((make_section(Kind.REMINDER, make_late(3), make_late(1)),), "【提醒】2项已逾期"),
    ((reminder(),), "【提醒】2项已逾期、3项即将到期、1项请知悉"),
    ((digest(),), "【通报】市纲要办：12项逾期，涉及7个部门（3月2日）"),
    ((make_section(Kind.DIGEST, make_late(1)),), "【通报】市纲要办：1项逾期，涉及1个部门（3月2日）"),
    ((notice(), make_section(Kind.REMINDER)), "【通知】世界水日等3项工作的安排；另有1项提醒"),
    ((notice(), reminder()), "【通知】世界水日等3项工作的安排；另有6项提醒（2项已逾期）"),
    ((make_section(Kind.NOTICE), digest()), "【通知】世界水日的安排；另附通报（12项逾期）"),
    (
        (make_section(Kind.REMINDER, make_late(3), make_item()), digest()),
        "【提醒】1项已逾期、1项即将到期；另附通报（12项逾期）",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("sections", "subject"), SUBJECTS, ids=[case[1] for case in SUBJECTS])
def test_the_subject_says_what_is_inside(sections: tuple[Section, ...], subject: str) -> None:
    rendered = Letters(TEMPLATES).render(make_letter(*sections), make_office())

    assert rendered.subject == subject
