"""Checks of days and years."""

import pytest

from adapters.files import read_site
from duban.check import check
from tests.sites import TEXTS, faults_of, keyed, write_site

SECOND = """\
  - activity: 水日
    lead: 市教委
    steps: day
"""


@pytest.fixture
def faults(tmp_path):
    """The faults of the tiny site after some changes."""
    return lambda *changes: faults_of(tmp_path, *changes)


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
            ("year", "steps: day", "steps: day\n    dates: {year: 2026, start: 2027-03-22}"),
            "activities[1].dates.start：2027-03-22不在2026年",
        ),
        (
            ("observances", "rule: 每年公布（通常5月19日至6月1日）", "rule: 全国低碳日第1天"),
            "activities[2].rules[1].rule：日期互相推算，成了一圈：energy-week → carbon-day → energy-week",
        ),
    ],
    ids=["both", "open", "since > until", "start", "end", "two dates", "local", "circle"],
)
def test_the_dates_of_an_activity_do_not_contradict_one_another(faults, change, expected):
    assert keyed(faults(change))[0] == expected


def test_a_known_date_may_end_in_the_next_year(faults):
    assert faults(("observances", "end: 2026-05-24", "end: 2027-01-24")) == ()


def test_activities_may_change_roles_over_the_years_without_a_circle(faults):
    week = (
        "observances",
        "每年公布（通常5月19日至6月1日）",
        "全国低碳日第1天\n        until: 2020",
    )
    day = ("observances", "全国节能宣传周第3天", "全国节能宣传周第3天\n        since: 2021")

    assert not any("一圈" in message for message in keyed(faults(week, day)))


def test_an_activity_is_refused_in_a_year_before_it_exists(faults):
    assert keyed(faults(("observances", "since: 1993", "since: 2027"))) == [
        "activities[1].activity：“世界水日”在2026年不举办：2027年起才有"
    ]


def test_dates_are_not_counted_through_an_endless_chain(tmp_path):
    rules = "".join(
        f"  - {{id: a{n}, name: 活动{n}, rules: [{{rule: 活动{n + 1}第2天}}]}}\n"
        for n in range(3000)
    )
    site = write_site(tmp_path, observances=f"{TEXTS['observances']}{rules}")

    assert any("推算超过20层" in message for message in keyed(read_site(site).faults))


@pytest.mark.parametrize(
    ("valid", "expected"),
    [
        ("since: 2027-01-01", "“市水利局”从2027-01-01起才是成员单位"),
        ("until: 2025-12-31", "“市水利局”2025-12-31起不再是成员单位"),
    ],
)
def test_a_department_leads_only_while_it_is_a_member(faults, valid, expected):
    change = ("departments", "aliases: [市水务局]", valid)

    assert keyed(faults(change)) == [f"activities[1].lead[1]：{expected}"]


def test_an_office_year_says_the_same_year_as_its_file(faults):
    assert keyed(faults(("year", "year: 2026", "year: 2027"))) == [
        "year：文件名是2026，year 却写2027"
    ]


def test_an_office_year_says_the_same_office_as_its_folder(faults):
    assert keyed(faults(("year", "office: cq", "office: qu"))) == [
        "office：这是“cq”的年历，office 却写“qu”"
    ]


def test_names_are_checked_even_where_the_year_is_in_doubt(faults):
    found = faults(("year", "year: 2026", "year: 2027"), ("year", "lead: 市水利局", "lead: 某厅"))

    assert keyed(found)[1:] == ["activities[1].lead[1]：没有成员单位“某厅”"]


def test_an_office_has_one_calendar_a_year(tmp_path):
    book = read_site(write_site(tmp_path)).book
    assert book is not None
    (branch,) = book.branches
    again = branch.years[0].model_copy(update={"document": "再发"})
    twice = branch.model_copy(update={"years": (*branch.years, again)})

    faults = check(book.model_copy(update={"branches": (twice,)}))

    assert [fault.message for fault in faults] == ["年份“2026”重复"]


def test_a_literal_year_is_within_reach(faults):
    entry = ("year", "steps: day", "steps: day\n    notice: 2225年1月1日")
    shared = ("steps", "notice: 开始前30天", "notice: 2225年1月1日")

    assert keyed(faults(entry, shared)) == [
        "activities[1].notice：2225年超出范围",
        "sets[1].notice：2225年超出范围",
    ]


def test_a_set_has_a_step(faults):
    empty = ("steps", "sets:\n", "sets:\n  - {id: none, name: 空, steps: []}\n")

    assert keyed(faults(empty)) == ["sets[1].steps：至少要有一个节点"]


def test_the_steps_of_a_shared_set_keep_within_the_programme_too(faults):
    shared = "sets:\n  - {id: own, name: 专用, steps: [{id: a, name: 报送, due: 2026年1月9日}]}\n"
    steps = TEXTS["programme"][TEXTS["programme"].index("steps:") :]

    found = faults(("steps", "sets:\n", shared), ("programme", steps, "steps: own\n"))

    assert keyed(found) == ["tasks[1].steps：节点“报送”的2026-01-09不在规划期内"]


def test_a_local_date_is_of_the_year_it_stands_in(faults):
    local = "steps: day\n    dates: {year: 2025, start: 2025-03-22}"

    assert keyed(faults(("year", "steps: day", local))) == [
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
    (found,) = keyed(faults(change))

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
    (found,) = keyed(faults(change))

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
        (
            "end: 2026-10-07",
            "end: 2029-10-07",
            "holidays[2].end：2029-10-07不在2026年，也不在相邻的年份",
        ),
        ("year: 2026", "year: 2025", "year：文件名是2026，year 却写2025"),
    ],
)
def test_a_notice_of_working_days_does_not_contradict_itself(faults, old, new, expected):
    assert expected in keyed(faults(("workdays", old, new)))


def test_a_year_has_one_notice_of_working_days(tmp_path):
    site = write_site(
        tmp_path, {"calendar/workdays/more.yaml": "year: 2026\nnotice: 再发\nholidays: []\n"}
    )

    assert keyed(read_site(site).faults) == [
        "year：年份“2026”重复，calendar/workdays/2026.yaml已经用了"
    ]
