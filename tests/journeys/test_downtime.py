"""Nothing ran for a minute, a night, three months: what comes afterwards is one mail each, and true."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from duban.assignment import Assignment
from duban.book import Book
from duban.completion import Act
from duban.desk import Desk
from duban.letter import Item, Kind, Letter
from duban.step import Answer
from flows import gate
from state import assignments
from tests.books import activity, book, contact
from tests.databases import sqlite_in
from tests.sitting import ZONE, Sitting, sitting

DOWN = datetime(2026, 3, 5, 8, 29)  # noqa: DTZ001 - the office's wall clock
"""A minute before the office's hour; the last tick was on the morning before."""
LENGTHS = {
    **{f"{n}min": timedelta(minutes=n) for n in (1, 5, 15, 30)},
    **{f"{n}h": timedelta(hours=n) for n in (1, 2, 4, 8, 11, 14, 20)},
    **{
        f"{n}d": timedelta(n)
        for n in (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 18, 21, 28, 35, 45, 60, 75, 90)
    },
}
MEMBERS = ("kexie", "keji", "shuili", "jiaoyu", "weijian")
COUNT = 72
"""Activities; each asks its lead for three things and two others for two each."""
STALE = 10
ASKING = (Kind.NOTICE, Kind.REMINDER, Kind.ESCALATION)
"""Working days, as the ladder `standard` has it."""
FOLLOWED = ("1min", "11h", "6d", "14d", "35d", "90d")
"""After these, ten working mornings are played; after the others the first one."""


def busy() -> Book:
    """An activity every four days of the year, each with seven items: 504 together."""
    days = [date(2026, 1, 20) + timedelta(4 * number) for number in range(COUNT)]
    activities = [
        activity(f"a{number}", f"第{number}项活动", f"{day.month}月{day.day}日")
        for number, day in enumerate(days)
    ]
    entries = []
    for number in range(COUNT):
        lead, *support = (MEMBERS[(number + place) % len(MEMBERS)] for place in range(3))
        entries.append({"activity": f"a{number}", "lead": lead, "support": support, "steps": "day"})
    steps = [
        {"id": "plan", "name": "方案报送", "due": "开始前15天", "who": "牵头"},
        {"id": "event", "name": "活动开展", "due": "开始当天", "answer": "知悉"},
        {"id": "summary", "name": "总结报送", "due": "结束后16天"},
    ]
    return book(
        common={
            "activities": activities,
            "sets": [{"id": "day", "name": "主题日", "notice": "开始前30天", "steps": steps}],
        },
        departments=[{"id": one, "name": f"测试市{one}局", "short": one} for one in MEMBERS],
        contacts=[
            *(contact(one, f"liaison@{one}.ceshi.example") for one in MEMBERS),
            contact(None, "boss@kx.ceshi.example", "管理者"),
        ],
        years=[{"office": "ceshi", "year": 2026, "activities": entries}],
    )


RECIPIENTS = len(MEMBERS) + 1


@dataclass
class Before:
    """The database as the outage found it, and all that was said until then."""

    folder: Path
    letters: list[Letter] = field(default_factory=list)
    played: dict[str, "After"] = field(default_factory=dict)


@dataclass
class After:
    """What came in the mornings after the outage."""

    desk: Desk
    open: list[Assignment]
    """As they stood during the outage."""
    earlier: list[Letter]
    back: datetime
    letters: list[Letter] = field(default_factory=list)
    caught: Counter[tuple[date, str]] = field(default_factory=Counter)
    storm: list[int] = field(default_factory=list)
    """How many mails had come after each of the first ten ticks."""
    mornings: list[date] = field(default_factory=list)

    def items(self, *kinds: Kind) -> Iterator[tuple[date, Item]]:
        for letter in self.letters:
            for section in letter.sections:
                if section.kind in kinds:
                    yield from ((letter.day, item) for item in section.items)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Before:
    made = Before(tmp_path_factory.mktemp("before"))

    async def play() -> None:
        async with sitting(sqlite_in(made.folder), busy()) as one:
            hurry(one)
            for day in ("2026-02-24", "2026-02-25", "2026-02-26", "2026-03-03", "2026-03-04"):
                ticked = await one.tick(f"{day}T09:00")
                made.letters += ticked.written[0].letters
            told = [item for item in stand(one) if item.told and item.row % 3 == 0]
            for item in told:
                one.act(item.key, Act.REPORT, "2026-03-04T15:00")

    asyncio.run(play())
    return made


