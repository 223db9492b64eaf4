"""A date, a department or a holiday notice changes: who is told what, once, and nobody else."""

from email import message_from_bytes, policy
from typing import Any

import pytest

from adapters.catcher import Caught
from adapters.post import Server
from duban.book import Book
from duban.completion import Act, State
from duban.letter import Kind
from flows import applying
from flows.tick import Ticked
from state import assignments
from tests.books import SPRING, activity, book, document
from tests.sitting import at, sitting

NOTICE = "2026-02-14T09:00"
LEAD, SUPPORT = "liaison@shuili.ceshi.example", "liaison@kexie.ceshi.example"
PLAN = "ceshi/shui/2026/plan/shuili"
SUMMARY = "ceshi/shui/2026/summary/shuili"


def moved(day: str) -> Book:
    days = [activity("shui", "世界水日", day), activity("kejizhou", "科技活动周", "每年公布")]
    return book(common={"activities": days})


def kinds(ticked: Ticked) -> list[tuple[str, str]]:
    return [(letter.recipient, letter.kind.value) for letter in ticked.written[0].letters]


def changes(ticked: Ticked) -> dict[str, Any]:
    return {
        item.assignment: (item.was, item.gone or item.due)
        for letter in ticked.written[0].letters
        for section in letter.sections
        if section.kind is Kind.CHANGE
        for item in section.items
    }


def text(caught: Caught) -> str:
    mail = message_from_bytes(caught.mime, policy=policy.default)
    body = mail.get_body(("plain",))  # type: ignore[attr-defined]
    return str(body.get_content())


async def test_everyone_notified_gets_one_change_notice_with_old_and_new_date(
    database_url: str,
) -> None:
    async with sitting(database_url) as one:
        await one.tick(NOTICE)
        one.apply(moved("4月22日"), "2026-02-25T15:00")

        first = await one.tick("2026-02-26T09:00")
        second = await one.tick("2026-02-27T09:00")

        assert kinds(first) == [(SUPPORT, "change"), (LEAD, "change")]
        assert [str(day) for day in changes(first)[PLAN]] == ["2026-03-06", "2026-04-07"]
        assert kinds(second) == []
        assert "3月6日" in text(one.catcher.caught[-1])
        assert "4月7日" in text(one.catcher.caught[-1])


async def test_the_old_date_is_never_reminded_and_the_new_one_is(database_url: str) -> None:
    async with sitting(database_url) as one:
        await one.tick(NOTICE)
        one.apply(moved("4月22日"), "2026-02-25T15:00")
        await one.tick("2026-02-26T09:00")

        old = await one.tick("2026-02-28T09:00")
        new = await one.tick("2026-03-30T09:00")

        assert kinds(old) == []
        stages = {
            i.assignment: (i.stage, i.version) for x in new.written[0].letters for i in x.items
        }
        assert stages[PLAN] == ("before5", 2)


async def test_who_was_not_notified_yet_gets_only_the_notice_with_the_new_date(
    database_url: str,
) -> None:
    async with sitting(database_url) as one:
        one.apply(moved("4月22日"), "2026-02-10T15:00")

        early = await one.tick(NOTICE)
        on_time = await one.tick("2026-03-23T09:00")

        assert kinds(early) == []
        assert kinds(on_time) == [(SUPPORT, "notice"), (LEAD, "notice")]


async def test_two_changes_before_the_next_mail_make_one_notice(database_url: str) -> None:
    async with sitting(database_url) as one:
        await one.tick(NOTICE)
        one.apply(moved("4月22日"), "2026-02-25T15:00")
        one.apply(moved("5月22日"), "2026-02-25T16:00")

        ticked = await one.tick("2026-02-26T09:00")

        assert [str(day) for day in changes(ticked)[PLAN]] == ["2026-03-06", "2026-05-07"]


async def test_a_date_moved_there_and_back_says_nothing(database_url: str) -> None:
    async with sitting(database_url) as one:
        await one.tick(NOTICE)
        one.apply(moved("4月22日"), "2026-02-25T15:00")
        one.apply(moved("3月22日"), "2026-02-25T16:00")

        ticked = await one.tick("2026-02-26T09:00")

        assert kinds(ticked) == []


async def test_what_is_dropped_from_the_calendar_is_cancelled_by_name(database_url: str) -> None:
    async with sitting(database_url) as one:
        await one.tick(NOTICE)
        one.apply(book(years=[]), "2026-02-25T15:00")

        ticked = await one.tick("2026-02-26T09:00")

        assert kinds(ticked) == [(SUPPORT, "change"), (LEAD, "change")]
        assert changes(ticked)[PLAN][1] is True
        assert "世界水日" in text(one.catcher.caught[-1])
        assert "取消" in text(one.catcher.caught[-1])


