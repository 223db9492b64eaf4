"""2019 to 2025 as they really were: every date and holiday notice enters on the day of its publication,
a tick runs every day, and nobody hears of a day before it was public."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from adapters.catcher import Caught
from app.rehearsal.temper import Plan, answers
from duban.activity import Activity, DatedRule
from duban.announcement import Announcement
from duban.book import Book, Branch
from duban.completion import Act, IllegalMove, State
from duban.ladder import Ladder
from duban.letter import Item, Kind, Letter
from duban.rule import Span
from duban.step import Answer
from duban.workdays import WorkCalendar, WorkYear
from flows.outlook import Line, outlook
from state import assignments
from tests.books import contact, document
from tests.databases import sqlite_in
from tests.sitting import ZONE, Sitting, sitting

FIRST, LAST = date(2019, 1, 1), date(2025, 12, 31)
YEARS = range(2019, 2026)
RAN = {
    "kepuri": ("市科协", "campaign"),
    "kejizhou": ("市科技局", "campaign"),
    "gongzhong": ("市科技局", "day"),
    "shuangchuang": ("市科协", "week"),
    "jieneng": ("市科协", "week"),
    "ditan": ("市科协", "day"),
    "yingyang": ("市卫生健康委", "week"),
    "laonian": ("市卫生健康委", "week"),
    "shipin": ("市卫生健康委", "week"),
    "yongyao": ("市卫生健康委", "week"),
    "bantu": ("市科协", "week"),
    "zhibohui": ("市科技局", "week"),
}
"""Who leads each activity in this office, and by which steps."""
MEMBERS = {"kexie": "市科协", "keji": "市科技局", "weijian": "市卫生健康委"}
PARTNER = {"市科协": "市科技局", "市科技局": "市卫生健康委", "市卫生健康委": "市科协"}
"""Who supports whom."""
LADDERS = document()["common"]["ladders"]
LADDERS[0]["stages"][2:] = [
    {"id": "late", "name": "逾期催办", "when": "逾期5个工作日起每10个工作日"}
]
SEED = 10
"""With it 市科技局 answers late, 市科协 forgets, 市发展改革委 is diligent, 市卫生健康委 never answers."""
SECRETARY, MANAGER = "clerk@kx.ceshi.example", "boss@kx.ceshi.example"

UNKNOWN_DAY = timedelta(30)
"""The files do not tell on which day most dates were made public. Those enter so long before the start;
what one source says of one year enters on one day."""
LATE = {("laonian", 2023): date(2023, 7, 27)}
"""安徽 passed the national notice on three days after the week had begun; this office does too."""
OLD_MAY = Announcement(
    activity="kejizhou",
    year=2020,
    start=date(2020, 5, 16),
    end=date(2020, 5, 22),
    source="国务院2001年批复：每年5月第三周",
    recorded_at=datetime(2020, 3, 16, 7, tzinfo=ZONE),
    recorded_by="李干事",
)
"""The week that 2020 would have had; its move to August enters `UNKNOWN_DAY` before August."""
LAW = date(2024, 12, 25)
"""科学技术普及法 as revised: every September is 全国科普月."""
FROM_DECEMBER = (12, 15)
"""From here on the office has the next year's plan."""
LET_OFF = [(month, 10) for month in (2, 4, 5, 6, 7, 8, 9, 10)]
"""On these days the secretariat lets off reports that are `PATIENCE` behind, but not what sums up
the week of 2020, which waits for its new date."""
PATIENCE = timedelta(20)


# --- what was public on which day ---


