"""Checks of names and ids: each means one thing, and what is named is there."""

import pytest

from adapters.files import read_site
from duban.book import Book
from duban.check import check
from duban.fault import Place
from duban.unread import Unread
from tests.sites import TEXTS, faults_of, keyed, write_site

PHASE = """\
phases:
  - {id: start, name: 启动, start: 2021-01-01, end: 2021-06-30}
"""
TASK = """\
tasks:
  - {id: farmers, kind: 目标, name: 目标, lead: 市科协, steps: [{id: a, name: 报送, due: 12月1日}]}
"""
SET = """\
sets:
  - {id: day, name: 别的, steps: [{id: a, name: 报送, due: 开始当天}]}
"""
SECOND = """\
  - activity: 水日
    lead: 市教委
    steps: day
"""
DISTRICT = """\
  - {id: qu, name: 区纲要办, short: 区办, region: 区, since: 2026-01-01, sender: d@q.example, parent: cq}
"""


@pytest.fixture
def faults(tmp_path):
    """The faults of the tiny site after some changes."""
    return lambda *changes: faults_of(tmp_path, *changes)


def test_an_empty_book_has_no_faults():
    assert check(Book()) == []


def test_the_tiny_site_has_no_faults(faults):
    assert faults() == ()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            ("departments", "id: jiao", "id: shui"),
            "departments[3].id：代号“shui”重复，departments[2]已经用了",
        ),
        (
            ("observances", "id: carbon-day", "id: water-day"),
            "activities[3].id：代号“water-day”重复，activities[1]已经用了",
        ),
        (
            ("ladders", "id: event", "id: standard"),
            "ladders[2].id：代号“standard”重复，ladders[1]已经用了",
        ),
        (
            ("ladders", "{id: due,", "{id: before5,"),
            "ladders[1].stages[2].id：代号“before5”重复，ladders[1].stages[1]已经用了",
        ),
        (
            ("steps", "{id: event,", "{id: plan,"),
            "sets[1].steps[2].id：代号“plan”重复，sets[1].steps[1]已经用了",
        ),
        (
            ("programme", "{id: final,", "{id: half,"),
            "tasks[1].steps[2].id：代号“half”重复，tasks[1].steps[1]已经用了",
        ),
        (
            ("programme", "phases:\n", PHASE),
            "phases[2].id：代号“start”重复，phases[1]已经用了",
        ),
        (
            ("programme", "tasks:\n", TASK),
            "tasks[2].id：代号“farmers”重复，tasks[1]已经用了",
        ),
        (
            ("steps", "sets:\n", SET),
            "sets[2].id：代号“day”重复，sets[1]已经用了",
        ),
    ],
)
def test_an_id_is_used_once(faults, change, expected):
    assert expected in keyed(faults(change))


def test_two_offices_of_one_id_are_told_once(faults):
    change = (
        "offices",
        "duban@kx.cq.example\n",
        "duban@kx.cq.example\n" + DISTRICT.replace("qu,", "cq,"),
    )

    assert "offices[2].id：代号“cq”重复，offices[1]已经用了" in keyed(faults(change))


def test_two_programmes_of_one_id_are_told_with_the_other_file(tmp_path):
    site = write_site(tmp_path, {"calendar/programmes/second.yaml": TEXTS["programme"]})

    assert keyed(read_site(site).faults) == [
        "id：代号“outline”重复，calendar/programmes/outline.yaml已经用了"
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            ("departments", "short: 市教委", "short: 市水务局"),
            "departments[3].short：“市水务局”已是“市水利局”（departments[2]）的名称",
        ),
        (
            ("departments", "groups: 各责任单位}", "groups: 市教委}"),
            "departments[1].groups[1]：组名“市教委”也是一家单位的名称",
        ),
        (
            ("observances", "aliases: [水日]", "aliases: [全国低碳日]"),
            "activities[3].name：“全国低碳日”已是“water-day”（activities[1]）的名称",
        ),
        (
            ("observances", "name: 全国节能宣传周", "name: 全国节能宣传周\n    aliases: [水日]"),
            "activities[2].aliases[1]：“水日”已是“water-day”（activities[1]）的名称",
        ),
        (
            ("observances", "name: 全国科普日}", "name: 水日}"),
            "activities[4].rules[2].name：“水日”已是“water-day”（activities[1]）的名称",
        ),
    ],
)
def test_a_name_belongs_to_one_thing(faults, change, expected):
    assert expected in keyed(faults(change))


def test_a_name_may_come_again_in_the_rules_of_one_activity(faults):
    assert faults(("observances", "{rule: 9月,", "{name: 全国科普月, rule: 9月,")) == ()


