"""Rolling up: what is done in a district is reported to the city, once, and again after a return."""

from datetime import date
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from duban.completion import Act, State
from duban.desk import OFFICE
from state import assignments
from state.tables import answer, event
from tests.cascades import CITY, EAST, PLAN, WEST, city
from tests.sitting import Sitting, sitting

NOTICE = "2026-02-24T09:00"
DONE = "2026-03-02T11:00"
LATER = "2026-03-04T11:00"
OWN = [f"{EAST}/shui/2026/plan/shuili", f"{EAST}/shui/2026/plan/kexie"]
ALONE = f"{WEST}/shui.adopt/2026/plan/{OFFICE}"


def state(one: Sitting, key: str) -> State:
    with one.site.database.reading() as connection:
        return assignments.find(connection, key).state


def due(one: Sitting, key: str) -> date | None:
    with one.site.database.reading() as connection:
        return assignments.find(connection, key).target


def said(one: Sitting) -> list[str]:
    with one.site.database.reading() as connection:
        return list(connection.scalars(select(answer.c.text).order_by(answer.c.id)))


async def finish(one: Sitting, *keys: str, when: str = DONE) -> None:
    for key in keys:
        one.act(key, Act.COMPLETE, when)
    await one.tick(when)


async def test_the_city_hears_when_the_last_item_is_done_and_not_before(database_url: str) -> None:
    async with sitting(database_url, city()) as one:
        await one.tick(NOTICE)

        await finish(one, OWN[0])
        assert state(one, PLAN) is State.NOTIFIED
        await finish(one, OWN[1])

        assert state(one, PLAN) is State.REPORTED


async def test_the_report_says_what_was_done_by_whom(database_url: str) -> None:
    async with sitting(database_url, city()) as one:
        await finish(one, *OWN)

        (text,) = said(one)

        assert text.splitlines() == [
            "东区纲要办：2家单位的事项都已办结（系统汇总）。",
            "区科协 3月2日已办结",
            "区水利局 3月2日已办结",
        ]


async def test_it_is_reported_once_however_often_it_is_looked_at(database_url: str) -> None:
    async with sitting(database_url, city()) as one:
        await finish(one, *OWN)

        await one.tick(DONE)
        await one.tick(LATER)

        assert len(said(one)) == 1


async def test_what_the_city_returned_is_reported_again_after_it_was_done_again(
    database_url: str,
) -> None:
    async with sitting(database_url, city()) as one:
        await finish(one, *OWN)
        one.act(PLAN, Act.RETURN, DONE)

        await one.tick(LATER)
        assert state(one, PLAN) is State.RETURNED
        one.act(OWN[0], Act.REOPEN, LATER)
        await finish(one, OWN[0], when=LATER)

        assert state(one, PLAN) is State.REPORTED
        assert len(said(one)) == 2


async def test_who_was_let_off_does_not_keep_the_others_waiting(database_url: str) -> None:
    async with sitting(database_url, city()) as one:
        one.act(OWN[0], Act.EXEMPT, DONE)

        await finish(one, OWN[1])

        assert state(one, PLAN) is State.REPORTED
        assert "区水利局 3月2日免办" in said(one)[0]


async def test_a_district_that_lets_everybody_off_reports_nothing(database_url: str) -> None:
    async with sitting(database_url, city()) as one:
        for key in OWN:
            one.act(key, Act.EXEMPT, DONE)

        await one.tick(DONE)

        assert state(one, PLAN) is State.NOTIFIED


async def test_a_secretariat_that_does_it_itself_reports_by_completing(database_url: str) -> None:
    async with sitting(database_url, city()) as one:
        await finish(one, ALONE)

        assert state(one, f"{CITY}/shui/2026/plan/xiqu") is State.REPORTED
        assert said(one)[0].startswith("西区纲要办：本办已办结")


@pytest.mark.parametrize("act", [Act.COMPLETE, Act.EXEMPT])
async def test_what_the_city_closed_is_not_asked_of_the_districts_secretariat_any_more(
    database_url: str, act: Act
) -> None:
    async with sitting(database_url, city()) as one:
        one.act(f"{CITY}/shui/2026/plan/xiqu", act, DONE)

        await one.tick(DONE)

        assert state(one, ALONE) is State.EXEMPTED


