"""The clock is moved, backwards and forwards, in the middle of the queue and over 29 February 2028."""

import asyncio
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select

from adapters.post import Server
from adapters.settings import load_settings
from app.reading import prepare
from duban.book import Book
from flows import applying
from flows.premises import Site, use
from flows.tick import tick
from state.tables import assignment, event, letter, letter_item
from tests.books import activity, book
from tests.faults.account import Account, join
from tests.faults.figures import Figures, of
from tests.faults.ground import PATIENT, hurry
from tests.faults.sink import Sink
from tests.sitting import REPOSITORY, ZONE

FIRST, LAST = date(2028, 2, 14), date(2028, 3, 24)
MINUTES = range(4)
"""Ticks of a morning."""
PER_MINUTE = 2
"""So that the queue is not empty between them."""
COUNT = 14
"""Activities, one every four days."""
Said = Counter[tuple[str, int, str]]
"""How many mails say a stage of an assignment, by its key, version and stage."""


@dataclass(frozen=True)
class Seen:
    said: Said
    queued: int
    """Letters that are left."""
    dropped: set[str]
    """Keys of assignments that the account calls past."""


@dataclass(frozen=True)
class Case:
    name: str
    moves: tuple[timedelta, ...]
    """How far the clock is from the truth, at one tick after another, before it is right again."""
    days: tuple[date, ...]
    """When that happens, after the first tick of the morning."""

    @property
    def ahead(self) -> bool:
        """Whether another day was seen too early."""
        return any(
            datetime.combine(day, time(9)).date() < (datetime.combine(day, time(9)) + move).date()
            for day in self.days
            for move in self.moves
        )


def hours(*numbers: float) -> tuple[timedelta, ...]:
    return tuple(timedelta(hours=number) for number in numbers)


def days(*numbers: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(number) for number in numbers)


OFTEN = tuple(FIRST + timedelta(number) for number in range(1, 38, 3))
LEAP = (date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1))
CASES = (
    Case("hours back", hours(-1, -3, -8), OFTEN),
    Case("hours forward", hours(2, 5, 8), OFTEN),
    Case("days back", days(-1, -3, -10), OFTEN),
    Case("days back over 29 February", days(-1, -2, -3), LEAP),
    Case("a year back", days(-365, -366), OFTEN),
    Case("days forward", days(1, 3), OFTEN[::3]),
    Case("days forward over 29 February", days(1, 2), LEAP),
    Case("forward and back", (*days(2, -2), *hours(5, -5)), OFTEN[::3]),
    Case("a year forward", days(365, 366), LEAP[1:2]),
)


def measure(
    folder: Path, cases: tuple[Case, ...] = CASES, first: date = FIRST, last: date = LAST
) -> list[Figures]:
    account, wrong = Account(), []
    truth = _play(folder / "truth", Case("undisturbed", (), ()), account, (first, last)).said
    for number, case in enumerate(cases):
        seen = _play(folder / str(number), case, account, (first, last))
        wrong += [f"{case.name}: {words}" for words in _judge(case, truth, seen)]
    jumps = sum(len(case.moves) * len(case.days) for case in cases)
    return [of("the clock is moved", account, jumps, wrong)]


def _judge(case: Case, truth: Said, seen: Seen) -> list[str]:
    """A stage may be passed over only where the clock ran ahead, and a later one was said instead, or
    the account says that the item was dropped as past."""
    said = seen.said
    missed = [key for key in truth if key not in said]
    if case.ahead:
        later = {key[:2] for key in said}
        missed = [key for key in missed if key[:2] not in later and key[0] not in seen.dropped]
    more = [key for key in said if key not in truth] if not case.ahead else []
    twice = [key for key, count in said.items() if count > 1]
    wrong = [f"missed: {key}" for key in missed] + [f"double: {key}" for key in twice]
    wrong += [f"not in the undisturbed run: {key}" for key in more]
    return wrong + [f"{seen.queued} letters wait for ever"] * bool(seen.queued)


def _play(folder: Path, case: Case, account: Account, span: tuple[date, date]) -> Seen:
    folder.mkdir(parents=True)
    return asyncio.run(_run(folder, case, account, span))


async def _run(folder: Path, case: Case, account: Account, span: tuple[date, date]) -> Seen:
    site = _site(folder)
    use(site)
    with closing(site.database):
        async with Sink(folder / "log") as sink:
            site.server = Server("127.0.0.1", sink.port, tls="none", timeouts=PATIENT)
            for moment in _moments(case, *span):
                await tick(moment)
        found = join(site.database, folder / "log")
        account.add(found)
        return Seen(_said(site, folder / "log"), found.states["queued"], _dropped(site))


def _moments(case: Case, first: date, last: date) -> list[datetime]:
    """What the clock shows at each tick."""
    found = []
    for number in range((last - first).days + 1):
        day = first + timedelta(number)
        nine = datetime.combine(day, time(9), ZONE)
        found.append(nine)
        if day in case.days:
            found += [nine + move for move in case.moves]
        found += [nine + timedelta(minutes=minute) for minute in MINUTES[1:]]
    return found


def _dropped(site: Site) -> set[str]:
    query = (
        select(assignment.c.key)
        .join(event, event.c.assignment_id == assignment.c.id)
        .where(event.c.act == "drop")
    )
    with site.database.reading() as connection:
        return set(connection.scalars(query))


def _said(site: Site, log: Path) -> Said:
    copies = Counter(line.split()[0] for line in log.read_text().splitlines())
    query = (
        select(letter.c.message_id, assignment.c.key, letter_item.c.version, letter_item.c.stage)
        .join(letter_item, letter_item.c.letter_id == letter.c.id)
        .join(assignment, assignment.c.id == letter_item.c.assignment_id)
        .where(letter_item.c.sent_key.is_not(None))
    )
    said: Said = Counter()
    with site.database.reading() as connection:
        for name, *what in connection.execute(query):
            said[tuple(what)] += copies[name]
    return +said


def _site(folder: Path) -> Site:
    mail = {"per_minute": PER_MINUTE, "breaker": 0, "connections": 1}
    database = f"sqlite:///{folder / 'duban.db'}"
    site = Site(load_settings(REPOSITORY, database=database, seats=folder / "seats", mail=mail))
    hurry(site.database)
    prepare(site)
    begun = datetime.combine(FIRST, time(0), ZONE)
    applying.apply(site, leap_book(), applying.plan(site, leap_book(), begun), begun, "王主任")
    return site


def leap_book() -> Book:
    """Activities around 29 February 2028; no notice tells the working days of that year yet."""
    members = ("市水利局", "市科协", "市科技局")
    starts = [date(2028, 2, 10) + timedelta(4 * number) for number in range(COUNT)]
    activities = [
        activity(f"a{number}", f"第{number}项活动", f"{day.month}月{day.day}日")
        for number, day in enumerate(starts)
        if (day.month, day.day) != (2, 29)
    ]
    entries = [
        {
            "activity": one["name"],
            "lead": members[number % 3],
            "support": members[(number + 1) % 3],
            "steps": "day",
        }
        for number, one in enumerate(activities)
    ]
    steps = [
        {"id": "plan", "name": "方案报送", "due": "开始前10天", "who": "牵头"},
        {"id": "event", "name": "活动开展", "due": "开始当天", "answer": "知悉"},
        {"id": "summary", "name": "总结报送", "due": "结束后5天"},
    ]
    sets = [{"id": "day", "name": "主题日", "notice": "开始前20天", "steps": steps}]
    years = [{"office": "ceshi", "year": 2028, "activities": entries}]
    return book(common={"activities": activities, "sets": sets}, years=years)
