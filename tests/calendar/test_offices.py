"""The offices' years and their people: all that their documents name."""

from datetime import date

import pytest

from duban.agenda import agenda
from duban.book import Book
from duban.step import Answer
from tests.shipped import desk, entries, facts, needs_facts

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
