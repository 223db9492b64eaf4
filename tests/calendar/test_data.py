"""The data in calendar/ and config/: whole, true to its sources, and free of guesses.

The sources lie outside the project; what compares with them is skipped where they are absent.
"""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest

from adapters.files import read_site
from duban.agenda import agenda
from duban.book import Book
from duban.desk import Desk, desks
from duban.occurrences import occurrence
from duban.officeyear import Entry
from duban.programme import Kind, Programme, Task
from duban.step import Answer
from duban.workdays import WorkCalendar

SITE = Path(__file__).parents[2]
FACTS = SITE.parent / "shared" / "facts"
SEEDS = SITE.parent / "shared" / "seeds"
POINTS = SEEDS / "001_02810c0c61587fc8.txt"
ANNEX = SEEDS / "002_95d7cee4fda6e523.txt"
DAY = re.compile(r"\d{4}-\d\d-\d\d")

needs_facts = pytest.mark.skipif(not FACTS.exists(), reason="the facts are not here")
needs_seeds = pytest.mark.skipif(not SEEDS.exists(), reason="the documents are not here")

ITEM_5 = (
    "三下乡、双创活动周、全国科普日、科技活动周、食品安全宣传周、全民营养周、国家版图意识宣传周、"
    "中国学生营养日、爱国卫生运动、防灾减灾日、世界艾滋病日、世界防治结核病日、世界无烟日、世界气象日、"
    "世界环境日、世界地球日、全国低碳日、全国土地日、公众科学日、中国航天日、国际生物多样性日、世界水日、"
    "世界计量日、世界粮食日、安全生产月、安全用药月、健康中国重庆行动、科普文化进万家、公民科学素质大赛"
)
WULONG_BRANDS = (
    "全国科普日、科技活动周、防灾减灾日、食品安全宣传周、安全生产月、世界环境日、世界气象日、世界地球日、"
    "世界粮食日、全国土地日、国家版图意识宣传周、爱国卫生运动、文化和自然遗产日、健康中国武隆行动、"
    "科普文化进万家、千会千人进千户"
)


@pytest.fixture(scope="module")
def book() -> Book:
    book = read_site(SITE).book
    assert book is not None
    return book


def desk(book: Book, office: str) -> Desk:
    return next(desk for desk in desks(book) if desk.office.id == office)


def entries(book: Book, office: str, year: int) -> dict[str, Entry]:
    """The year's entries by activity id."""
    here = desk(book, office)
    found = next(one for one in here.branch.years if one.year == year)
    named = [(here.activity(entry.activity), entry) for entry in found.activities]
    return {activity.id: entry for activity, entry in named if activity}


def programme(book: Book, id: str) -> Programme:
    every = (one for branch in book.branches for one in branch.programmes)
    return next(one for one in every if one.id == id)


def tasks(book: Book, id: str, kind: Kind) -> list[Task]:
    return [task for task in programme(book, id).tasks if task.kind is kind]