async def test_two_machines_at_once_report_it_once(database_url: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from flows.premises import use
    from flows.rollup import roll_up
    from tests.sitting import at

    def run(_: int) -> None:
        use(one.site)
        roll_up(EAST, at(DONE))

    async with sitting(database_url, city()) as one:
        for key in OWN:
            one.act(key, Act.COMPLETE, DONE)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(run, range(8)))

        assert len(said(one)) == 1


# --- changes at the city ---


async def test_a_date_that_the_city_moves_moves_the_districts_dates_and_tells_them(
    database_url: str,
) -> None:
    async with sitting(database_url, city()) as one:
        await one.tick(NOTICE)
        before = due(one, OWN[0])

        one.apply(city(asked={"cascade": {"ahead": "10个工作日"}}), NOTICE)
        await one.tick("2026-02-25T09:00")

        assert (before, due(one, OWN[0])) == (date(2026, 2, 28), date(2026, 2, 14))
        assert "liaison@shuili.dong.ceshi.example" in one.recipients()[-6:]


async def test_what_the_city_drops_leaves_the_district_its_own_and_withdraws_the_rest(
    database_url: str,
) -> None:
    async with sitting(database_url, city()) as one:
        one.apply(city(asked={"support": None}), NOTICE)

        assert state(one, PLAN) is State.WITHDRAWN
        assert state(one, ALONE) is State.WITHDRAWN
        assert state(one, OWN[0]).open
        assert due(one, OWN[0]) == date(2026, 3, 6)


async def test_what_the_city_passes_on_to_another_district_is_asked_there(
    database_url: str,
) -> None:
    passed = {
        "activity": "世界水日",
        "year": 2026,
        "step": "plan",
        "from": "西区",
        "to": "市科协",
        "at": "2026-02-24T09:00+08:00",
        "by": "李干事",
    }
    async with sitting(database_url, city()) as one:
        one.apply(city(transfers=[passed]), NOTICE)

        assert state(one, ALONE) is State.WITHDRAWN
        assert state(one, f"{CITY}/shui/2026/plan/kexie").open


async def test_when_only_the_city_is_applied_its_districts_are_planned_with_it(
    database_url: str,
) -> None:
    from flows import applying
    from tests.sitting import at

    async with sitting(database_url, city()) as one:
        moved = city(asked={"cascade": {"ahead": "0天"}})

        planned = applying.plan(one.site, moved, at(NOTICE), {CITY})

        assert {each.desk.office.id for each in planned} == {CITY, EAST, WEST}


@pytest.mark.parametrize("on", ["2026-02-24", None])
async def test_what_a_district_declines_is_in_the_citys_next_letter_to_its_secretariat(
    database_url: str, on: str | None
) -> None:
    decline = {"activity": "世界水日", "reason": "区内没有水利设施", "on": on}
    async with sitting(database_url, city()) as one:
        one.apply(city([], [decline]), NOTICE)

        await one.tick(NOTICE)

        (mail,) = [
            message_from_bytes(caught.mime, policy=policy.default).get_body(("plain",))
            for caught in one.catcher.caught
            if caught.recipient == "desk@kx.ceshi.example"
        ]
        assert mail
        assert "东区不承接" in mail.get_content()
        assert "区内没有水利设施" in mail.get_content()
        assert state(one, PLAN) is not State.WITHDRAWN


# --- one letter a morning ---


async def test_the_districts_secretariat_gets_one_letter_a_morning_of_both_offices(
    database_url: str,
) -> None:
    async with sitting(database_url, city([])) as one:
        for day in range(24, 29):
            await one.tick(f"2026-02-{day}T09:00")

            mine = [to for to in one.recipients() if to == "desk@xi.ceshi.example"]
            assert len(mine) <= day - 23

        with one.site.database.reading() as connection:
            told = connection.scalars(select(event.c.office).where(event.c.act == "notify"))
            assert {CITY, WEST} <= set(told)
