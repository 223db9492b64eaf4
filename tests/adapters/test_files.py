import re
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.files import read_site
from duban.fault import Fault
from tests.sites import (
    CONTACTS,
    DEPARTMENTS,
    OBSERVANCES,
    OFFICES,
    PLACES,
    PROGRAMME,
    STEPS,
    TEXTS,
    WORKDAYS,
    YEAR,
    located,
    write_site,
)


def places(faults: Iterable[Fault]) -> list[tuple[str, int]]:
    return [(fault.place.file, fault.line) for fault in faults]


def test_a_site_without_faults_gives_a_book(tmp_path):
    reading = read_site(write_site(tmp_path))

    assert reading.faults == ()
    assert reading.book is not None
    assert [one.id for one in reading.book.common.activities][:2] == ["water-day", "energy-week"]
    assert [one.name for one in reading.book.branches[0].contacts] == [
        "张三",
        "李四",
        "王五",
        "赵六",
    ]


def test_every_entry_knows_where_it_was_written(tmp_path):
    book = read_site(write_site(tmp_path)).book

    assert book is not None
    step = book.branches[0].years[0].activities[1].steps[0]
    assert step.place.file == "calendar/offices/cq/2026.yaml"
    assert step.place.key == "activities[2].steps[1]"


def test_activities_may_be_spread_over_several_files(tmp_path):
    more = "activities:\n  - {id: met-day, name: 世界气象日, rules: [{rule: 3月23日}]}\n"

    book = read_site(write_site(tmp_path, {"calendar/observances/met.yaml": more})).book

    assert book is not None
    assert book.common.activities[-1].name == "世界气象日"


def test_an_empty_folder_lists_the_files_that_must_be_there(tmp_path):
    assert located(read_site(tmp_path).faults) == [
        "calendar/observances.yaml:0  缺少这个文件",
        "calendar/steps.yaml:0  缺少这个文件",
        "config/ladders.yaml:0  缺少这个文件",
        "config/offices.yaml:0  缺少这个文件",
    ]


def test_an_office_that_asks_for_something_needs_departments_and_contacts(tmp_path):
    reading = read_site(write_site(tmp_path, departments=None, contacts=None))

    assert located(reading.faults) == [
        "config/contacts/cq.yaml:0  缺少这个文件",
        "config/departments/cq.yaml:0  缺少这个文件",
    ]


@pytest.mark.parametrize(
    ("file", "place"),
    [
        ("calendar/offices/2026.yaml", "calendar/offices/chongqing/2026.yaml"),
        ("calendar/programmes/plan.yml", "calendar/programmes/plan.yaml"),
        ("config/department/cq.yaml", "config/departments/chongqing.yaml"),
    ],
)
def test_a_misplaced_file_is_told_with_its_probable_place(tmp_path, file, place):
    (fault,) = read_site(write_site(tmp_path, {file: "a: b\n"})).faults

    assert fault.place.file == file
    assert place in fault.hint


def test_a_misnamed_file_is_not_missing_as_well(tmp_path):
    site = write_site(tmp_path, {"calendar/observance.yaml": OBSERVANCES}, observances=None)

    assert places(read_site(site).faults) == [("calendar/observance.yaml", 0)]


def test_files_that_others_read_and_hidden_ones_are_left_alone(tmp_path):
    others = {
        "config/settings.yaml": "a: [",
        "config/timetable.yaml": "",
        "config/providers.yaml": "x",
        "config/.offices.yaml": "x",
        "calendar/README.md": "x",
    }

    assert read_site(write_site(tmp_path, others)).faults == ()


@pytest.mark.parametrize("name", sorted(PLACES))
def test_a_file_with_a_syntax_fault_hides_no_other_and_causes_no_other(tmp_path, name):
    other = "contacts" if name != "contacts" else "ladders"
    wrong = {name: "a: 'b\n", other: TEXTS[other] + "extra: 1\n"}

    reading = read_site(write_site(tmp_path, **wrong))

    assert sorted(file for file, _ in places(reading.faults)) == sorted(
        [PLACES[name], PLACES[other]]
    )


def test_a_file_that_is_no_mapping_is_told(tmp_path):
    assert located(read_site(write_site(tmp_path, observances="- a\n")).faults) == [
        "calendar/observances.yaml:1  文件应由“键: 值”组成"
    ]


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("departments", "config/departments/cp.yaml"),
        ("contacts", "config/contacts/cp.yaml"),
        ("year", "calendar/offices/cp/2026.yaml"),
    ],
)
def test_a_file_of_an_unknown_office_is_told_with_the_near_one(tmp_path, name, file):
    text = TEXTS[name].replace("office: cq", "office: cp")

    (fault,) = read_site(write_site(tmp_path, {file: text})).faults

    assert (fault.place.file, fault.message, fault.line) == (file, "没有纲要办“cp”", 1)
    assert fault.hint == "是不是“cq”？"


def test_a_programme_of_an_unknown_office_is_told(tmp_path):
    wrong = PROGRAMME.replace("office: cq", "office: cp")

    assert located(read_site(write_site(tmp_path, programme=wrong)).faults) == [
        "calendar/programmes/outline.yaml:2 office 没有纲要办“cp”"
    ]