def announcements(activities: dict[str, Activity]) -> list[Announcement]:
    """The known dates of those years as records, each of its real day."""
    found = [OLD_MAY]
    said: dict[tuple[str | None, int], date] = {}
    dated = [(id, known) for id in RAN for known in activities[id].dates if known.year in YEARS]
    for id, known in sorted(dated, key=lambda pair: pair[1].start):
        day = LATE.get((id, known.year)) or known.announced or known.start - UNKNOWN_DAY
        day = said.setdefault((known.source, known.year), day)
        found.append(
            Announcement(
                activity=id,
                year=known.year,
                start=known.start,
                end=known.end,
                announced=day,
                source=known.source or "",
                recorded_at=datetime.combine(day, time(7), ZONE),
                recorded_by="李干事",
            )
        )
    return sorted(found, key=lambda one: one.recorded_at)


def recorded(one: Announcement) -> date:
    return one.recorded_at.date()


@dataclass
class World:
    """The repository's own calendar and working days, and what of them was public on a day."""

    real: Book
    records: list[Announcement]

    @property
    def days(self) -> set[date]:
        """On which something became public, or the office's plan grew by a year."""
        notices = {year.published for year in self.real.common.workdays if year.published}
        amended = {one.published for year in self.real.common.workdays for one in year.amendments}
        plans = {date(year, *FROM_DECEMBER) for year in YEARS}
        return {recorded(one) for one in self.records} | notices | amended | plans | {LAW}

    def book(self, day: date) -> Book:
        common = self.real.common.model_copy(
            update={
                "activities": tuple(self._activity(id, day) for id in RAN),
                "workdays": tuple(self._workdays(day)),
                "ladders": tuple(Ladder.model_validate(one) for one in LADDERS),
                "announcements": tuple(one for one in self.records if recorded(one) <= day),
            }
        )
        return Book(common=common, branches=(_branch(day),))

    def _activity(self, id: str, day: date) -> Activity:
        known = next(one for one in self.real.common.activities if one.id == id)
        rules: tuple[DatedRule, ...] = known.rules
        if id == "kepuri" and day < LAW:
            rules = tuple(
                rule.model_copy(update={"until": None}) if rule.until == 2024 else rule
                for rule in rules
                if rule.since != 2025
            )
        return known.model_copy(update={"dates": (), "rules": rules})

    def _workdays(self, day: date) -> Iterator[WorkYear]:
        for year in self.real.common.workdays:
            if year.published and year.published <= day:
                amended = tuple(one for one in year.amendments if one.published <= day)
                yield year.model_copy(update={"amendments": amended})

    def working(self, day: date) -> bool:
        return WorkCalendar(self.real.common.workdays, day).working(day)

    def public(self, activity: str, year: int, day: date) -> Span | None:
        """The days of an activity as everybody could know them on the morning of `day`."""
        said = [
            one
            for one in self.records
            if (one.activity, one.year) == (activity, year) and recorded(one) <= day
        ]
        if said and said[-1].start:
            return Span(said[-1].start, said[-1].end)
        if activity == "ditan" and (week := self.public("jieneng", year, day)):
            third = week.start + timedelta(2)
            return Span(third, third)
        if activity == "kepuri" and year == 2025 and day >= LAW:
            return Span(date(2025, 9, 1), date(2025, 9, 30))
        return None


def _branch(day: date) -> Branch:
    plain = document()["branches"][0]
    last = day.year + ((day.month, day.day) >= FROM_DECEMBER)
    plain["office"]["since"] = FIRST
    plain["departments"] = [
        {"id": id, "name": f"测试{short}", "short": short} for id, short in MEMBERS.items()
    ]
    plain["contacts"] = [contact(short, address(id)) for id, short in MEMBERS.items()] + [
        contact(None, SECRETARY, "经办人"),
        contact(None, MANAGER, "管理者", since="2023-01-01"),
    ]
    plain["years"] = [
        {"office": "ceshi", "year": year, "activities": [_entry(id) for id in RAN]}
        for year in range(FIRST.year, min(last, LAST.year) + 1)
    ]
    return Branch.model_validate(plain)


def _entry(id: str) -> dict[str, object]:
    lead, steps = RAN[id]
    return {"activity": id, "lead": [lead], "support": [PARTNER[lead]], "steps": steps}


