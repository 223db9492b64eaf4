"""Checks of ladders that go up to the leaders, and of who reports to whom."""

import pytest

from tests.sites import faults_of, keyed

BLUE = "{id: after5, name: 蓝色督办函, when: 逾期5个工作日, to: [联络员, 分管领导], degree: 蓝色}"
LAST = "{id: after5, name: 逾期催办, when: 逾期5个工作日起每5个工作日}"


@pytest.fixture
def faults(tmp_path):
    return lambda *changes: keyed(faults_of(tmp_path, *changes))


def ladder(*stages: str) -> tuple[str, str, str]:
    return "ladders", LAST, "\n      - ".join(stages)


def test_a_ladder_may_go_up_to_the_leaders(faults):
    assert faults(ladder(BLUE)) == []


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        (
            [BLUE, "{id: after9, name: 又一次, when: 逾期9个工作日, to: [联络员, 分管领导]}"],
            "ladders[1].stages[4].to：“又一次”发给分管领导，却没有写 degree",
        ),
        (
            [BLUE, "{id: after9, name: 黄色, when: 逾期9个工作日, degree: 黄色}"],
            "ladders[1].stages[4].to：“蓝色督办函”发给分管领导，后面的“黄色”却没有发",
        ),
        (
            [
                BLUE.replace("蓝色", "红色"),
                BLUE.replace("after5", "after9").replace("逾期5", "逾期9"),
            ],
            "ladders[1].stages[4].degree：蓝色督办函排在红色督办函后面",
        ),
    ],
)
def test_what_a_ladder_may_not_do_is_told_at_its_place(faults, stages, expected):
    assert expected in faults(ladder(*stages))


def test_a_word_that_is_no_degree_is_told_with_the_choices(faults):
    found = faults(ladder(BLUE.replace("degree: 蓝色", "degree: 紫色")))

    assert found[0].startswith("ladders[1].stages[3].degree：“紫色”不在可选之列")


def test_somebody_of_the_office_cannot_be_addressed_by_a_ladder(faults):
    found = faults(ladder(BLUE.replace("分管领导]", "经办人]")))

    assert found[0].startswith("ladders[1].stages[3].to[2]：“经办人”不在可选之列")


def test_the_head_of_the_office_belongs_to_no_department(faults):
    found = faults(("contacts", "role: 经办人", "role: 纲要办领导, department: 市科协"))

    assert found == ["contacts[4].department：纲要办领导“赵六”是本办的人，不能写单位"]


def test_without_supporting_departments_nothing_goes_to_the_lead(faults):
    found = faults(("year", "support: 市科协、市教委", "report_to: 牵头单位"))

    assert found == ["activities[1].report_to：没有责任单位，报送到牵头单位就没有意义"]
