"""Subjects: what each kind and combination of sections is called."""

import pytest

from adapters.letters import Letters
from duban.letter import Kind, Section
from tests.letters import (
    VILLAGE,
    digest,
    make_item,
    make_late,
    make_letter,
    make_office,
    make_section,
    notice,
    reminder,
)
from tests.pictures import TEMPLATES

LONG = make_section(Kind.NOTICE, make_item(occasion=VILLAGE))
SUBJECTS = [
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