def address(department: str) -> str:
    return f"liaison@{department}.ceshi.example"


# --- seven years ---


@dataclass
class Replay:
    world: World
    letters: list[Letter] = field(default_factory=list)
    caught: dict[date, list[Caught]] = field(default_factory=dict)
    before_the_virus: list[Line] = field(default_factory=list)
    """What was foreseen for 31 January 2020 on the last morning before the holiday."""
    dropped: set[str] = field(default_factory=set)
    states: dict[str, State] = field(default_factory=dict)

    def items(self, *kinds: Kind) -> Iterator[tuple[Letter, Item]]:
        for letter in self.letters:
            for section in letter.sections:
                if section.kind in (kinds or Kind):
                    yield from ((letter, item) for item in section.items)

    def about(self, activity: str, year: int, *kinds: Kind) -> Iterator[tuple[Letter, Item]]:
        for letter, item in self.items(*kinds):
            if (item.occasion.id, item.occasion.year) == (activity, year):
                yield letter, item


async def play(world: World, folder: Path) -> Replay:
    played = Replay(world)
    plans: dict[date, list[Plan]] = defaultdict(list)
    changes = world.days
    async with sitting(sqlite_in(folder), world.book(FIRST)) as one:
        hurry(one)
        for day in _days():
            if day in changes:
                one.apply(world.book(day), f"{day}T07:30")
            if day == date(2020, 1, 23):
                played.before_the_virus = foresee(one, date(2020, 1, 31))
            await _morning(played, one, day, plans)
            _afternoon(one, day, plans.pop(day, []))
        with one.site.database.reading() as connection:
            played.states = {
                item.key: item.state for item in assignments.all_of(connection, "ceshi")
            }
    return played


async def _morning(played: Replay, one: Sitting, day: date, plans: dict[date, list[Plan]]) -> None:
    one.catcher.caught.clear()
    ticked = await one.tick(f"{day}T09:00")
    played.caught[day] = list(one.catcher.caught)
    desk, _ = one.site.desk("ceshi")
    for written in ticked.written:
        played.letters += written.letters
        played.dropped |= {about for about, why in written.unsent if "已经过去" in why}
        for letter in written.letters:
            for section in letter.sections:
                for item in section.items if section.kind is Kind.NOTICE else ():
                    for plan in answers(SEED, item, "ceshi", day, desk.workdays):
                        plans[plan.day].append(plan)


def _afternoon(one: Sitting, day: date, plans: list[Plan]) -> None:
    for plan in plans:
        act(one, plan.key, plan.act, day)
    if (day.month, day.day) in LET_OFF:
        with one.site.database.reading() as connection:
            every = assignments.all_of(connection, "ceshi")
        for item in every:
            report = item.asked.answer is Answer.REPORT and item.state.open
            waits = item.key.startswith("ceshi/kejizhou/2020/summary/") and day.year == 2020
            if report and not waits and item.target and item.target + PATIENCE < day:
                act(one, item.key, Act.EXEMPT, day)


def act(one: Sitting, key: str, doing: Act, day: date) -> None:
    try:
        one.act(key, doing, f"{day}T15:00")
    except IllegalMove:
        """Somebody was quicker."""


def hurry(one: Sitting) -> None:
    """Seven years of commits need not wait for the disk."""
    engine = one.site.database.engine
    event.listen(engine, "connect", lambda made, _: made.execute("PRAGMA synchronous=OFF"))
    engine.dispose()


def foresee(one: Sitting, day: date) -> list[Line]:
    desk, agenda = one.site.desk("ceshi")
    return outlook(one.site, desk, agenda, day, day)


def _days() -> Iterator[date]:
    return (FIRST + timedelta(number) for number in range((LAST - FIRST).days + 1))


@pytest.fixture(scope="module")
def world(real_book: Book) -> World:
    activities = {one.id: one for one in real_book.common.activities}
    return World(real_book, announcements(activities))