async def test_a_completed_item_stays_completed_and_nobody_is_told(database_url: str) -> None:
    async with sitting(database_url) as one:
        await one.tick(NOTICE)
        one.act(PLAN, Act.COMPLETE, "2026-02-24T15:00")
        one.apply(moved("4月22日"), "2026-02-25T15:00")

        ticked = await one.tick("2026-02-26T09:00")

        assert PLAN not in changes(ticked)
        assert SUMMARY in changes(ticked)
        with one.site.database.reading() as connection:
            assert assignments.find(connection, PLAN).state is State.COMPLETED


async def test_a_new_lead_gets_a_notice_and_the_old_one_a_cancellation(database_url: str) -> None:
    years = document()["branches"][0]["years"]
    years[0]["activities"][0]["lead"] = "市科技局"
    async with sitting(database_url) as one:
        await one.tick(NOTICE)
        one.apply(book(years=years), "2026-02-25T15:00")

        ticked = await one.tick("2026-02-26T09:00")

        assert kinds(ticked) == [("liaison@keji.ceshi.example", "notice"), (LEAD, "change")]


async def test_a_holiday_notice_that_moves_a_due_date_is_told(database_url: str) -> None:
    longer = {
        **SPRING,
        "holidays": [
            *SPRING["holidays"],
            {"name": "测试假", "start": "2026-03-05", "end": "2026-03-06"},
        ],
    }  # type: ignore[misc]
    async with sitting(database_url) as one:
        await one.tick(NOTICE)
        one.apply(book(common={"workdays": [longer]}), "2026-02-25T15:00")

        ticked = await one.tick("2026-02-26T09:00")

        assert [str(day) for day in changes(ticked)[PLAN]] == ["2026-03-06", "2026-03-04"]
        assert SUPPORT not in dict(kinds(ticked))


async def test_a_letter_still_in_the_outbox_is_taken_back_in_the_same_apply(
    database_url: str,
) -> None:
    async with sitting(database_url) as one:
        good, one.site.server = one.site.server, Server(host="127.0.0.1", port=1, tls="none")
        await one.tick(NOTICE)
        planned = applying.plan(one.site, moved("4月22日"), at("2026-02-14T10:00"))
        one.apply(moved("4月22日"), "2026-02-14T10:00")
        one.site.server = good

        same_day = await one.tick("2026-02-14T10:30")
        later = await one.tick("2026-03-23T09:00")

        assert {letter.recipient for letter in planned[0].outdated} == {LEAD, SUPPORT}
        assert kinds(same_day) == []
        assert kinds(later) == [(SUPPORT, "notice"), (LEAD, "notice")]
        assert one.recipients() == [SUPPORT, LEAD]


async def test_the_plan_names_the_mail_that_will_result(database_url: str) -> None:
    async with sitting(database_url) as one:
        await one.tick(NOTICE)

        planned = applying.plan(one.site, moved("4月22日"), at("2026-02-25T15:00"))
        one.apply(moved("4月22日"), "2026-02-25T15:00")
        ticked = await one.tick("2026-02-25T16:00")

        assert [letter.key for letter in planned[0].letters] == [
            letter.key for letter in ticked.written[0].letters
        ]


@pytest.mark.parametrize("back", ["2026-02-25T16:00", "2026-02-27T09:00"])
async def test_dropping_and_adding_again_ends_where_it_began(database_url: str, back: str) -> None:
    async with sitting(database_url) as one:
        await one.tick(NOTICE)
        with one.site.database.reading() as connection:
            before = assignments.all_of(connection, "ceshi")
        one.apply(book(years=[]), "2026-02-25T15:00")
        one.apply(book(), back)

        with one.site.database.reading() as connection:
            assert assignments.all_of(connection, "ceshi") == before


async def test_a_cancellation_that_never_left_is_taken_back_without_a_word(
    database_url: str,
) -> None:
    async with sitting(database_url) as one:
        await one.tick(NOTICE)
        one.act(PLAN, Act.ACKNOWLEDGE, "2026-02-24T10:00")
        with one.site.database.reading() as connection:
            before = assignments.all_of(connection, "ceshi")
        one.apply(book(years=[]), "2026-02-25T15:00")
        good, one.site.server = one.site.server, Server(host="127.0.0.1", port=1, tls="none")
        cancelling = await one.tick("2026-02-26T09:00")
        one.site.server = good

        one.apply(book(), "2026-02-26T10:00")
        ticked = await one.tick("2026-02-26T10:30")

        assert kinds(cancelling) == [(SUPPORT, "change"), (LEAD, "change")]
        assert kinds(ticked) == []
        with one.site.database.reading() as connection:
            after = {item.key: item for item in assignments.all_of(connection, "ceshi")}
        assert [after[item.key].state for item in before] == [item.state for item in before]
        assert after[PLAN].next_stage == "before5"


async def test_who_reported_before_the_notice_is_not_told_of_a_date(database_url: str) -> None:
    async with sitting(database_url) as one:
        one.act(PLAN, Act.REPORT, "2026-02-10T15:00")

        ticked = await one.tick(NOTICE)

        assert kinds(ticked) == [(SUPPORT, "notice"), (LEAD, "notice")]
        assert changes(ticked) == {}