@pytest.mark.parametrize("name", ["departments", "contacts", "year"])
def test_a_file_that_names_another_office_than_its_path_is_told(tmp_path, name):
    wrong = TEXTS[name].replace("office: cq", "office: cp")

    (fault,) = read_site(write_site(tmp_path, **{name: wrong})).faults

    assert (fault.place.key, fault.line) == ("office", 1)
    assert "“cp”" in fault.message


def test_a_broken_link_is_a_file_that_cannot_be_opened(tmp_path):
    site = write_site(tmp_path, offices=None)
    (site / "config/offices.yaml").symlink_to(site / "nowhere")

    assert located(read_site(site).faults) == ["config/offices.yaml:0  打不开文件"]


def test_ten_different_faults_are_listed_all_ten_and_no_other(tmp_path):
    site = write_site(
        tmp_path,
        offices=OFFICES.replace("short: 市纲要办", "shrot: 市纲要办"),
        departments=DEPARTMENTS.replace("id: jiao", "id: 教委"),
        contacts=CONTACTS.replace("zhao@kx.cq.example", "zhao@").replace(
            "department: 市水利局", "department: 市水力局"
        ),
        steps=STEPS.replace("due: 开始前15天", "due: 开始前半月"),
        observances=OBSERVANCES.replace("rule: 3月22日", "rule: 3月32日").replace(
            "until: 2024", "until: 2026"
        ),
        workdays=WORKDAYS.replace("2026-01-04", "2026-01-05"),
        year=YEAR.replace("lead: 市水利局", "lead: 市水务厅").replace(
            "activity: 全国低碳日", "activity: 全国低炭日"
        ),
    )

    assert located(read_site(site).faults) == [
        "calendar/observances.yaml:6 activities[1].rules[1].rule 3月没有32日",
        "calendar/observances.yaml:21 activities[4].rules[2].rule 与第1条规则在2025年至2026年都有效",
        "calendar/offices/cq/2026.yaml:5 activities[1].lead[1] 没有成员单位“市水务厅”",
        "calendar/offices/cq/2026.yaml:8 activities[2].activity 没有活动“全国低炭日”",
        "calendar/steps.yaml:6 sets[1].steps[1].due 看不懂时间“开始前半月”，可写：开始前15天、"
        "开始前10个工作日、开始当天、结束后2周、8月14日12:00",
        "calendar/workdays/2026.yaml:4 holidays[1].work[1] 2026-01-05本来就是工作日，不是调休上班",
        "config/contacts/cq.yaml:4 contacts[2].department 没有成员单位“市水力局”",
        "config/contacts/cq.yaml:6 contacts[4].email 不是可用的邮箱地址，应如 liaison@shui.cq.example",
        "config/departments/cq.yaml:5 departments[3].id “教委”不能作代号",
        "config/offices.yaml:4 offices[1].shrot 不认识“shrot”",
    ]


def test_what_somebody_wrote_is_printed_short_and_without_control_characters(tmp_path):
    wrong = STEPS.replace("due: 开始当天", f'due: "\\e[31m{"长" * 999}"')

    (fault,) = read_site(write_site(tmp_path, steps=wrong)).faults

    assert "\x1b" not in fault.message
    assert len(fault.message) <= 301


words = st.sampled_from(
    [word for text in TEXTS.values() for word in re.findall(r"[a-z]+:|- |\w+|\n +", text)]
)
texts = st.text(max_size=300) | st.lists(words, max_size=60).map("".join)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(PLACES)), content=st.binary(max_size=300) | texts)
def test_no_file_whatever_it_holds_makes_reading_raise(tmp_path, name, content):
    if isinstance(content, str):
        content = content.encode("utf-8", "replace")

    reading = read_site(write_site(tmp_path, **{name: content}))

    assert (reading.book is None) == bool(reading.faults)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(PLACES)), data=st.data())
def test_no_slip_in_a_good_file_makes_reading_raise_or_speak_english(tmp_path, name, data):
    lines = TEXTS[name].splitlines()
    number = data.draw(st.integers(0, len(lines) - 1))
    slip = data.draw(st.sampled_from(["", ":", "：", "\t", "[", "}", "'", "- ", "a", " ", "0"]))
    at = data.draw(st.integers(0, len(lines[number])))
    lines[number] = lines[number][:at] + slip + lines[number][at + data.draw(st.integers(0, 3)) :]

    reading = read_site(write_site(tmp_path, **{name: "\n".join(lines)}))

    for fault in reading.faults:
        assert re.search(r"[\u4e00-\u9fff]", fault.message)
        assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", fault.message)


def test_three_thousand_activities_are_read_and_checked_in_about_a_second(tmp_path):
    rules = (
        "    rules:\n      - {rule: 3月22日, since: 2001}\n      - {rule: 5月1日, until: 2000}\n"
    )
    many = "".join(f"  - id: act-{n}\n    name: 活动{n}\n{rules}" for n in range(3000))
    site = write_site(tmp_path, observances=OBSERVANCES + many)
    start = perf_counter()

    reading = read_site(Path(site))

    assert reading.faults == ()
    assert perf_counter() - start < 5  # 0.7 s on a quiet machine