@pytest.fixture(scope="module")
def replay(world: World, tmp_path_factory: pytest.TempPathFactory) -> Replay:
    return asyncio.run(play(world, tmp_path_factory.mktemp("replay")))


# --- what has to hold ---


@pytest.mark.parametrize("year", YEARS)
def test_no_department_is_told_a_day_that_was_not_public_that_morning(
    replay: Replay, year: int
) -> None:
    said = [
        (letter, item)
        for letter, item in replay.items(Kind.NOTICE, Kind.CHANGE, Kind.REMINDER, Kind.DIGEST)
        if letter.day.year == year
    ]

    assert len(said) > 30
    for letter, item in said:
        public = replay.world.public(item.occasion.id, item.occasion.year, letter.day)
        assert public is not None
        assert item.occasion.span == public, (letter.day, item.assignment)


@pytest.mark.parametrize("year", YEARS)
def test_no_mail_on_a_day_off_by_what_was_published_then(replay: Replay, year: int) -> None:
    mailed = {day for day, caught in replay.caught.items() if caught and day.year == year}

    assert len(mailed) > 30
    assert [day for day in sorted(mailed) if not replay.world.working(day)] == []


@pytest.mark.parametrize("year", YEARS)
def test_everybody_is_notified_of_every_announced_activity_exactly_once(
    replay: Replay, year: int
) -> None:
    for id, (lead, _) in RAN.items():
        days = replay.world.public(id, year, LAST)
        noticed: dict[str, set[date]] = defaultdict(set)
        times: Counter[str] = Counter()
        for letter, item in replay.about(id, year, Kind.NOTICE):
            noticed[item.department].add(letter.day)
            times[item.assignment] += 1

        asked = {lead} if (id, year) in LATE else {lead, PARTNER[lead]}
        everybody = {key for key, short in MEMBERS.items() if short in asked and days}
        assert set(noticed) == everybody, id
        assert all(len(mornings) == 1 for mornings in noticed.values()), id
        assert set(times.values()) <= {1}, id


@pytest.mark.parametrize("year", YEARS)
def test_nobody_gets_two_mails_on_one_morning(replay: Replay, year: int) -> None:
    every = [
        (day, mail.recipient)
        for day, caught in replay.caught.items()
        if day.year == year
        for mail in caught
    ]

    assert max(Counter(every).values()) == 1
    assert len(every) == sum(letter.day.year == year for letter in replay.letters)


def test_a_change_is_told_only_where_a_date_or_a_holiday_changed(replay: Replay) -> None:
    changed = {(i.occasion.id, i.occasion.year) for _, i in replay.items(Kind.CHANGE)}

    assert changed == {("kejizhou", 2020)}


def test_the_week_of_2020_moved_to_august_makes_one_change_notice_a_department(
    replay: Replay,
) -> None:
    found = list(replay.about("kejizhou", 2020, Kind.CHANGE))

    assert {item.department for _, item in found} == {"keji", "weijian"}
    assert {letter.day for letter, _ in found} == {date(2020, 7, 24)}
    events = {item.was: item.due for _, item in found if item.step == "event"}
    assert events == {date(2020, 5, 16): date(2020, 8, 23)}
    assert {(item.step, item.was) for _, item in found} >= {("summary", date(2020, 6, 8))}
    for department in ("keji", "weijian"):
        text = mail_of(replay, date(2020, 7, 24), address(department))
        assert "5月16日" in text
        assert "8月23日" in text


def test_after_the_move_nothing_of_2020_names_the_days_in_may(replay: Replay) -> None:
    later = [
        (letter, item)
        for letter, item in replay.about("kejizhou", 2020)
        if letter.day > date(2020, 7, 24)
    ]

    assert {item.occasion.span for _, item in later} == {Span(date(2020, 8, 23), date(2020, 8, 29))}
    assert all(item.due > date(2020, 7, 24) for _, item in later)


