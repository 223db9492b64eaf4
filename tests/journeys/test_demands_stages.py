"""What users of such systems reported about stages, noise and people: see test_demands.py."""

from datetime import date, timedelta
from itertools import islice, pairwise

import pytest

from adapters.files import read_site
from duban.completion import Act
from duban.desk import desks
from tests.books import activity, book, contact, document
from tests.journeys.test_demands import (
    LEAD,
    NOTICED,
    PLAN,
    SUPPORT,
    asked,
    daily,
    items,
    said,
    ticks,
)
from tests.ladders import HEAD, LEADER, LIAISON, SUBSTITUTE, alone, laddered
from tests.sitting import REPOSITORY, sitting

AWAY = [{"start": "2026-02-10", "end": "2026-02-14"}]


# --- stages ---


async def test_there_are_reminders_before_and_after_the_due_date(database_url: str) -> None:
    # pkp-lib#2687, pkp-lib#9455
    async with sitting(database_url, alone()) as one:
        found = await ticks(one, "2026-02-14", "2026-03-11")

        stages = [stage for ticked in found.values() for stage in dict.fromkeys(said(ticked))]
        assert stages == ["notice", "before5", "due", "after1", "after3"]


async def test_an_open_item_is_urged_until_it_is_done_and_then_no_more(database_url: str) -> None:
    # healthchecks#48, healthchecks#510
    async with sitting(database_url, alone()) as one:
        await one.tick(NOTICED)
        before = await ticks(one, "2026-03-20", "2026-05-15")
        one.act(PLAN, Act.COMPLETE, "2026-05-15T15:00")
        after = await ticks(one, "2026-05-16", "2026-06-30")

        turns = [day for day, ticked in before.items() if said(ticked)]
        assert len(turns) > 6
        assert max((b - a).days for a, b in pairwise(turns)) <= 12
        assert not any(said(ticked) for ticked in after.values())


@pytest.mark.parametrize(("who", "first"), [(LEADER, "2026-03-13"), (HEAD, "2026-03-20")])
async def test_the_boss_is_told_only_after_the_days_that_the_ladder_says(
    database_url: str, who: str, first: str
) -> None:
    # healthchecks#209
    async with sitting(database_url, laddered()) as one:
        await ticks(one, "2026-02-14", "2026-03-23")

        days = [day for day, recipient in asked(one) if recipient == who]
        assert days[0] == first


# --- noise ---


async def test_there_is_one_mail_a_day_at_the_hour_of_the_office(database_url: str) -> None:
    # novu#2628
    async with sitting(database_url, laddered()) as one:
        for minutes in range(0, 24 * 60, 20):
            await one.tick(f"2026-02-14T{minutes // 60:02}:{minutes % 60:02}")

        sent = [caught.headers["Date"] for caught in one.catcher.caught]
        assert sorted(one.recipients()) == [SUPPORT, LEAD]
        assert all("08:40" in moment for moment in sent)


async def test_one_mail_speaks_of_every_activity(database_url: str) -> None:
    # redmine_issue_reminder#20
    entry = document()["branches"][0]["years"][0]["activities"][0]
    two = [entry, {**entry, "activity": "世界粮食日"}]
    activities = [
        activity("shui", "世界水日", "3月22日"),
        activity("liang", "世界粮食日", "3月22日"),
    ]
    year = {"office": "ceshi", "year": 2026, "activities": two}
    changed = book(common={"activities": activities}, years=[year])
    async with sitting(database_url, changed) as one:
        await one.tick(NOTICED)

        (mail,) = [mail for mail in one.catcher.caught if mail.recipient == LEAD]
        assert "世界水日" in mail.part("plain")
        assert "世界粮食日" in mail.part("plain")


async def test_where_there_is_nothing_to_say_nothing_is_sent(database_url: str) -> None:
    # redmine_reminder#1
    async with sitting(database_url, laddered()) as one:
        await one.tick(NOTICED)
        for key in [item.assignment for item in items(await one.tick("2026-02-24T09:00"))]:
            one.act(key, Act.COMPLETE, "2026-02-24T10:00")
        one.act(PLAN, Act.COMPLETE, "2026-02-24T10:00")
        await ticks(one, "2026-02-25", "2026-03-16")

        assert sorted(recipient for _, recipient in asked(one)) == [SUPPORT, LEAD]


def test_the_shipped_ladder_urges_at_most_twice_in_two_weeks() -> None:
    # steedos/workflow#1785
    site = read_site(REPOSITORY)
    assert site.book
    desk = desks(site.book)[0]
    ladder = desk.ladder("standard")
    days = [
        day
        for label, day in islice(ladder.days(date(2026, 3, 6), desk.workdays), 14)
        if ladder.degree(label)
    ]

    fortnights = [sum(day <= other < day + timedelta(14) for other in days) for day in days]
    assert max(fortnights) <= 2


# --- people ---


async def test_who_left_or_whose_department_is_gone_gets_no_mail(database_url: str) -> None:
    # redmine_mail_reminder#14, openproject#15482
    people = [
        contact("市水利局", "old@shuili.ceshi.example", until="2026-01-31"),
        contact("市水利局", LIAISON, since="2026-02-01"),
        contact("市水利局", "gone@shuili.ceshi.example", "分管领导", until="2026-03-12"),
        contact("市水利局", LEADER, "分管领导", since="2026-03-13"),
    ]
    async with sitting(database_url, laddered(contacts=people)) as one:
        await ticks(one, "2026-02-14", "2026-03-23")

        assert {recipient for _, recipient in asked(one)} == {LIAISON, LEADER}


async def test_while_somebody_is_away_the_substitute_gets_his_mail(database_url: str) -> None:
    # documenso#3087
    people = [
        contact("市水利局", LIAISON, away=AWAY),
        contact("市水利局", SUBSTITUTE, "AB岗"),
    ]
    async with sitting(database_url, alone(contacts=people)) as one:
        await ticks(one, "2026-02-14", "2026-02-28")

        assert daily(one) == [("2026-02-14", SUBSTITUTE), ("2026-02-28", LIAISON)]


async def test_who_never_logs_in_reads_all_that_he_has_to_do_in_the_mail(database_url: str) -> None:
    # deck#1202
    async with sitting(database_url) as one:
        await one.tick(NOTICED)

        (mail,) = [mail for mail in one.catcher.caught if mail.recipient == LEAD]
        text = mail.part("plain")
        owed = ("方案报送", "3月6日", "活动开展", "3月22日", "总结报送", "4月7日", "回复本邮件")
        assert [word for word in owed if word not in text] == []