def test_a_parent_office_must_be_there(faults):
    change = ("offices", "region: 市", "region: 市\n    parent: cp")

    assert keyed(faults(change)) == ["offices[1].parent：没有上级纲要办“cp”"]


def test_offices_are_not_above_one_another_in_a_circle(faults):
    above = ("offices", "region: 市", "region: 市\n    parent: qu")
    below = ("offices", "duban@kx.cq.example\n", "duban@kx.cq.example\n" + DISTRICT)

    assert keyed(faults(above, below)) == ["offices[1].parent：上级关系成了一圈：cq → qu → cq"]


@pytest.mark.parametrize(
    ("change", "expected", "hint"),
    [
        (
            ("year", "lead: 市水利局", "lead: 市水力局"),
            "activities[1].lead[1]：没有成员单位“市水力局”",
            "市水",
        ),
        (
            ("year", "市科协、市教委", "市科协，市教委"),
            "activities[1].support[1]：没有成员单位",
            "顿号",
        ),
        (
            ("year", "各责任单位", "各成员单位"),
            "activities[2].support[1]：没有成员单位",
            "“各责任单位”",
        ),
        (
            ("programme", "lead: 市科协", "lead: 市科学"),
            "tasks[1].lead[1]：没有成员单位“市科学”",
            "是不是",
        ),
        (
            ("contacts", "department: 市水利局", "department: 市水力局"),
            "contacts[2].department：没有",
            "市水",
        ),
        (
            ("contacts", "department: 市水利局", "department: 各责任单位"),
            "contacts[2].department：",
            "一家",
        ),
        (
            ("year", "activity: 世界水日", "activity: 世界水曰"),
            "activities[1].activity：没有活动",
            "“世界水日”",
        ),
        (("year", "steps: day", "steps: days"), "activities[1].steps：没有节点套餐“days”", "“day”"),
        (
            ("year", "steps: day", "steps: day\n    ladder: standrad"),
            "activities[1].ladder：",
            "“standard”",
        ),
        (
            ("offices", "region: 市", "region: 市\n    ladder: strict"),
            "offices[1].ladder：没有催办梯度",
            "",
        ),
        (
            ("observances", "全国节能宣传周第3天", "节能周第3天"),
            "activities[3].rules[1].rule：没有活动",
            "宣传周",
        ),
    ],
)
def test_an_unknown_name_is_told_with_the_near_one(faults, change, expected, hint):
    found = faults(change)[0]

    assert keyed([found])[0].startswith(expected)
    assert hint in found.hint


@pytest.mark.parametrize("name", ["shui", "市水务局", "重庆市水利局"])
def test_a_department_goes_by_its_id_and_all_its_names(faults, name):
    assert faults(("year", "lead: 市水利局", f"lead: {name}")) == ()


def test_an_activity_stands_once_in_a_year_by_whatever_name(faults):
    change = ("year", "  - activity: 全国低碳日", SECOND + "  - activity: 全国低碳日")

    assert keyed(faults(change)) == [
        "activities[2].activity：“水日”在这一年写了两次，activities[1]已经有了"
    ]


def test_a_department_does_not_lead_and_support_the_same(faults):
    change = ("year", "市科协、市教委", "市科协、市水务局")

    assert keyed(faults(change)) == ["activities[1].support[2]：“市水务局”既是牵头单位又是责任单位"]


def test_who_leads_may_be_in_a_group_that_supports(faults):
    assert faults(("year", "市科协、市教委", "各责任单位")) == ()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            ("departments", "aliases: [市水务局]", "since: 2026-02-01, until: 2026-01-01"),
            "departments[2].until：结束2026-01-01早于开始2026-02-01",
        ),
        (
            ("contacts", "role: 经办人", "role: 经办人, since: 2026-02-01, until: 2026-01-01"),
            "contacts[4].until：结束2026-01-01早于开始2026-02-01",
        ),
        (
            (
                "contacts",
                "role: 经办人",
                "role: 经办人, away: [{start: 2026-02-01, end: 2026-01-01}]",
            ),
            "contacts[4].away[1].end：结束2026-01-01早于开始2026-02-01",
        ),
    ],
    ids=["department", "contact", "absence"],
)
def test_nothing_ends_before_it_begins(faults, change, expected):
    assert keyed(faults(change)) == [expected]


def test_what_could_not_be_read_excuses_those_who_name_it(tmp_path):
    book = read_site(write_site(tmp_path)).book
    assert book is not None
    common = book.common.model_copy(update={"activities": (), "sets": ()})
    torn = book.model_copy(update={"common": common})
    unread = Unread(words={"activities": frozenset({"世界水日"})}, whole=frozenset({"sets"}))

    found = check(torn, unread)

    assert [fault.place for fault in found] == [
        Place("calendar/offices/cq/2026.yaml", ("activities", 1, "activity"))
    ]