def test_a_low_carbon_day_announced_for_the_fourth_day_wins_over_the_rule(replay: Replay) -> None:
    told = {item.occasion.span for _, item in replay.about("ditan", 2020)}
    by_rule = {item.occasion.span for _, item in replay.about("ditan", 2021)}

    assert told == {Span(date(2020, 7, 2), date(2020, 7, 2))}
    assert by_rule == {Span(date(2021, 8, 25), date(2021, 8, 25))}


def test_from_2025_the_law_makes_the_day_a_month_by_rule_and_by_name(replay: Replay) -> None:
    spans = {
        year: {(item.occasion.name, item.occasion.span) for _, item in replay.about("kepuri", year)}
        for year in (2024, 2025)
    }

    assert spans[2024] == {("全国科普日", Span(date(2024, 9, 15), date(2024, 9, 25)))}
    assert spans[2025] == {("全国科普月", Span(date(2025, 9, 1), date(2025, 9, 30)))}
    notices = {letter.day for letter, _ in replay.about("kepuri", 2025, Kind.NOTICE)}
    assert len(notices) == 1
    assert "全国科普月" in mail_of(replay, notices.pop(), address("keji"))


def test_an_announcement_after_the_start_brings_only_what_is_still_to_be_done(
    replay: Replay,
) -> None:
    told = {(letter.day, item.step) for letter, item in replay.about("laonian", 2023, Kind.NOTICE)}
    mentioned = {
        item.step for letter, item in replay.about("laonian", 2023) if letter.recipient != MANAGER
    }

    assert told == {(date(2023, 7, 27), "summary")}
    assert mentioned == {"summary"}
    assert {key.split("/")[3] for key in replay.dropped if "/laonian/2023/" in key} == {
        "plan",
        "event",
    }


def test_the_digest_does_not_reproach_a_department_with_what_it_was_never_told(
    replay: Replay,
) -> None:
    late = {item.step for _, item in replay.about("laonian", 2023, Kind.DIGEST)}

    assert "plan" not in late


def test_what_was_planned_for_31_january_2020_waits_until_the_lengthened_holiday_is_over(
    replay: Replay,
) -> None:
    planned = {
        (row["assignment"], row["stage"]) for line in replay.before_the_virus for row in line.items
    }
    came = {
        (item.assignment, item.stage)
        for letter, item in replay.items()
        if letter.day == date(2020, 2, 3)
    }

    assert planned
    assert not any(replay.caught[date(2020, 1, 24) + timedelta(n)] for n in range(10))
    assert planned <= came


def test_the_secretary_is_asked_for_a_date_until_it_is_recorded_and_never_a_department(
    replay: Replay,
) -> None:
    asked = list(replay.items(Kind.CONFIRM))

    assert {letter.recipient for letter, _ in asked} == {SECRETARY}
    assert len(asked) > 50
    for letter, item in asked:
        activity = item.occasion.id.removesuffix(".date")
        if activity in RAN:
            assert replay.world.public(activity, item.occasion.year, letter.day) is None


def test_a_stage_is_said_once_for_each_date_of_an_item(replay: Replay) -> None:
    said = Counter(
        (item.assignment, item.version, item.stage)
        for _, item in replay.items(Kind.NOTICE, Kind.REMINDER, Kind.CHANGE, Kind.CONFIRM)
    )

    assert set(said.values()) == {1}


def test_the_departments_behaved_differently(replay: Replay) -> None:
    ends = Counter(
        (key.split("/")[-1], state) for key, state in replay.states.items() if "/summary/" in key
    )

    assert ends["kexie", State.COMPLETED] > 10
    assert ends["weijian", State.COMPLETED] == 0


def mail_of(replay: Replay, day: date, recipient: str) -> str:
    return next(one for one in replay.caught[day] if one.recipient == recipient).part("plain")
