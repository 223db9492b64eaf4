"""Anything may happen in any order; the promises hold after every step. Judged by what was handed over.

DUBAN_LONG=<examples> runs that many long stories instead of a few short ones.
"""

import asyncio
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from email import message_from_bytes
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import event, func, select

from adapters.letters import Rendered
from adapters.post import Outcome, Parcel, Server, Step, Verdict
from adapters.settings import load_settings
from duban.assignment import Assignment, Duties
from duban.book import Book
from duban.completion import Act, IllegalMove, State
from duban.ladder import CANCEL
from duban.letter import Kind, Letter
from duban.office import Role
from duban.step import Answer
from flows import applying, delivery
from flows.mornings import write_morning
from flows.premises import Site, local, today, use
from flows.tick import look_again, tick
from state import assignments
from state.assignments import Unknown
from state.tables import event as account
from tests.books import SPRING, activity, contact, document
from tests.databases import new_database
from tests.sitting import REPOSITORY, ZONE

LONG = int(os.environ.get("DUBAN_LONG") or 0)
OFFICE = "ceshi"
SILENCE = 12
"""Working days that an overdue item may go unmentioned; the ladder repeats every five or ten."""

Database = Callable[[], AbstractContextManager[str]]
"""Gives the URL of a new one."""
PEOPLE = {
    "市水利局": "liaison@shuili.ceshi.example",
    "市科协": "liaison@kexie.ceshi.example",
    "市科技局": "liaison@keji.ceshi.example",
}
HOLIDAYS: tuple[list[dict[str, Any]], ...] = (
    [],
    [{"name": "测试假", "start": "2026-03-05", "end": "2026-03-06"}],
    [{"name": "测试假", "start": "2026-03-09", "end": "2026-03-11", "work": ["2026-03-01"]}],
    [{"name": "劳动节", "start": "2026-05-01", "end": "2026-05-05", "work": ["2026-04-26"]}],
    [{"name": "劳动节", "start": "2026-04-20", "end": "2026-05-08"}],
)
KEYS = [
    f"{OFFICE}/{activity}/2026/{step}/{department}"
    for activity, step, department in [
        ("shui", "plan", "shuili"),
        ("shui", "plan", "kexie"),
        ("shui", "summary", "shuili"),
        ("shui", "event", "shuili"),
        ("shui", "plan", "keji"),
        ("kejizhou", "plan", "keji"),
        ("kejizhou", "summary", "keji"),
    ]
]


@dataclass(frozen=True)
class Wish:
    """What the files say: the part of the book that the story changes."""

    shui: str | None = "3月22日"
    """None: dropped from the year."""
    keji: str | None = None
    """The announced first day; None: not known."""
    lead: str = "市水利局"
    holiday: int = 0
    away: frozenset[str] = frozenset()


@cache
def book_of(wish: Wish) -> Book:
    known = {"dates": [{"year": 2026, "start": wish.keji}]} if wish.keji else {}
    plain = document()
    common, branch = plain["common"], plain["branches"][0]
    common["activities"] = [
        activity("shui", "世界水日", wish.shui or "3月22日"),
        activity("kejizhou", "科技活动周", "每年公布（通常5月19日至6月1日）", **known),
    ]
    common["workdays"] = [
        {**SPRING, "holidays": [*SPRING["holidays"], *HOLIDAYS[wish.holiday]]}  # type: ignore[misc]
    ]
    branch["contacts"] = [
        contact(department, email)
        for department, email in PEOPLE.items()
        if department not in wish.away
    ]
    branch["contacts"] += [
        contact(None, "boss@kx.ceshi.example", "管理者"),
        contact(None, "desk@kx.ceshi.example", "经办人"),
    ]
    entries = branch["years"][0]["activities"]
    entries[0].update(lead=wish.lead, support="市科协" if wish.lead != "市科协" else "市水利局")
    branch["years"][0]["activities"] = entries if wish.shui else entries[1:]
    return Book.model_validate(plain)


def _first_day(number: int) -> str:
    days = (day for one in HOLIDAYS[number] for day in (one["start"], *one.get("work", ())))
    return min(days, default="9999")


class Facts:
    """In place of the templates: a letter's facts as JSON, so that what was handed over can be read."""

    def render(self, letter: Letter, _office: object, _link: str = "") -> Rendered:
        facts = [
            {
                "kind": section.kind.value,
                "key": item.assignment,
                "stage": item.stage,
                "version": item.version,
                "due": None if item.gone else item.due.isoformat(),
                "was": item.was and item.was.isoformat(),
                "role": item.role.value,
            }
            for section in letter.sections
            for item in section.items
        ]
        failures = [one.row for section in letter.sections for one in section.returned]
        text = json.dumps({"items": facts, "failures": failures})
        return Rendered(letter.kind.label, text, "<p>")


