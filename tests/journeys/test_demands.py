"""What users of such systems reported, each line once: the report's number and the behaviour here."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from adapters.post import Server
from duban.assignment import Assignment
from duban.book import Book
from duban.completion import Act
from duban.ladder import CHANGE, NOTICE
from duban.letter import REPORTS, Item
from duban.stages import scheduled
from flows import gate
from flows.outlook import outlook
from flows.tick import Ticked
from state import assignments
from tests.books import activity, book, contact, document, opened
from tests.sitting import Sitting, at, sitting

NOTICED = "2026-02-14T09:00"
"""The morning of the notice of 世界水日: a Saturday that is worked."""
LEAD, SUPPORT = "liaison@shuili.ceshi.example", "liaison@kexie.ceshi.example"
BOSS = "boss@kx.ceshi.example"
PLAN = "ceshi/shui/2026/plan/shuili"
"""Due on Friday 6 March."""
EVENT = "ceshi/shui/2026/event/shuili"
"""On Sunday 22 March."""
NOBODY = Server(host="127.0.0.1", port=1, tls="none")
FOREVER = {"id": "kejizhou", "name": "科技活动周", "rules": [{"rule": "每年公布"}]}


def moved(day: str) -> Book:
    return book(common={"activities": [activity("shui", "世界水日", day), FOREVER]})


def said(ticked: Ticked, about: str = PLAN) -> list[str]:
    return [item.stage for item in items(ticked) if item.assignment == about]


def items(ticked: Ticked) -> list[Item]:
    """What somebody was asked for; reports of it left out."""
    sections = [x for one in ticked.written for letter in one.letters for x in letter.sections]
    return [item for section in sections if section.kind not in REPORTS for item in section.items]


def find(one: Sitting, key: str = PLAN) -> Assignment:
    with one.site.database.reading() as connection:
        return assignments.find(connection, key)


async def ticks(one: Sitting, first: str, last: str) -> dict[date, Ticked]:
    """One tick at nine each day, days off too."""
    found, day = {}, date.fromisoformat(first)
    while day <= date.fromisoformat(last):
        found[day] = await one.tick(f"{day}T09:00")
        day += timedelta(1)
    return found


def asked(one: Sitting) -> list[tuple[str, str]]:
    """Day and recipient of every mail that asks for something, in whole or in part."""
    kinds = [caught.headers["X-Duban-Kind"] for caught in one.catcher.caught]
    return [known for known, kind in zip(daily(one), kinds, strict=True) if kind not in REPORTS]


def daily(one: Sitting) -> list[tuple[str, str]]:
    """Day and recipient of every mail that came."""
    days = [
        datetime.strptime(c.headers["Date"], "%a, %d %b %Y %H:%M:%S %z") for c in one.catcher.caught
    ]
    return [(f"{day:%Y-%m-%d}", who) for day, who in zip(days, one.recipients(), strict=True)]


# --- duplicates ---


async def test_what_is_overdue_is_said_once_a_morning_and_not_every_day(database_url: str) -> None:
    # vikunja#2729
    async with sitting(database_url) as one:
        await one.tick(NOTICED)
        stages = []
        for day in ("09", "10", "11", "12", "13"):
            for time in ("09:00", "09:05", "14:00"):
                stages += said(await one.tick(f"2026-03-{day}T{time}"))

        assert stages == ["after1", "after5"]
        assert max(Counter(daily(one)).values()) == 1


async def test_two_timetables_that_wake_the_same_tick_send_one_mail(database_url: str) -> None:
    # moodle-local_reminders#91
    async with sitting(database_url) as one:
        await one.tick(NOTICED)
        await one.tick("2026-02-14T09:05")

        assert sorted(one.recipients()) == [SUPPORT, LEAD]


async def test_one_person_with_two_roles_gets_one_mail(database_url: str) -> None:
    # moodle-local_reminders#149
    people = [contact("市水利局", LEAD), contact("市科协", LEAD), contact(None, LEAD, "管理者")]
    async with sitting(database_url, book(contacts=people)) as one:
        await one.tick(NOTICED)
        monday = await one.tick("2026-03-09T09:00")

        assert [len(x.sections) for x in monday.written[0].letters] == [2]
        assert daily(one) == [("2026-02-14", LEAD), ("2026-03-09", LEAD)]


async def test_thirty_missed_repeats_make_one_mail(database_url: str) -> None:
    # moodle-local_reminders#184
    async with sitting(database_url) as one:
        await one.tick(NOTICED)
        late = await one.tick("2026-10-21T09:00")

        label, _, number = said(late)[0].rpartition("-")
        assert (label, int(number) > 29) == ("after5", True)
        assert one.recipients()[2:].count(LEAD) == 1


async def test_ten_workers_at_once_send_one_mail(database_url: str) -> None:
    # apscheduler#655, lokole#1
    async with sitting(database_url) as one:
        await asyncio.gather(*(one.tick(NOTICED) for _ in range(10)))

        assert sorted(one.recipients()) == [SUPPORT, LEAD]


async def test_the_digest_of_a_week_is_sent_once_however_often_it_is_run(database_url: str) -> None:
    # zulip#549
    async with sitting(database_url) as one:
        await one.tick(NOTICED)
        for when in ("2026-03-09T09:00", "2026-03-09T15:00", "2026-03-10T09:00"):
            await one.tick(when)

        assert one.recipients().count(BOSS) == 1


async def test_with_many_recipients_everybody_gets_exactly_one(database_url: str) -> None:
    # listmonk#2313
    names = [f"d{number}" for number in range(40)]
    entry = {"activity": "世界水日", "lead": "d0", "support": names[1:], "steps": "day"}
    crowd = book(
        departments=[{"id": name, "name": f"测试市{name}局", "short": name} for name in names],
        contacts=[contact(name, f"a@{name}.ceshi.example") for name in names],
        years=[{"office": "ceshi", "year": 2026, "activities": [entry]}],
    )
    async with sitting(database_url, crowd) as one:
        await asyncio.gather(*(one.tick(NOTICED) for _ in range(3)))

        assert sorted(one.recipients()) == sorted(f"a@{name}.ceshi.example" for name in names)


# --- storms ---


async def test_a_restart_months_later_sends_one_mail_each_and_nothing_old(
    database_url: str,
) -> None:
    # bcgov/entity#2253
    async with sitting(database_url) as one:
        back = await one.tick("2026-06-01T09:00")
        await one.tick("2026-06-01T09:05")

        assert items(back) == []
        assert one.recipients() == []


async def test_a_repaired_mail_server_releases_no_stale_mail(database_url: str) -> None:
    # be-BOP#2728
    async with sitting(database_url) as one:
        good, one.site.server = one.site.server, NOBODY
        await ticks(one, "2026-02-14", "2026-03-12")
        one.site.server = good
        await one.tick("2026-03-13T09:00")

        assert {day for day, _ in daily(one)} == {"2026-03-13"}
        assert max(Counter(one.recipients()).values()) == 1


async def test_late_runs_that_all_start_at_once_do_the_work_of_one(database_url: str) -> None:
    # prefect#15886, prefect#17575
    async with sitting(database_url) as one:
        missed = (f"2026-03-0{day}T09:{minute}" for day in (2, 3, 4, 5) for minute in ("00", "05"))
        await asyncio.gather(one.tick("2026-03-06T09:00"), *(one.tick(when) for when in missed))

        assert max(Counter(one.recipients()).values()) == 1


async def test_a_copy_of_the_database_sends_nothing_a_second_time(
    database_url: str, copied: Callable[[str], str]
) -> None:
    # bikebrigade#52
    async with sitting(database_url) as one:
        await one.tick(NOTICED)
    async with sitting(copied(database_url)) as copy:
        await copy.tick("2026-02-14T10:00")
        later = await copy.tick("2026-02-28T09:00")

        assert copy.recipients() == []
        assert "复制来的" in later.delivered.closed
        gate.confirm(copy.site, at=at("2026-02-28T09:01"), by="王主任")
        await copy.tick("2026-02-28T09:05")
        assert copy.recipients() == [LEAD]


# --- silence ---


async def test_a_weekly_series_goes_on_after_new_year(database_url: str) -> None:
    # ciso-assistant#3134
    async with sitting(database_url) as one:
        await one.tick(NOTICED)
        await one.tick("2026-12-28T09:00")
        found = await ticks(one, "2026-12-29", "2027-01-19")

        turns = [day for day, ticked in found.items() if said(ticked)]
        mondays = [day for day, who in daily(one) if who == BOSS and day > "2027-01-01"]
        assert [f"{day}" for day in turns] == ["2027-01-05", "2027-01-12", "2027-01-19"]
        assert mondays == ["2027-01-04", "2027-01-11", "2027-01-18"]


async def test_after_a_return_the_reminders_go_on(database_url: str) -> None:
    # ruoyi-vue-pro#1018
    async with sitting(database_url) as one:
        await one.tick(NOTICED)
        one.act(PLAN, Act.REPORT, "2026-02-25T15:00")
        quiet = await one.tick("2026-02-28T09:00")
        one.act(PLAN, Act.RETURN, "2026-03-02T15:00")

        assert said(quiet) == []
        assert said(await one.tick("2026-03-06T09:00")) == ["due"]
        assert said(await one.tick("2026-03-09T09:00")) == ["after1"]


async def test_a_changed_due_date_is_reminded_again(database_url: str) -> None:
    # nextcloud/deck#2239
    async with sitting(database_url) as one:
        await one.tick(NOTICED)
        first = await one.tick("2026-02-28T09:00")
        one.apply(moved("4月22日"), "2026-03-02T15:00")
        await one.tick("2026-03-03T09:00")
        second = await one.tick("2026-03-30T09:00")

        assert said(first) == said(second) == ["before5"]


async def test_a_postponed_event_is_announced_again_before_its_new_day(database_url: str) -> None:
    # odoo#199588
    async with sitting(database_url) as one:
        await one.tick(NOTICED)
        first = await one.tick("2026-03-17T09:00")
        one.apply(moved("4月22日"), "2026-03-18T15:00")
        change = await one.tick("2026-03-19T09:00")
        second = await one.tick("2026-04-17T09:00")

        assert said(first, EVENT) == said(second, EVENT) == ["before3"]
        assert said(change, EVENT) == [CHANGE]


async def test_each_phase_of_one_activity_is_reminded_for_itself(database_url: str) -> None:
    # pkp-lib#6904, pkp-lib#7715
    async with sitting(database_url) as one:
        await one.tick(NOTICED)
        found = await ticks(one, "2026-02-24", "2026-04-10")

        for step, stage in (("plan", "due"), ("event", "before3"), ("summary", "due")):
            about = f"ceshi/shui/2026/{step}/shuili"
            assert [x for t in found.values() for x in said(t, about)].count(stage) == 1


async def test_stages_after_the_due_date_are_said(database_url: str) -> None:
    # frappe#22557
    async with sitting(database_url) as one:
        await one.tick(NOTICED)
        found = await ticks(one, "2026-03-07", "2026-03-20")

        spoken = {f"{day:%m-%d}": said(ticked) for day, ticked in found.items() if said(ticked)}
        assert spoken == {"03-09": ["after1"], "03-13": ["after5"], "03-20": ["after5-2"]}


@pytest.mark.parametrize("back", ["2026-03-09", "2026-03-10", "2026-03-11", "2026-03-12"])
async def test_a_day_that_the_machine_was_down_is_made_up_for(database_url: str, back: str) -> None:
    # a test for date equality loses it
    async with sitting(database_url) as one:
        await one.tick(NOTICED)
        await one.tick("2026-03-06T09:00")

        assert said(await one.tick(f"{back}T09:00")) == ["after1"]


# --- stale dates ---


async def test_after_a_change_nobody_reads_the_old_date_as_if_it_held(database_url: str) -> None:
    # calcom#13238, OneUptime#2018
    async with sitting(database_url) as one:
        await one.tick(NOTICED)
        one.apply(moved("4月22日"), "2026-02-25T15:00")
        found = await ticks(one, "2026-02-26", "2026-05-20")

        later = [item for ticked in found.values() for item in items(ticked)]
        assert {item.due for item in later if item.assignment == PLAN} == {date(2026, 4, 7)}
        mails = [mail for mail in one.catcher.caught if "3月22日" in mail.part("plain")]
        assert [mail.headers["X-Duban-Kind"] for mail in mails] == ["notice"] * 2 + ["change"] * 2
        assert all("作废" in mail.part("plain") for mail in mails[2:])


@pytest.mark.parametrize("done", [Act.COMPLETE, Act.REPORT, Act.EXEMPT])
async def test_what_was_done_early_is_not_reminded(database_url: str, done: Act) -> None:
    # OneUptime#2150
    async with sitting(database_url) as one:
        await one.tick(NOTICED)
        one.act(PLAN, done, "2026-02-25T15:00")
        found = await ticks(one, "2026-02-26", "2026-03-31")

        assert [stage for ticked in found.values() for stage in said(ticked)] == []


async def test_an_event_that_is_past_is_not_mentioned(database_url: str) -> None:
    # indico#4893
    async with sitting(database_url) as one:
        await one.tick(NOTICED)
        late = await one.tick("2026-03-23T09:00")

        assert items(late) != []
        assert said(late, EVENT) == []


async def test_a_granted_extension_moves_the_reminders(database_url: str) -> None:
    # moodle-local_reminders#134
    async with sitting(database_url) as one:
        await one.tick(NOTICED)
        before, (desk, _) = find(one), one.site.desk("ceshi")
        granted = replace(before, extended=date(2026, 3, 20), version=before.version + 1)
        with one.site.database.writing() as connection:
            assignments.change(connection, (before, scheduled(desk, granted)))
        found = await ticks(one, "2026-02-24", "2026-03-23")

        spoken = {f"{day:%m-%d}": said(ticked) for day, ticked in found.items() if said(ticked)}
        assert spoken == {
            "02-24": [CHANGE],
            "03-13": ["before5"],
            "03-20": ["due"],
            "03-23": ["after1"],
        }


# --- working days ---


async def test_a_weekend_spends_no_step_of_the_ladder(database_url: str) -> None:
    # probo#1591
    async with sitting(database_url) as one:
        await one.tick(NOTICED)
        friday = await one.tick("2026-03-06T09:00")
        weekend = [await one.tick(f"2026-03-0{day}T09:00") for day in (7, 8)]
        monday = await one.tick("2026-03-09T09:00")

        assert [said(ticked) for ticked in weekend] == [[], []]
        assert (said(friday), said(monday)) == (["due"], ["after1"])


async def test_nobody_is_nagged_on_a_closed_day(database_url: str) -> None:
    # glpi#15569, glpi#18703
    async with sitting(database_url) as one:
        await ticks(one, "2026-02-14", "2026-04-20")
        desk, _ = one.site.desk("ceshi")

        mailed = {date.fromisoformat(day) for day, _ in daily(one)}
        assert mailed
        assert [day for day in mailed if not desk.workdays.working(day)] == []


async def test_overdue_is_counted_by_the_holiday_table(database_url: str) -> None:
    # steedos#601: over the Spring Festival, 14 February to 28 February, only five days are worked
    async with sitting(database_url, moved("3月1日")) as one:
        found = await ticks(one, "2026-01-30", "2026-03-03")

        spoken = {f"{day:%m-%d}": said(ticked) for day, ticked in found.items() if said(ticked)}
        assert spoken == {
            "01-30": [NOTICE],
            "02-09": ["before5"],
            "02-14": ["due"],
            "02-24": ["after1"],
            "02-28": ["after5"],
        }


@pytest.mark.parametrize(
    ("shift", "due"), [("提前", "2026-03-20"), ("顺延", "2026-03-23"), ("不变", "2026-03-22")]
)
def test_each_step_says_whether_a_day_off_moves_it_forward_or_back(shift: str, due: str) -> None:
    # taskwarrior#1829
    step = {"id": "plan", "name": "方案报送", "due": "开始当天", "shift": shift, "who": "牵头"}
    made = book(common={"sets": [{"id": "day", "name": "主题日", "steps": [step]}]})

    _, _, found = opened(made)

    assert next(str(item.target) for item in found if item.key == PLAN) == due


@pytest.mark.parametrize("hour", ["00:00", "00:05", "08:29", "19:00", "23:59"])
async def test_no_mail_at_midnight(database_url: str, hour: str) -> None:
    # frappe_whatsapp#235
    async with sitting(database_url) as one:
        await one.tick(f"2026-02-25T{hour}")
        night = one.recipients()
        await one.tick("2026-02-26T08:30")

        assert night == []
        assert sorted(one.recipients()) == [SUPPORT, LEAD]


async def test_without_next_years_notice_everything_works_and_the_office_is_asked_for_it(
    database_url: str,
) -> None:
    # chinese-calendar#94, chinese-calendar#97
    people = [
        *document()["branches"][0]["contacts"],
        contact(None, "li@kx.ceshi.example", "经办人"),
    ]
    year = document()["branches"][0]["years"][0]
    years = [year, {**year, "year": 2027}]
    async with sitting(database_url, book(contacts=people, years=years)) as one:
        asked = await one.tick("2026-10-26T09:00")
        told = await one.tick("2027-02-19T09:00")

        assert "ceshi/workdays.date/2027/confirm/@office" in {i.assignment for i in items(asked)}
        assert said(told, "ceshi/shui/2027/plan/shuili") == [NOTICE]


# --- preview ---


async def test_the_preview_of_a_later_day_is_what_is_sent_then(database_url: str) -> None:
    # connect#1747
    async with sitting(database_url) as one:
        await one.tick(NOTICED)
        desk, agenda = one.site.desk("ceshi")
        day = date(2026, 3, 6)
        foreseen = [line.recipient for line in outlook(one.site, desk, agenda, day, day)]
        await one.tick(f"{day}T09:00")

        assert foreseen == one.recipients()[2:] == [LEAD]