@pytest.fixture(params=LENGTHS)
def after(
    before: Before, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> After:
    """Played once for each length and shared by the tests."""
    length = request.param
    if length not in before.played:
        folder = tmp_path_factory.mktemp("after")
        shutil.copy(before.folder / "duban.db", folder)
        mornings = 10 if length in FOLLOWED else 1
        before.played[length] = asyncio.run(
            resume(before, folder, DOWN + LENGTHS[length], mornings)
        )
    return before.played[length]


async def resume(before: Before, folder: Path, back: datetime, mornings: int) -> After:
    """Ten ticks as soon as the machine is back, then one each morning."""
    async with sitting(sqlite_in(folder), busy()) as one:
        gate.confirm(one.site, at=back.replace(tzinfo=ZONE), by="王主任")
        hurry(one)
        desk, _ = one.site.desk("ceshi")
        played = After(desk, stand(one), before.letters, back)
        for number in range(10):
            await tick(one, played, back + timedelta(minutes=number))
            played.storm.append(played.caught.total())
        day = back.date()
        if not played.mornings:
            day = desk.workdays.after(day) if back.hour < 9 else desk.workdays.next(day)
            await tick(one, played, nine(day))
        while len(played.mornings) < mornings:
            day = desk.workdays.next(day)
            await tick(one, played, nine(day))
    return played


async def tick(one: Sitting, played: After, when: datetime) -> None:
    one.catcher.caught.clear()
    ticked = await one.tick(when.isoformat())
    played.letters += ticked.written[0].letters
    played.caught.update((when.date(), caught.recipient) for caught in one.catcher.caught)
    office = played.desk.office
    open = office.hour <= when.time() < office.closes
    if open and played.desk.workdays.working(when.date()) and when.date() not in played.mornings:
        played.mornings.append(when.date())


def nine(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9)  # noqa: DTZ001


def stand(one: Sitting) -> list[Assignment]:
    with one.site.database.reading() as connection:
        return assignments.all_of(connection, "ceshi")


def hurry(one: Sitting) -> None:
    """The test's commits need not wait for the disk."""
    engine = one.site.database.engine
    event.listen(engine, "connect", lambda made, _: made.execute("PRAGMA synchronous=OFF"))
    engine.dispose()


# --- what has to hold after every outage ---


def test_ten_ticks_right_after_send_no_more_than_one(after: After) -> None:
    first = next((count for count in after.storm if count), 0)

    assert set(after.storm) <= {0, first}
    assert first <= RECIPIENTS
    assert not first or after.back.date() in after.mornings


def test_nobody_gets_two_mails_on_one_morning(after: After) -> None:
    assert max(after.caught.values()) == 1
    assert after.caught.total() <= RECIPIENTS * len(after.mornings)
    assert {day for day, _ in after.caught} <= set(after.mornings)


def test_nothing_is_said_of_an_event_that_is_past(after: After) -> None:
    known = [(day, i.due) for day, i in after.items(*Kind) if i.answer is Answer.KNOW]

    assert all(due >= day for day, due in known)


def test_no_first_notice_comes_later_than_the_ladder_allows(after: After) -> None:
    workdays = after.desk.workdays
    late = [workdays.between(i.due, day) for day, i in after.items(Kind.NOTICE)]

    assert max(late, default=0) <= STALE


def test_no_stage_is_said_twice(after: After) -> None:
    said = Counter(
        (item.assignment, item.version, item.stage)
        for letter in (*after.earlier, *after.letters)
        for section in letter.sections
        if section.kind is not Kind.DIGEST
        for item in section.items
    )

    assert set(said.values()) == {1}


def test_what_was_reported_before_is_not_chased(after: After) -> None:
    quiet = {item.key for item in after.open if not item.state.chased}

    assert quiet
    assert not quiet & {item.assignment for _, item in after.items(*Kind)}


def test_what_fell_into_the_outage_is_said_on_the_first_morning(after: After) -> None:
    first = after.mornings[0]
    said = {item.assignment for day, item in after.items(*ASKING) if day == first}

    missing = [item.key for item in after.open if owed(after.desk, item, first)]

    assert len(missing) > 3 or after.back.date() == DOWN.date()
    assert said == set(missing)


@pytest.mark.parametrize("after", FOLLOWED, indirect=True)
def test_every_open_item_that_is_due_is_mentioned_within_ten_working_days(after: After) -> None:
    first = after.mornings[0]
    said = {item.assignment for _, item in after.items(*ASKING)}

    late = {
        item.key
        for item in after.open
        if item.state.chased
        and item.asked.answer is Answer.REPORT
        and item.target
        and item.target <= first
        and (item.told or after.desk.workdays.between(item.target, first) <= STALE)
    }

    assert late
    assert late <= said


def owed(desk: Desk, item: Assignment, first: date) -> bool:
    """Whether something of it fell due by `first`, was not said, and is still of use."""
    if not item.state.chased or item.target is None or item.asked.notice_on is None:
        return False
    late = desk.workdays.between(item.target, first)
    if item.target < first and item.asked.answer is Answer.KNOW:
        return False
    if item.told is None:
        return item.asked.notice_on <= first and late <= STALE
    told_late = max(item.target, item.rearmed or item.target)
    for _, day in desk.ladder(item.asked.ladder).days(told_late, desk.workdays):
        if day > first:
            return False
        fresh = desk.workdays.between(day, first) <= STALE
        if item.stage_on and day > item.stage_on and fresh:
            return True
    return False