class Crash(Exception):
    """The process died."""


@dataclass
class Judge:
    """The mail server, and what people know by its mails. Says what broke a promise."""

    site: Site
    mode: str = "up"
    now: datetime = datetime(2026, 1, 5, 7, tzinfo=ZONE)
    told: dict[str, date | None] = field(default_factory=dict)
    """The due date that was last handed over; None: that there is none."""
    seen: dict[str, bytes] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)
    said: Counter[tuple[str, int, str, str]] = field(default_factory=Counter)
    mails: Counter[tuple[str, date]] = field(default_factory=Counter)
    mentioned: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    failures: set[int] = field(default_factory=set)
    """Numbers of failed letters of which the office was told."""
    full: bool = False
    """It has one endless connection."""

    async def __aenter__(self) -> "Judge":
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing to close."""

    async def send(self, parcel: Parcel, *, began: Any, following: Parcel | None = None) -> Outcome:
        if self.mode == "down":
            return Outcome(Verdict.DEFERRED, Step.CONNECT, None, "down", server_wide=True)
        if self.mode == "dies before the body":
            raise Crash
        await began()
        message = message_from_bytes(parcel.mime)
        number = message["Message-ID"]
        self._judge(parcel, number, message)
        if self.mode == "dies after the body":
            self.doubtful.add(number)
            raise Crash
        if self.mode == "hangs up after the body":
            self.doubtful.add(number)
            return Outcome(Verdict.AMBIGUOUS, Step.DOT, None, "gone")
        return Outcome(Verdict.ACCEPTED, Step.DOT, 250, "ok")

    def _judge(self, parcel: Parcel, number: str, message: Any) -> None:
        desk, _ = self.site.desk(OFFICE)
        clock = local(desk.office, self.now)
        open = desk.office.hour <= clock.time() < desk.office.closes
        self._hold(open, f"out of hours: {clock}")
        self._hold(desk.workdays.working(clock.date()), f"on a day off: {clock}")
        if number in self.seen:
            self._hold(number in self.doubtful, f"twice without doubt: {number}")
            self._hold(self.seen[number] == parcel.mime, "the second copy differs")
            return
        self.seen[number] = parcel.mime
        self.mails[parcel.recipient, clock.date()] += 1
        self._hold(
            self.mails[parcel.recipient, clock.date()] == 1,
            f"two mails on {clock.date()} to {parcel.recipient}",
        )
        text = next(p for p in message.walk() if p.get_content_type() == "text/plain")
        facts = json.loads(text.get_payload(decode=True))
        self.failures |= set(facts["failures"])
        for item in facts["items"]:
            if item["kind"] != Kind.ACCOUNT.value:
                self._item(item, parcel.recipient, number)

    def _item(self, item: dict[str, Any], recipient: str, number: str) -> None:
        key, stage, kind = item["key"], item["stage"], item["kind"]
        due, was = (value and date.fromisoformat(value) for value in (item["due"], item["was"]))
        _, agenda = self.site.desk(OFFICE)
        asked = agenda.duties.get(key)
        with self.site.database.reading() as connection:
            now = assignments.find(connection, key)
        state, present = now.state, self.present(now, asked)
        what = f"{self.now:%m-%d %H:%M} {item}, told {self.told.get(key, '-')}, applied {present}"
        self._hold(due == present, f"a date that does not hold: {what}")
        self._hold(state not in (State.COMPLETED, State.EXEMPTED), f"{state}: {what}")
        if kind == Kind.DIGEST.value:
            return
        self.mentioned.add(key)
        self.said[key, item["version"], stage, recipient] += 1
        self._hold(self.said[key, item["version"], stage, recipient] == 1, f"said twice: {what}")
        if kind == Kind.CHANGE.value:
            self._hold(key in self.told, f"a change for somebody who knew of nothing: {what}")
            self._hold(self.told.get(key) == was, f"not the date last told: {what}")
            self._hold(was != due, f"no change at all: {what}")
            self._hold((stage == CANCEL) == (asked is None), f"dropped or not: {what}")
        elif not self.excused(key):
            known = self.told.get(key, due)
            self._hold(known == due, f"another date without a word on it: {what}")
            first = kind != Kind.NOTICE.value or key not in self.told
            self._hold(first, f"a notice for somebody who knew of it: {what}")
        if item["role"] != Role.HEAD.value:
            self.learn(key, number, None if stage == CANCEL else (due,))

    def learn(self, key: str, number: str, known: tuple[date | None] | None) -> None:
        """What its department reads in that letter; None: that nothing is asked of it any more."""
        if known is None:
            self.told.pop(key, None)
        else:
            (self.told[key],) = known

    def excused(self, _key: str) -> bool:
        """Whether what its department knows is wrong through no fault of ours."""
        return False

    @property
    def clear(self) -> bool:
        """Whether every letter arrives."""
        return self.mode == "up"

    def present(self, _now: Assignment, asked: Duties | None) -> date | None:
        """The due date that holds."""
        return asked.due if asked else None

    def _hold(self, right: bool, words: str) -> None:
        if not right:
            self.wrong.append(words)


@contextmanager
def _site(database: Database) -> Iterator[Site]:
    with database() as url, TemporaryDirectory() as seats:
        site = Site(load_settings(REPOSITORY, database=url, seats=Path(seats)))
        site.server = Server(host="127.0.0.1", port=1, tls="none")
        site._letters = (0, Facts())  # as long as no template is edited
        if url.startswith("sqlite"):
            event.listen(site.database.engine, "connect", _quick)
        with closing(site.database):
            yield site


def _quick(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


class Story(RuleBasedStateMachine):
    first: Any = Wish()
    book: Callable[[Any], Book] = staticmethod(book_of)
    judging: type[Judge] = Judge

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._opened = _site(database)
        self.site = self._opened.__enter__()
        use(self.site)
        self.runner = asyncio.Runner()
        self.judge = self.judging(self.site)
        self._patched = patch.object(delivery, "Post", lambda _server: self.judge)
        self._patched.start()
        self.wish = self.first
        self.silent: Counter[str] = Counter()
        self.dues: dict[str, date | None] = {}
        self.counted: date | None = None
        self.planned: Any = None
        """The account's last line and the wish for which the plan was seen to be empty."""

    # --- what may happen ---

    @initialize(
        shui=st.sampled_from(["3月22日", "3月10日", "4月22日"]),
        keji=st.sampled_from([None, "2026-05-16"]),
        day=st.sampled_from([date(2026, 2, 9), date(2026, 1, 5), date(2026, 3, 2)]),
    )
    def begin(self, shui: str, keji: str | None, day: date) -> None:
        self.judge.now = datetime.combine(day, time(7), ZONE)
        self._apply(replace(self.first, shui=shui, keji=keji))

    @rule(hours=st.integers(1, 11))
    def wait(self, hours: int) -> None:
        self.judge.now += timedelta(hours=hours)

    @rule(days=st.integers(1, 20), hour=st.sampled_from([7, 9, 12, 18, 20]))
    def sleep(self, days: int, hour: int) -> None:
        day = (self.judge.now + timedelta(days)).date()
        self.judge.now = datetime.combine(day, time(hour, 30), ZONE)

    @rule(days=st.integers(1, 8))
    def daily(self, days: int) -> None:
        for _ in range(days):
            self._morning()

    @rule()
    def tick(self) -> None:
        self._tick()

    @rule()
    def tick_twice(self) -> None:
        self._tick()
        self._tick()

    @rule()
    def write_and_die(self) -> None:
        self.judge.now += timedelta(minutes=1)
        look_again(self.judge.now)
        write_morning(OFFICE, self.judge.now)

    @rule(
        mode=st.sampled_from(
            ["up", "down", "dies before the body", "dies after the body", "hangs up after the body"]
        )
    )
    def server(self, mode: str) -> None:
        self.judge.mode = mode

    @rule(shui=st.sampled_from([None, "3月22日", "3月24日", "4月22日", "5月6日", "每年公布"]))
    def move_the_rule(self, shui: str | None) -> None:
        self._apply(replace(self.wish, shui=shui))

    @rule(keji=st.sampled_from([None, "2026-05-16", "2026-05-18", "2026-04-25", "2026-06-20"]))
    def announce(self, keji: str | None) -> None:
        self._apply(replace(self.wish, keji=keji))

    @rule(lead=st.sampled_from(sorted(PEOPLE)))
    def another_lead(self, lead: str) -> None:
        self._apply(replace(self.wish, lead=lead))

    @rule(number=st.integers(0, len(HOLIDAYS) - 1))
    def another_holiday(self, number: int) -> None:
        """Only days to come: no notice changes what was worked."""
        day = self.judge.now.date().isoformat()
        if day < min(_first_day(number), _first_day(self.wish.holiday)):
            self._apply(replace(self.wish, holiday=number))

    @rule(department=st.sampled_from(sorted(PEOPLE)))
    def leave_or_come_back(self, department: str) -> None:
        self._apply(replace(self.wish, away=self.wish.away ^ {department}))

    @rule(
        key=st.sampled_from(KEYS),
        doing=st.sampled_from([Act.ACKNOWLEDGE, Act.REPORT, Act.RETURN, Act.COMPLETE, Act.EXEMPT]),
    )
    def answer(self, key: str, doing: Act) -> None:
        desk, _ = self.site.desk(OFFICE)
        at, day = self.judge.now, today(desk.office, self.judge.now)
        try:
            with self.site.database.writing() as connection:
                assignments.act(connection, desk, key, doing, at=at, today=day, actor="李干事")
        except (IllegalMove, Unknown):
            return
        self.silent.pop(key, None)

    # --- what holds ---

    @invariant()
    def nothing_wrong_was_handed_over(self) -> None:
        assert not self.judge.wrong, "\n".join(self.judge.wrong)

    @invariant()
    def the_plan_of_the_applied_book_is_empty(self) -> None:
        with self.site.database.reading() as connection:
            written = connection.scalar(select(func.max(account.c.id))), self.wish
        if written == self.planned:
            return
        self.planned = written
        for one in applying.plan(self.site, self.book(self.wish), self.judge.now):
            assert not one.diff, one.diff.changes[0]

    def teardown(self) -> None:
        try:
            if self.judge.wrong or not self.site.desks():
                return
            self._to_the_end()
        finally:
            self._patched.stop()
            self.runner.close()
            self._opened.__exit__(None, None, None)

    def _to_the_end(self) -> None:
        """The server works, everybody is there, and every morning has its tick."""
        self._mend()
        self._apply(replace(self.wish, away=frozenset()))
        desk, _ = self.site.desk(OFFICE)
        worked = 0
        while worked < SILENCE + 1:
            self._morning()
            worked += desk.workdays.working(self.judge.now.date())
        self.nothing_wrong_was_handed_over()
        self._everybody_knows_the_present_date()

    def _mend(self) -> None:
        self.judge.mode = "up"

    def _everybody_knows_the_present_date(self) -> None:
        desk, agenda = self.site.desk(OFFICE)
        day = today(desk.office, self.judge.now)
        for key, known in self.judge.told.items():
            with self.site.database.reading() as connection:
                item = assignments.find(connection, key)
            if item.state in (State.COMPLETED, State.EXEMPTED):
                continue
            if item.asked.answer is Answer.CONFIRM:
                continue
            if item.state is State.PLANNED and known is None:
                continue
            latest = max((one for one in (known, item.target) if one), default=day)
            if item.asked.answer is Answer.KNOW and latest < day:
                continue
            asked = agenda.duties.get(key)
            present = self.judge.present(item, asked)
            if self.judge.excused(key):
                continue
            assert known == present, f"{key}: knows {known}, holds {present}; {item}"

    # --- how ---

    def _apply(self, wish: Any) -> None:
        book = self.book(wish)
        planned = applying.plan(self.site, book, self.judge.now)
        applying.apply(self.site, book, planned, self.judge.now, "王主任")
        self.wish = wish

    def _morning(self) -> None:
        """The next day at half past nine, with a tick."""
        day = (self.judge.now + timedelta(1)).date()
        self.judge.now = datetime.combine(day, time(9, 30), ZONE)
        self._tick()

    def _tick(self) -> None:
        self.judge.now += timedelta(minutes=1)
        self.judge.mentioned.clear()
        try:
            self.runner.run(tick(self.judge.now))
        except Crash:
            return
        self._count_silence()

    def _count_silence(self) -> None:
        """Count mornings on which an overdue item could have been mentioned and was not."""
        desk, _ = self.site.desk(OFFICE)
        clock = local(desk.office, self.judge.now)
        day = clock.date()
        for key in self.judge.mentioned:
            self.silent.pop(key, None)
        open = desk.office.hour <= clock.time() < desk.office.closes
        if not self.judge.clear or day == self.counted or not open:
            return
        if not desk.workdays.working(day):
            return
        self.counted = day
        with self.site.database.reading() as connection:
            items = assignments.all_of(connection, OFFICE)
        for item in items:
            key, due = item.key, item.target
            chased = item.state.open and item.state.chased and due is not None and due < day
            chased = chased and item.asked.answer is Answer.REPORT
            if (
                not chased
                or self.dues.get(key) != due
                or not desk.liaison(item.asked.department, day)
            ):
                self.silent.pop(key, None)
                self.dues[key] = due
                continue
            if item.state is State.PLANNED and item.stage_on:
                assert due is not None
                late = desk.workdays.between(due, item.stage_on)
                assert late > desk.ladder(item.asked.ladder).stale, f"dropped too early: {item}"
                continue
            if key not in self.judge.mentioned:
                self.silent[key] += 1
            assert self.silent[key] <= SILENCE, f"silent on {day}: {item}"


@pytest.mark.parametrize(("kind", "examples"), [("sqlite", 12), ("postgresql", 4)])
def test_the_promises_hold(request: pytest.FixtureRequest, kind: str, examples: int) -> None:
    run_state_machine_as_test(
        lambda: Story(partial(new_database, request, kind)),
        settings=settings(
            max_examples=LONG or examples,
            stateful_step_count=60 if LONG else 25,
            deadline=None,
            derandomize=not LONG,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )
