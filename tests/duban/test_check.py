from collections.abc import Iterable

import pytest

from adapters.files import read_site
from duban.book import Book
from duban.check import check
from duban.fault import Fault, Place
from duban.unread import Unread
from tests.sites import TEXTS, write_site

SUMMARY = "{id: summary, name: 总结报送, due: 结束后10个工作日}"
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
    """The faults of the tiny site with some of its texts replaced."""

    def found(*changes: tuple[str, str, str]) -> list[Fault]:
        texts = dict(TEXTS)
        for name, old, new in changes:
            assert old in texts[name]
            texts[name] = texts[name].replace(old, new, 1)
        return list(read_site(write_site(tmp_path, **texts)).faults)

    return found


def told(faults: Iterable[Fault]) -> list[str]:
    return [f"{fault.place.key}：{fault.message}" for fault in faults]


def test_an_empty_book_has_no_faults():
    assert check(Book()) == []


def test_the_tiny_site_has_no_faults(faults):
    assert faults() == []


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
    ],
    ids=["department", "activity", "ladder", "stage", "step", "step of a task"],
)
def test_an_id_is_used_once(faults, change, expected):
    assert expected in told(faults(change))


def test_two_offices_of_one_id_are_told_once(faults):
    change = (
        "offices",
        "duban@kx.cq.example\n",
        "duban@kx.cq.example\n" + DISTRICT.replace("qu,", "cq,"),
    )

    assert "offices[2].id：代号“cq”重复，offices[1]已经用了" in told(faults(change))


def test_two_programmes_of_one_id_are_told_with_the_other_file(tmp_path):
    site = write_site(tmp_path, {"calendar/programmes/second.yaml": TEXTS["programme"]})

    assert told(read_site(site).faults) == [
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
            ("observances", "name: 全国科普日}", "name: 水日}"),
            "activities[4].rules[2].name：“水日”已是“water-day”（activities[1]）的名称",
        ),
    ],
    ids=["department", "group", "activity", "name of a rule"],
)
def test_a_name_belongs_to_one_thing(faults, change, expected):
    assert expected in told(faults(change))


def test_a_name_may_come_again_in_the_rules_of_one_activity(faults):
    assert faults(("observances", "{rule: 9月,", "{name: 全国科普月, rule: 9月,")) == []


def test_a_parent_office_must_be_there(faults):
    change = ("offices", "region: 市", "region: 市\n    parent: cp")

    assert told(faults(change)) == ["offices[1].parent：没有上级纲要办“cp”"]


def test_offices_are_not_above_one_another_in_a_circle(faults):
    above = ("offices", "region: 市", "region: 市\n    parent: qu")
    below = ("offices", "duban@kx.cq.example\n", "duban@kx.cq.example\n" + DISTRICT)

    assert told(faults(above, below)) == ["offices[1].parent：上级关系成了一圈：cq → qu → cq"]


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

    assert told([found])[0].startswith(expected)
    assert hint in found.hint


@pytest.mark.parametrize("name", ["shui", "市水务局", "重庆市水利局"])
def test_a_department_goes_by_its_id_and_all_its_names(faults, name):
    assert faults(("year", "lead: 市水利局", f"lead: {name}")) == []


def test_an_activity_stands_once_in_a_year_by_whatever_name(faults):
    change = ("year", "  - activity: 全国低碳日", SECOND + "  - activity: 全国低碳日")

    assert told(faults(change)) == [
        "activities[2].activity：“水日”在这一年写了两次，activities[1]已经有了"
    ]


def test_a_department_does_not_lead_and_support_the_same(faults):
    change = ("year", "市科协、市教委", "市科协、市水务局")

    assert told(faults(change)) == ["activities[1].support[2]：“市水务局”既是牵头单位又是责任单位"]


def test_who_leads_may_be_in_a_group_that_supports(faults):
    assert faults(("year", "市科协、市教委", "各责任单位")) == []


def test_an_address_belongs_to_one_person(faults):
    change = ("contacts", "li@shui.cq.example", "ZHANG@kx.cq.example")

    assert told(faults(change)) == [
        "contacts[2].email：邮箱“ZHANG@kx.cq.example”已是“张三”（contacts[1]）的"
    ]


def test_one_person_may_act_for_two_departments(faults):
    change = ("contacts", "李四, email: li@shui.cq.example", "张三, email: zhang@kx.cq.example")

    assert faults(change) == []


def test_a_liaison_belongs_to_a_department(faults):
    change = ("contacts", "role: 经办人", "role: AB岗")

    assert told(faults(change)) == ["contacts[4].role：AB岗“赵六”没有写属于哪家单位"]


def test_a_department_with_duties_needs_a_liaison(faults):
    change = ("contacts", "role: 联络员, department: 市教委", "role: 分管领导, department: 市教委")

    (fault,) = faults(change)

    assert told([fault]) == ["departments[3]：“市教委”有督办事项，却没有联络员"]
    assert fault.hint == "请在 config/contacts/cq.yaml 里加一位"


def test_a_department_without_duties_needs_no_liaison(faults):
    more = (
        "departments",
        "departments:\n",
        "departments:\n  - {id: a, name: 某单位, short: 某单位}\n",
    )

    assert faults(more) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            ("observances", "until: 2024", "until: 2026"),
            "activities[4].rules[2].rule：与第1条规则在2025年至2026年都有效",
        ),
        (
            ("observances", "until: 2024", "since: 2030"),
            "activities[4].rules[2].rule：与第1条规则在2030年起都有效",
        ),
        (
            ("observances", "since: 1993", "since: 1993, until: 1990"),
            "activities[1].rules[1].until：结束1990早于开始1993",
        ),
        (
            ("observances", "start: 2026-05-18", "start: 2025-05-18"),
            "activities[2].dates[1].start：2025-05-18不在2026年",
        ),
        (
            ("observances", "end: 2026-05-24", "end: 2028-05-24"),
            "activities[2].dates[1].end：2028-05-24离2026年太远",
        ),
        (
            ("observances", "2026-05-24}", "2026-05-24}\n      - {year: 2026, start: 2026-05-19}"),
            "activities[2].dates[2].year：年份“2026”重复，activities[2].dates[1]已经用了",
        ),
        (
            ("observances", "rule: 每年公布（通常5月19日至6月1日）", "rule: 全国低碳日第1天"),
            "activities[2].rules[1].rule：日期互相推算，成了一圈：energy-week → carbon-day → energy-week",
        ),
    ],
    ids=["years in common", "open years", "since > until", "start", "end", "two dates", "circle"],
)
def test_the_dates_of_an_activity_do_not_contradict_one_another(faults, change, expected):
    assert told(faults(change))[0] == expected


def test_a_known_date_may_end_in_the_next_year(faults):
    assert faults(("observances", "end: 2026-05-24", "end: 2027-01-24")) == []


def test_activities_may_change_roles_over_the_years_without_a_circle(faults):
    week = (
        "observances",
        "每年公布（通常5月19日至6月1日）",
        "全国低碳日第1天\n        until: 2020",
    )
    day = ("observances", "全国节能宣传周第3天", "全国节能宣传周第3天\n        since: 2021")

    assert not any("一圈" in message for message in told(faults(week, day)))


def test_an_activity_is_refused_in_a_year_before_it_exists(faults):
    assert told(faults(("observances", "since: 1993", "since: 2027"))) == [
        "activities[1].activity：“世界水日”在2026年不举办：2027年起才有"
    ]


def test_dates_are_not_counted_through_an_endless_chain(tmp_path):
    rules = "".join(
        f"  - {{id: a{n}, name: 活动{n}, rules: [{{rule: 活动{n + 1}第2天}}]}}\n"
        for n in range(3000)
    )
    site = write_site(tmp_path, observances=f"{TEXTS['observances']}{rules}")

    assert any("推算超过20层" in message for message in told(read_site(site).faults))


@pytest.mark.parametrize(
    ("valid", "expected"),
    [
        ("since: 2027-01-01", "“市水利局”从2027-01-01起才是成员单位"),
        ("until: 2025-12-31", "“市水利局”2025-12-31起不再是成员单位"),
    ],
)
def test_a_department_leads_only_while_it_is_a_member(faults, valid, expected):
    change = ("departments", "aliases: [市水务局]", valid)

    assert told(faults(change)) == [f"activities[1].lead[1]：{expected}"]


def test_an_office_year_says_the_same_year_as_its_file(faults):
    assert told(faults(("year", "year: 2026", "year: 2027"))) == [
        "year：文件名是2026，year 却写2027"
    ]


def test_a_local_date_is_of_the_year_it_stands_in(faults):
    local = "steps: day\n    dates: {year: 2025, start: 2025-03-22}"

    assert told(faults(("year", "steps: day", local))) == [
        "activities[1].dates.year：年历是2026年的，日期却是2025年的"
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            ("programme", "end: 2021-12-31", "end: 2026-12-31"),
            "phases[1].end：阶段“启动实施”的2026-12-31不在规划期内",
        ),
        (
            ("programme", "2025年12月20日", "2026年1月20日"),
            "tasks[1].steps[2].due：节点“总结报送”的2026-01-20不在规划期内",
        ),
        (("programme", "2025年12月20日", "20226年12月20日"), "tasks[1].steps[2].due：看不懂时间"),
        (
            ("programme", "2025年12月20日", "2225年12月20日"),
            "tasks[1].steps[2].due：2225年超出范围",
        ),
        (("programme", "start: 2021-01-01\n", "start: 0021-01-01\n"), "start：0021-01-01超出范围"),
    ],
)
def test_a_programme_keeps_within_its_years(faults, change, expected):
    (found,) = told(faults(change))

    assert found.startswith(expected)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            ("ladders", "when: 到期当天", "when: 到期前5个工作日"),
            "ladders[1].stages[2].when：“到期前5个工作日”没有排在",
        ),
        (
            ("ladders", "when: 到期当天", "when: 到期前9个工作日"),
            "ladders[1].stages[2].when：“到期前9个工作日”没有排在",
        ),
        (
            ("ladders", "when: 到期当天", "when: 逾期1个工作日起每2个工作日"),
            "ladders[1].stages[2].when：反复提醒的“到期提醒”后面还有别的提醒",
        ),
        (
            ("ladders", "{id: due,", "{id: notice,"),
            "ladders[1].stages[2].id：代号“notice”是首次通知专用的",
        ),
        (
            ("ladders", "id: event", "id: other"),
            "sets[1].steps[2].answer：知悉的节点要用催办梯度“event”，还没有",
        ),
    ],
)
def test_a_ladder_goes_up_and_only_its_last_stage_repeats(faults, change, expected):
    (found,) = told(faults(change))

    assert found.startswith(expected)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "[2026-01-04]",
            "[2026-01-02]",
            "holidays[1].work[1]：2026-01-02既要上班，又在“元旦”里放假",
        ),
        (
            "[2026-01-04]",
            "[2026-01-05]",
            "holidays[1].work[1]：2026-01-05本来就是工作日，不是调休上班",
        ),
        (
            "[2026-01-04]",
            "[2028-01-04]",
            "holidays[1].work[1]：2028-01-04不在2026年，也不在相邻的年份",
        ),
        (
            "start: 2026-10-01",
            "start: 2026-01-03",
            "holidays[2].start：“国庆节”的2026-01-03已在“元旦”里放假",
        ),
        (
            "end: 2026-10-07",
            "end: 2026-09-30",
            "holidays[2].end：“国庆节”结束2026-09-30早于开始2026-10-01",
        ),
        ("year: 2026", "year: 2025", "year：文件名是2026，year 却写2025"),
    ],
)
def test_a_notice_of_working_days_does_not_contradict_itself(faults, old, new, expected):
    assert expected in told(faults(("workdays", old, new)))


def test_a_year_has_one_notice_of_working_days(tmp_path):
    site = write_site(
        tmp_path, {"calendar/workdays/more.yaml": "year: 2026\nnotice: 再发\nholidays: []\n"}
    )

    assert told(read_site(site).faults) == [
        "year：年份“2026”重复，calendar/workdays/2026.yaml已经用了"
    ]


def test_steps_are_due_in_the_order_in_which_they_are_listed(faults):
    change = ("steps", "due: 开始前15天", "due: 结束后2天")

    assert told(faults(change)) == [
        "activities[1].steps：“活动开展”2026-03-22到期，早于列在它前面的“方案报送”（2026-03-24）"
    ]


def test_steps_of_a_task_are_in_order_too(faults):
    change = ("programme", "due: 7月10日", "due: 12月31日")

    assert told(faults(change)) == [
        "tasks[1].steps[2].due：“总结报送”2025-12-20到期，早于列在它前面的“半年报送”（2025-12-31）"
    ]


def test_no_step_is_due_before_the_notice_goes_out(faults):
    change = ("year", "steps: day", "steps: day\n    notice: 开始前10天")

    assert told(faults(change)) == [
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

    assert faults(unknown, ("steps", "due: 开始前15天", "due: 结束后2天")) == []


def test_the_steps_of_an_entry_do_not_count_from_their_own_due_day(faults):
    (found,) = told(faults(("steps", "due: 开始前15天", "due: 到期前15天")))

    assert found == "sets[1].steps[1].due：“到期前15天”：节点自己的时间不能从“到期”算起"


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