def facts(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((FACTS / name).read_text(encoding="utf-8"))
    return found


def precise(text: str) -> date | None:
    """The day; None for `unknown`, `2019-06 mid` and the like."""
    return date.fromisoformat(text) if DAY.fullmatch(text) else None


def seen() -> Iterator[tuple[str, int, date, date | None]]:
    """Activity, year, first and last day of everything that the facts know to the day."""
    for fact in facts("observances.json"):
        for year, days in fact["real_dates"].items():
            if days and (start := precise(days[0])):
                yield fact["id"], int(year), start, precise(days[1])


def test_the_site_has_no_fault() -> None:
    assert [str(fault) for fault in read_site(SITE).faults] == []


# Working days


def test_every_day_of_2019_to_2026_agrees_with_chinesecalendar(book: Book) -> None:
    workdays = WorkCalendar(book.common.workdays)
    first, last = date(2019, 1, 1), date(2026, 12, 31)
    days = [first + timedelta(number) for number in range((last - first).days + 1)]

    differing = [d for d in days if workdays.working(d) != chinese_calendar.is_workday(d)]

    assert differing == []


@pytest.mark.parametrize(
    ("day", "eve", "published", "before", "after"),
    [
        ("2019-05-02", "2019-03-21", "2019-03-22", True, False),
        ("2019-05-03", "2019-03-21", "2019-03-22", True, False),
        ("2019-04-28", "2019-03-21", "2019-03-22", False, True),
        ("2019-05-05", "2019-03-21", "2019-03-22", False, True),
        ("2020-01-31", "2020-01-25", "2020-01-26", True, False),
        ("2020-02-01", "2020-01-25", "2020-01-26", True, False),
        ("2020-02-03", "2020-01-25", "2020-01-26", True, True),
    ],
)
def test_the_two_amended_years_are_known_as_they_were_and_as_they_became(
    book: Book, day: str, eve: str, published: str, before: bool, after: bool
) -> None:
    days, when = book.common.workdays, date.fromisoformat(day)

    assert WorkCalendar(days, date.fromisoformat(eve)).working(when) is before
    assert WorkCalendar(days, date.fromisoformat(published)).working(when) is after


def test_every_notice_has_its_day_in_autumn_of_the_year_before(book: Book) -> None:
    for year in book.common.workdays:
        assert year.published is not None
        assert date(year.year - 1, 10, 25) <= year.published <= date(year.year - 1, 12, 31)


def test_a_year_stands_there_only_with_its_notice(book: Book) -> None:
    assert [year.year for year in book.common.workdays] == list(range(2019, 2027))
    for year in book.common.workdays:
        assert f"国办发明电〔{year.year - 1}〕" in year.notice


def test_a_day_worked_for_a_holiday_is_a_weekend(book: Book) -> None:
    worked = [d for year in book.common.workdays for one in year.holidays for d in one.work]

    assert len(worked) == len(set(worked)) > 0
    assert [day for day in worked if day.weekday() < 5] == []


# Activities and their days


@needs_facts
def test_every_known_date_agrees_with_what_was_seen(book: Book) -> None:
    find = desk(book, "chongqing").activity
    wrong = []

    for id, year, start, end in seen():
        activity = find(id)
        days = occurrence(activity, year, find) if activity else None
        span = days.span if days else None
        if span is None or (span.start, span.end) != (start, end):
            wrong.append((id, year, span))

    assert wrong == []


@needs_facts
def test_no_date_is_listed_that_nobody_saw(book: Book) -> None:
    real = {(id, year, start, end) for id, year, start, end in seen()}
    real.add(("zhibohui", 2024, date(2024, 6, 20), date(2024, 6, 23)))  # seen, in Tianjin

    listed = {
        (one.id, known.year, known.start, known.end)
        for one in book.common.activities
        for known in one.dates
    }

    assert listed - real == set()


@needs_facts
def test_no_activity_of_the_facts_is_missing(book: Book) -> None:
    known = {activity.id for activity in book.common.activities}

    assert {fact["id"] for fact in facts("observances.json")} - known == set()


def test_known_dates_lie_in_their_year_and_are_announced_before(book: Book) -> None:
    known = [day for activity in book.common.activities for day in activity.dates]

    assert [day for day in known if day.start.year != day.year] == []
    assert [day for day in known if day.announced and day.announced >= day.start] == []
    assert [day for day in known if not day.source] == []


def test_a_name_means_one_activity(book: Book) -> None:
    names = [(name, one.id) for one in book.common.activities for name in set(one.names)]

    assert len({name for name, _ in names}) == len(names)


@pytest.mark.parametrize(
    ("id", "year", "title"),
    [
        ("kepuri", 2024, "全国科普日"),
        ("kepuri", 2025, "全国科普月"),
        ("yongyao", 2023, "全国安全用药月"),
        ("yongyao", 2024, "全国药品安全宣传周"),
        ("zhibohui", 2023, "中国国际智能产业博览会"),
        ("zhibohui", 2024, "世界智能产业博览会"),
        ("yichan", 2016, "文化遗产日"),
        ("yichan", 2017, "文化和自然遗产日"),
    ],
)
def test_an_activity_is_called_as_in_its_year(book: Book, id: str, year: int, title: str) -> None:
    activity = desk(book, "chongqing").activity(id)

    assert activity is not None
    assert activity.title(year) == title


# The offices' years


@pytest.mark.parametrize("year", [2026, 2027])
def test_chongqing_runs_all_that_item_5_names(book: Book, year: int) -> None:
    here = desk(book, "chongqing")
    wanted = {name: here.activity(name) for name in ITEM_5.split("、")}
    planned = entries(book, "chongqing", year)

    missing = [name for name, one in wanted.items() if one is None or one.id not in planned]

    assert missing == []


@pytest.mark.parametrize("year", [2026, 2027])
def test_wulong_runs_all_brands_that_its_programme_names(book: Book, year: int) -> None:
    here = desk(book, "wulong")
    wanted = {name: here.activity(name) for name in WULONG_BRANDS.split("、")}
    planned = entries(book, "wulong", year)

    missing = [name for name, one in wanted.items() if one is None or one.id not in planned]

    assert missing == []


@pytest.mark.parametrize("office", ["chongqing", "wulong"])
@pytest.mark.parametrize("year", [2026, 2027])
def test_only_the_two_great_campaigns_ask_everybody(book: Book, office: str, year: int) -> None:
    planned = entries(book, office, year)

    everybody = {id for id, entry in planned.items() if "各责任单位" in entry.support}

    assert everybody == {"kepuri", "kejizhou"}


def test_who_leads_is_not_listed_as_support(book: Book) -> None:
    both = [
        entry.activity
        for branch in book.branches
        for year in branch.years
        for entry in year.activities
        if set(entry.lead) & set(entry.support)
    ]

    assert both == []


@needs_facts
def test_a_lead_known_from_memory_is_marked_unverified(book: Book) -> None:
    unverified = {
        fact["id"]
        for fact in facts("observances.json")
        if fact["lead_department_basis"] == "memory, unverified"
    }

    for year in (2026, 2027):
        for id, entry in entries(book, "chongqing", year).items():
            assert entry.basis == "未核实" or id not in unverified


@pytest.mark.parametrize("office", ["chongqing", "wulong"])
def test_dated_steps_follow_their_notice_in_order(book: Book, office: str) -> None:
    here = desk(book, office)
    due: dict[str, list[date]] = {}

    for duty in agenda(here).duties.values():
        if duty.due and duty.notice_on and duty.answer is not Answer.CONFIRM:
            due.setdefault(f"{duty.activity}/{duty.year}/{duty.department}", []).append(duty.due)
            assert duty.notice_on < duty.due

    assert due
    assert [key for key, days in due.items() if days != sorted(set(days))] == []


def test_the_day_itself_is_only_to_be_known(book: Book) -> None:
    events = [step for one in book.common.sets for step in one.steps if step.id == "event"]

    assert len(events) == 5
    assert {(step.answer, step.due) for step in events} == {(Answer.KNOW, "开始当天")}


# Programmes


def test_the_work_points_of_2022_are_numbered_1_to_45(book: Book) -> None:
    points = tasks(book, "chongqing-2022", Kind.POINT)

    assert [point.number for point in points] == list(range(1, 46))
    assert [point.name for point in points if len(point.name) > 20] == []
    assert [point.number for point in points if not point.category] == []


def test_four_work_points_have_an_output_besides_the_yearly_report(book: Book) -> None:
    points = tasks(book, "chongqing-2022", Kind.POINT)

    extra = {point.number: point.steps for point in points if not isinstance(point.steps, str)}

    assert list(extra) == [22, 27, 39, 44]
    for steps in extra.values():
        assert [step.due for step in steps] == ["2022年12月31日", "12月31日"]


@needs_seeds
def test_each_work_point_is_led_by_whom_the_document_names(book: Book) -> None:
    text = re.sub(r"\s+|—\d+—", "", POINTS.read_text(encoding="utf-8"))
    closing = r"（((?:[^（）]|（[^（）]*）)*?(?:按职责分工负责|各责任单位))）"

    named = [found.removesuffix("按职责分工负责") for found in re.findall(closing, text)]

    points = tasks(book, "chongqing-2022", Kind.POINT)
    assert ["、".join(point.lead) for point in points] == named


def test_wulong_has_five_actions_and_five_projects(book: Book) -> None:
    keys = tasks(book, "wulong-2021-2025", Kind.TASK)

    wanted = [(category, n) for category in ("提升行动", "重点工程") for n in range(1, 6)]

    assert [(task.category, task.number) for task in keys] == wanted


@needs_seeds
def test_wulongs_key_tasks_are_shared_out_as_in_the_annex(book: Book) -> None:
    lines = ANNEX.read_text(encoding="utf-8").splitlines()
    rows = [line.strip().split("\t")[-2:] for line in lines if re.search(r"\t\d\. 实施", line)]

    keys = tasks(book, "wulong-2021-2025", Kind.TASK)

    assert [["、".join(task.lead), "、".join(task.support)] for task in keys] == rows


@needs_facts
@pytest.mark.parametrize(
    ("id", "seed"), [("wulong-2021-2025", "002"), ("chongqing-2016-2020", "003")]
)
def test_phases_last_as_the_documents_say(book: Book, id: str, seed: str) -> None:
    written = [fact for fact in facts("milestones.json") if fact["kind"] == "phase"]

    wanted = [(f["start"], f["end"]) for f in written if f["file"].startswith(seed)]

    phases = programme(book, id).phases
    assert [(phase.start.isoformat(), phase.end.isoformat()) for phase in phases] == wanted


@pytest.mark.parametrize(
    ("id", "baseline", "target"),
    [
        ("chongqing-2021-2025", "10.20%", "15%"),
        ("wulong-2021-2025", "8.9%", "13%"),
        ("chongqing-2016-2020", "4.74%", "8.3%"),
    ],
)
def test_each_programme_aims_at_its_literacy_rate(
    book: Book, id: str, baseline: str, target: str
) -> None:
    aim = next(task for task in programme(book, id).tasks if task.id == "literacy")

    assert baseline in (aim.baseline or "")
    assert target in (aim.target or "")


# People


def test_every_address_is_made_up_and_used_once(book: Book) -> None:
    people = [contact.email for branch in book.branches for contact in branch.contacts]
    senders = [branch.office.sender for branch in book.branches]

    assert len(people) == len(set(people))
    assert [email for email in people + senders if not email.endswith(".example")] == []


@pytest.mark.parametrize("office", ["chongqing", "wulong"])
def test_every_department_has_a_liaison_and_the_office_a_manager(book: Book, office: str) -> None:
    here, day = desk(book, office), date(2026, 3, 2)

    silent = [one.short for one in here.branch.departments if not here.liaison(one.id, day)]

    assert silent == []
    assert here.managers(day)


@pytest.mark.parametrize(("office", "count"), [("chongqing", 31), ("wulong", 34)])
def test_the_group_holds_those_whom_the_document_names(book: Book, office: str, count: int) -> None:
    assert len(desk(book, office).members(["各责任单位"])) == count
