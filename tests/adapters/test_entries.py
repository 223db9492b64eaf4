import pytest

from adapters.files import read_site
from tests.sites import CONTACTS, PLACES, STEPS, TEXTS, YEAR, located, write_site


def test_a_misspelt_key_is_told_once_at_its_own_line_with_the_key_meant(tmp_path):
    wrong = YEAR.replace("support: 市科协", "suport: 市科协").replace(
        "    lead: 市教委", "    laed: 市教委"
    )

    reading = read_site(write_site(tmp_path, year=wrong))

    assert located(reading.faults) == [
        "calendar/offices/cq/2026.yaml:6 activities[1].suport 不认识“suport”",
        "calendar/offices/cq/2026.yaml:9 activities[2].laed 不认识“laed”",
    ]
    assert [fault.hint for fault in reading.faults] == ["是不是“support”？", "是不是“lead”？"]


def test_a_missing_key_is_told_at_the_entry(tmp_path):
    wrong = CONTACTS.replace(", email: li@shui.cq.example", "")

    assert located(read_site(write_site(tmp_path, contacts=wrong)).faults) == [
        "config/contacts/cq.yaml:4 contacts[2].email 缺少“email”"
    ]


def test_a_word_that_is_no_choice_is_told_with_the_choices(tmp_path):
    wrong = CONTACTS.replace("role: 经办人", "role: 经办")

    (fault,) = read_site(write_site(tmp_path, contacts=wrong)).faults

    assert fault.message == "“经办”不在可选之列"
    assert fault.hint == "是不是“经办人”？可写：联络员、AB岗、分管领导、经办人、管理者、纲要办领导"


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("workdays", "end: 2026-01-03", "end: 2026-1-3", "“2026-1-3”不是日期"),
        ("workdays", "end: 2026-01-03", "end: 2026-02-30", "没有“2026-02-30”这一天"),
        ("workdays", "[2026-01-04]", "2026-01-04", "这里应是列表"),
        ("workdays", "year: 2026", "year: 二〇二六", "“二〇二六”不是整数"),
        ("workdays", "year: 2026", "year: 1026", "“1026”超出范围"),
        ("offices", "region: 市", "region: 市\n    hour: 830", "“830”不是时刻"),
        ("offices", "region: 市", "region: 市\n    hour: '25:00'", "没有“25:00”这个时刻"),
        ("offices", "region: 市", "region: 市\n    zone: Asia/X", "没有时区“Asia/X”"),
        (
            "offices",
            "region: 市",
            "region: |\n      市\n      区",
            "不能换行，也不能有看不见的字符",
        ),
        ("offices", "region: 市", "region: [市]", "这里应写一个值，不是列表"),
        ("contacts", "zhao@kx.cq.example", "zhao", "不是可用的邮箱地址"),
        ("departments", "id: jiao", "id: Jiao", "“Jiao”不能作代号"),
        ("departments", "重庆市教育委员会", "教" * 121, "太长（121字）"),
        ("observances", "rule: 9月,", "rule: 13月,", "没有13月"),
        ("steps", "due: 开始当天", "due: 当天", "看不懂时间“当天”"),
        ("ladders", "when: 到期当天", "when: 当天", "看不懂提醒时间“当天”"),
        ("ladders", "when: 到期当天", "when: [到期当天]", "这里应写一个值，不是列表"),
        ("year", "lead: 市水利局", "lead: []", "至少要有一项"),
        ("year", "steps: day", "steps: 主题日", "“主题日”不能作代号"),
        ("year", "steps: day", "steps: []", "至少要有一个节点"),
        ("year", "steps: day", "steps: {day: 1}", "这里应是列表"),
        ("year", "due: 6月30日12:00", "due: 六月", "看不懂时间“六月”"),
        ("year", "activity: 世界水日", "activity:", "“activity”没有填写"),
        ("programme", "end: 2025-12-31", "end: 2020-12-31", "结束2020-12-31早于开始2021-01-01"),
        ("programme", "tasks:", "tasks: 无\nold:", "这里应是列表"),
    ],
)
def test_a_value_of_the_wrong_form_is_told_at_its_line(tmp_path, name, old, new, message):
    wrong = TEXTS[name].replace(old, new, 1)
    added = [
        n for n, line in enumerate(wrong.splitlines(), 1) if line not in TEXTS[name].splitlines()
    ]

    fault = read_site(write_site(tmp_path, **{name: wrong})).faults[0]

    assert message in fault.message
    assert fault.place.file == PLACES[name]
    assert fault.line in added


def test_a_wrong_entry_does_not_hide_its_other_faults(tmp_path):
    wrong = YEAR.replace("steps: day", "stesp: day").replace("市科协、市教委", "市科协、市科委")

    assert located(read_site(write_site(tmp_path, year=wrong)).faults) == [
        "calendar/offices/cq/2026.yaml:6 activities[1].support[2] 没有成员单位“市科委”",
        "calendar/offices/cq/2026.yaml:7 activities[1].stesp 不认识“stesp”",
    ]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("departments", "id: shui", "id: 水"),
        ("departments", "short: 市水利局", "shrot: 市水利局"),
        ("departments", "short: 市水利局, ", ""),
        ("departments", "groups: 各责任单位}", "group: 各责任单位}"),
        ("observances", "rule: 3月22日", "rule: 3月32日"),
        ("observances", "name: 全国节能宣传周", "name:"),
        ("steps", "id: day", "id: Day"),
        ("steps", "steps:", "step:"),
        ("ladders", "id: standard", "i: standard"),
        ("ladders", "name: 活动预告\n", "nmae: 活动预告\n"),
        ("offices", "id: cq", "id: CQ"),
        ("contacts", "role: 联络员, department: 市水利局", "role: 联络, department: 市水利局"),
        ("contacts", "department: 市水利局", "department: 市水力局"),
        ("workdays", "year: 2026", "year: 2O26"),
    ],
)
def test_what_names_an_unreadable_entry_is_no_second_fault(tmp_path, name, old, new):
    reading = read_site(write_site(tmp_path, **{name: TEXTS[name].replace(old, new, 1)}))

    assert [fault.place.file for fault in reading.faults] == [PLACES[name]]


def test_a_set_that_ran_into_the_one_above_is_not_unknown_as_well(tmp_path):
    merged = STEPS.replace("  - id: day\n", f"{STEPS[6:].replace('id: day', 'id: other')}")

    reading = read_site(write_site(tmp_path, steps=merged))

    assert {fault.place.file for fault in reading.faults} == {"calendar/steps.yaml"}
