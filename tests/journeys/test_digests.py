"""Digests come at their own times, once a period to each reader, late or twice run, and never beside the
morning's letter."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from duban.book import Book
from duban.completion import Act
from duban.digest import USUAL, Time, Times, Which
from duban.letter import Kind, Letter
from flows.tick import Ticked
from state import outbox, tables
from tests.books import book, contact
from tests.journal import journal
from tests.sitting import Sitting, sitting

BOSS, DEPUTY, CLERK = "boss@kx.ceshi.example", "vice@kx.ceshi.example", "desk@kx.ceshi.example"
HEAD = "head@shuili.ceshi.example"
PLAN = "ceshi/shui/2026/plan/shuili"
"""Due on 6 March, a Friday; its notice is of 14 February."""
NOTICE, LATE, NEXT = "2026-02-14T09:00", "2026-03-09T09:00", "2026-03-16T09:00"
WEEKLY = {Which.WEEKLY: USUAL[Which.WEEKLY]}


def staffed(*more: dict[str, Any]) -> Book:
    people = [
        contact("市水利局", "liaison@shuili.ceshi.example"),
        contact("市水利局", HEAD, "分管领导"),
        contact("市科协", "liaison@kexie.ceshi.example"),
        contact(None, BOSS, "管理者"),
        contact(None, CLERK, "经办人"),
    ]
    return book(contacts=[*people, *more])


def timed(one: Sitting, times: Times) -> None:
    one.site.__dict__["times"] = times


def told(ticked: Ticked, which: Which) -> list[Letter]:
    return [
        letter
        for written in ticked.written
        for letter in written.letters
        if any(section.digest and section.digest.which is which for section in letter.sections)
    ]


def settled(one: Sitting) -> Mapping[str, Any]:
    """What is remembered of each digest, by its period."""
    with one.site.database.reading() as connection:
        rows = connection.execute(select(tables.digest.c.period, tables.digest.c.said)).all()
    return {row.period: json.loads(row.said) if row.said else {} for row in rows}


async def test_managers_are_told_once_a_week_however_often_it_is_run(database_url: str) -> None:
    async with sitting(database_url, staffed()) as one:
        timed(one, WEEKLY)
        await one.tick(NOTICE)
        first = await one.tick(LATE)
        again = [
            await one.tick(f"2026-03-{day:02}T{hour}:00") for day in (9, 10) for hour in (10, 17)
        ]

        assert [letter.recipient for letter in told(first, Which.WEEKLY)] == [BOSS]
        assert not [letter for ticked in again for letter in told(ticked, Which.WEEKLY)]
        assert settled(one)["2026-W11"]["overdue"] == [PLAN]


async def test_a_digest_that_was_missed_comes_with_the_next_morning(database_url: str) -> None:
    async with sitting(database_url, staffed()) as one:
        timed(one, WEEKLY)
        await one.tick(NOTICE)

        thursday = await one.tick("2026-03-12T09:00")

        assert [letter.recipient for letter in told(thursday, Which.WEEKLY)] == [BOSS]


async def test_a_digest_compares_with_the_last_one(database_url: str) -> None:
    async with sitting(database_url, staffed()) as one:
        await one.tick(NOTICE)
        await one.tick(LATE)
        one.act(PLAN, Act.REPORT, "2026-03-10T15:00")
        one.act(PLAN, Act.RETURN, "2026-03-11T15:00")

        [letter] = told(await one.tick(NEXT), Which.WEEKLY)

        digest, item = letter.sections[0].digest, letter.sections[0].items[0]
        assert digest
        assert (digest.before, digest.new, digest.gone) == (1, 0, 0)
        assert (digest.rate.due, digest.rate_before.due) == (0, 1)
        assert item.last
        assert (item.last.act, item.last.who) == ("return", "李干事")


async def test_a_digest_set_for_the_afternoon_is_a_letter_of_its_own(database_url: str) -> None:
    async with sitting(database_url, staffed(contact("市科技局", BOSS))) as one:
        timed(one, {Which.WEEKLY: Time("0 16 * * mon")})
        await one.tick(NOTICE)
        await one.tick("2026-03-02T16:05")

        morning, afternoon, evening = [
            await one.tick(f"2026-03-09T{clock}") for clock in ("09:00", "16:05", "16:10")
        ]

        assert not told(morning, Which.WEEKLY)
        assert [letter.mark for letter in told(afternoon, Which.WEEKLY)] == ["digest-weekly"]
        assert not evening.written[0].letters


async def test_an_afternoon_digest_that_was_missed_joins_the_next_morning(
    database_url: str,
) -> None:
    async with sitting(database_url, staffed()) as one:
        timed(one, {Which.WEEKLY: Time("0 16 * * mon")})
        await one.tick(NOTICE)

        [letter] = told(await one.tick("2026-03-10T09:00"), Which.WEEKLY)

        assert letter.mark == ""


async def test_an_afternoon_digest_is_not_the_letter_of_its_day(database_url: str) -> None:
    async with sitting(database_url, staffed()) as one:
        timed(one, {Which.WEEKLY: Time("0 16 * * mon")})
        await one.tick(NOTICE)
        await one.tick("2026-03-09T16:05")

        with one.site.database.reading() as connection:
            mailed = outbox.mailed(connection, "ceshi", date(2026, 3, 9))
        assert mailed
        assert BOSS not in mailed


async def test_on_a_holiday_it_waits_for_the_next_working_day(database_url: str) -> None:
    async with sitting(database_url, staffed()) as one:
        timed(one, WEEKLY)
        await one.tick(NOTICE)

        days = ("2026-04-06T09:00", "2026-04-07T09:00")
        monday, tuesday = [await one.tick(day) for day in days]

        assert not monday.written[0].letters
        assert [letter.recipient for letter in told(tuesday, Which.WEEKLY)] == [BOSS]


async def test_with_nothing_to_say_nothing_is_sent_and_the_log_says_so(database_url: str) -> None:
    async with sitting(database_url, staffed()) as one:
        timed(one, WEEKLY)

        with journal() as log:
            ticked = await one.tick("2026-01-12T09:00")

        assert not told(ticked, Which.WEEKLY)
        assert log.count("nothing to say", office="ceshi", digest="每周通报 2026-W03") == 1
        assert settled(one)["2026-W03"]["overdue"] == []


async def test_the_month_holds_the_week_that_falls_on_the_same_morning(database_url: str) -> None:
    async with sitting(database_url, staffed()) as one:
        await one.tick(NOTICE)

        ticked = await one.tick("2026-06-01T09:00")

        assert not told(ticked, Which.WEEKLY)
        assert [letter.recipient for letter in told(ticked, Which.MONTHLY)] == [BOSS]
        assert {"2026-W23", "2026-06"} <= set(settled(one))


async def test_a_month_without_anything_overdue_still_tells_how_dates_were_kept(
    database_url: str,
) -> None:
    async with sitting(database_url, staffed()) as one:
        await one.tick(NOTICE)
        one.act(PLAN, Act.REPORT, "2026-03-05T15:00")
        one.act(PLAN, Act.COMPLETE, "2026-03-05T16:00")

        [letter] = told(await one.tick("2026-04-01T09:00"), Which.MONTHLY)

        digest = letter.sections[0].digest
        assert digest
        assert (digest.rate.due, digest.rate.kept, digest.rate.percent) == (1, 1, 100)


async def test_a_head_hears_what_his_own_department_did_and_owes(database_url: str) -> None:
    async with sitting(database_url, staffed()) as one:
        timed(one, {Which.ACCOUNT: USUAL[Which.ACCOUNT]})
        await one.tick(NOTICE)
        one.act(PLAN, Act.REPORT, "2026-03-05T15:00")

        [letter] = told(await one.tick("2026-04-01T09:00"), Which.ACCOUNT)

        [section] = [one for one in letter.sections if one.kind is Kind.ACCOUNT]
        assert letter.recipient == HEAD
        assert {(i.step, i.department, i.state.chased) for i in section.items} == {
            ("plan", "shuili", False),
            ("summary", "shuili", True),
        }


async def test_the_clerk_hears_what_waits_and_what_falls_due_today(database_url: str) -> None:
    async with sitting(database_url, staffed()) as one:
        await one.tick(NOTICE)
        one.act("ceshi/shui/2026/summary/shuili", Act.REPORT, "2026-03-05T15:00")

        ticked = await one.tick("2026-03-06T09:00")

        works = [s.work for letter in ticked.written[0].letters for s in letter.sections if s.work]
        [work] = works
        assert (work.reports, work.first_reports[0].who) == (1, "李干事")
        assert [(task.department, task.step_name) for task in work.today] == [
            ("市水利局", "方案报送")
        ]


async def test_after_a_letter_was_taken_back_only_its_reader_is_told_again(
    database_url: str,
) -> None:
    async with sitting(database_url, staffed(contact(None, DEPUTY, "管理者"))) as one:
        timed(one, WEEKLY)
        await one.tick(NOTICE)
        await one.tick(LATE)
        taken_back(one, DEPUTY)

        tuesday = await one.tick("2026-03-10T09:00")

        assert [letter.recipient for letter in told(tuesday, Which.WEEKLY)] == [DEPUTY]


def taken_back(one: Sitting, recipient: str) -> None:
    """As if its letter of 9 March had waited in the queue until the next day."""
    letter, delivery = tables.letter, tables.delivery
    with one.site.database.writing() as connection:
        number = connection.scalar(
            select(letter.c.id).where(letter.c.recipient == recipient, letter.c.kind == "digest")
        )
        connection.execute(
            delivery.update()
            .where(delivery.c.letter_id == number)
            .values(state="queued", phase=None)
        )


@pytest.mark.parametrize("which", [Which.WORK, Which.ACCOUNT])
async def test_what_people_do_meanwhile_takes_back_no_account_and_no_work_list(
    database_url: str, which: Which, tmp_path: Path
) -> None:
    async with sitting(database_url, staffed()) as one:
        timed(one, {which: Time("30 8 1 * *") if which is Which.ACCOUNT else Time("30 8 * * *")})
        await one.tick(NOTICE)
        ticked = await one.tick("2026-03-02T09:00")
        with one.site.database.writing() as connection:
            connection.execute(tables.delivery.update().values(state="queued", phase=None))
        one.act(PLAN, Act.REPORT, "2026-03-02T09:01")

        after = await one.tick("2026-03-02T09:05")

        kind = Kind.ACCOUNT if which is Which.ACCOUNT else Kind.WORK
        assert any(letter.kind is kind for letter in ticked.written[0].letters)
        assert not any(letter.kind is kind for letter in after.written[0].letters)
