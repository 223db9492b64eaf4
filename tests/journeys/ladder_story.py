"""Completion, extension, return, transfer, withdrawal, date change, tick and crash in any order, letters that
fail or come back, with a ladder that goes up to the leaders. Judged by what was handed over.
"""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlalchemy import Connection, Row, select

from adapters.post import Outcome
from duban.assignment import Assignment
from duban.bounce import Bounce, Fate
from duban.completion import Act, IllegalMove, State, leaves
from duban.request import Kind
from duban.stages import PATIENCE
from duban.step import Answer
from flows.busy import TOLD_WITHIN
from flows.premises import today
from state import assignments, bounces, requests
from state.assignments import Unknown
from state.bounces import About
from state.requests import AskedAlready
from state.scope import Scope
from state.standing import Standing
from state.tables import delivery, letter
from tests.journeys.ladder_judge import ABOVE, LATER, NEVER, LadderJudge
from tests.journeys.ladder_world import CLERK, EVERYBODY, HEAD, ROLES, Wishes, address, book_of
from tests.journeys.test_machine import OFFICE, PEOPLE, SILENCE, Story

MODES = (
    "up",
    "up",
    "up",
    "up",
    "down",
    "dies before the body",
    "dies after the body",
    "hangs up after the body",
)
ACTS = (
    Act.ACKNOWLEDGE,
    *(Act.REPORT, Act.RETURN, Act.REOPEN) * 2,
    Act.COMPLETE,
    Act.EXEMPT,
)
DEPARTMENTS = ("shuili", "kexie", "keji")
WHICH = st.integers(0, 6)
"""One of those with which it may be done."""


class LadderStory(Story):
    first = Wishes()
    book = staticmethod(book_of)
    judging = LadderJudge
    judge: LadderJudge
    tally: ClassVar[Counter[str]] = Counter()
    """What was tried, of all stories."""

    @invariant()
    def counted(self) -> None:
        self.tally["steps"] += 1

    @rule(mode=st.sampled_from(MODES))
    def server(self, mode: str) -> None:
        self.judge.mode = mode

    @rule(days=st.integers(8, 16))
    def nobody_does_anything(self, days: int) -> None:
        """So that the ladder goes up."""
        self.judge.mode = "up"
        self.daily(days=days)

    @rule()
    def write_and_die(self) -> None:
        super().write_and_die()
        self.judge.look_at_writing()

    @rule(who=st.sampled_from(EVERYBODY), how=st.sampled_from([LATER, NEVER]))
    def mailbox(self, who: str, how: Outcome) -> None:
        """That person's server puts letters off or refuses them; the next time it is mended."""
        if self.judge.deaf.pop(who, None) is None:
            self.judge.deaf[who] = how

    @rule()
    def mailboxes_mended(self) -> None:
        self.judge.deaf.clear()

    @rule(number=st.integers(0, 4))
    def comes_back(self, number: int) -> None:
        """A letter that was accepted of late."""
        with self.site.database.writing() as connection:
            rows = _accepted(connection)
            if rows:
                bounces.settle(connection, _about(rows[number % len(rows)]), at=self.judge.now)
        self.judge.look()

    @rule(days=st.integers(1, 15), hour=st.sampled_from([7, 9, 9, 9, 20]))
    def sleep(self, days: int, hour: int) -> None:
        super().sleep(days=days, hour=hour)
        self._tick()

    @rule(
        department=st.sampled_from(sorted(PEOPLE)),
        role=st.sampled_from([*ROLES, "纲要办领导"]),
    )
    def leave_or_come_back(self, department: str, role: str) -> None:  # type: ignore[override]
        who = HEAD if role == "纲要办领导" else address(department, role)
        self._apply(replace(self.wish, away=self.wish.away ^ {who}))

    @rule(number=WHICH, days=st.integers(1, 30), yes=st.booleans())
    def extension(self, number: int, days: int, yes: bool) -> None:
        key = self._one_that_may(Act.REPORT, number)
        if key is None:
            return
        desk, _ = self.site.desk(OFFICE)
        at, day, scope = self.judge.now, today(desk.office, self.judge.now), Scope(OFFICE)
        said: dict[str, Any] = {"at": at, "actor": "李干事", "via": "console"}
        with self.site.database.writing() as connection:
            item = assignments.find(connection, key)
            words = {"reason": "等经费", "wanted": max(item.target or day, day) + timedelta(days)}
            try:
                asked = requests.ask(
                    connection, scope, item.row, Kind.EXTENSION, today=day, **words, **said
                )
            except (IllegalMove, AskedAlready):
                return
            if yes:
                requests.grant(connection, desk, scope, asked.id, **said)
            else:
                requests.refuse(connection, scope, asked.id, answer="不行", **said)
        self.tally["extensions" if yes else "refusals"] += 1
        self.silent.pop(key, None)

    @rule(before=st.sampled_from(sorted(PEOPLE)), after=st.sampled_from(sorted(PEOPLE)))
    def pass_on(self, before: str, after: str) -> None:
        if before != after and len(self.wish.passed) < 4:
            record = before, after, self.judge.now.isoformat()
            self._apply(replace(self.wish, passed=(*self.wish.passed, record)))
            self.tally["transfers"] += 1

    @rule(number=WHICH, days=st.integers(1, 12))
    def report_and_return(self, number: int, days: int) -> None:
        """What comes back after a while."""
        key = self._one_that_may(Act.REPORT, number)
        if key is None:
            return
        self._act(key, Act.REPORT)
        self.daily(days=days)
        self._act(key, Act.RETURN)

    @rule(number=WHICH, doing=st.sampled_from(ACTS))
    def answer(self, number: int, doing: Act) -> None:  # type: ignore[override]
        key = self._one_that_may(doing, number)
        if key is not None:
            self._act(key, doing)

    def _one_that_may(self, doing: Act, number: int) -> str | None:
        """Of what the calendar asks of departments."""
        _, agenda = self.site.desk(OFFICE)
        with self.site.database.reading() as connection:
            items = assignments.all_of(connection, OFFICE)
        asked = [
            one for one in items if one.key in agenda.duties and one.asked.department in DEPARTMENTS
        ]
        keys = sorted(item.key for item in asked if item.state in leaves(doing))
        return keys[number % len(keys)] if keys else None

    def _act(self, key: str, doing: Act) -> None:
        """Where the calendar, or a tick, did not do something else meanwhile."""
        if self._state(key) not in leaves(doing):
            return
        super().answer(key=key, doing=doing)
        self.tally[doing.value] += 1
        if doing in (Act.RETURN, Act.REOPEN):
            desk, _ = self.site.desk(OFFICE)
            self.judge.returned[key] = today(desk.office, self.judge.now)

    def _state(self, key: str) -> State | None:
        try:
            with self.site.database.reading() as connection:
                return assignments.find(connection, key).state
        except Unknown:
            return None

    def teardown(self) -> None:
        self.tally["stories"] += 1
        self.tally["letters"] += len(self.judge.seen)
        self.tally["to leaders"] += len(self.judge.heard)
        self.tally["failed"] += len(self.judge.failed)
        self.tally["crashes"] += self.judge.crashes
        super().teardown()

    def _apply(self, wish: Any) -> None:
        for what in ("shui", "keji", "lead", "holiday"):
            moved = getattr(wish, what) != getattr(self.wish, what)
            self.tally[f"{what} changes"] += moved
        super()._apply(wish)

    def _tick(self) -> None:
        super()._tick()
        self.tally["ticks"] += 1
        self.judge.look_at_writing()
        self.judge.look()

    def _mend(self) -> None:
        super()._mend()
        self.judge.deaf.clear()

    def _to_the_end(self) -> None:
        begun = self.judge.now.date()
        super()._to_the_end()
        self._the_office_knows_what_failed(begun)
        desk, _ = self.site.desk(OFFICE)
        day = today(desk.office, self.judge.now)
        with self.site.database.reading() as connection:
            items = assignments.all_of(connection, OFFICE)
        for item in items:
            if item.counted_from and item.state.chased and item.state is not State.PLANNED:
                self._was_said(item, desk.workdays.between(item.counted_from, day))

    def _the_office_knows_what_failed(self, day: date) -> None:
        query = select(letter.c.id).where(
            letter.c.day > day - TOLD_WITHIN / 2, letter.c.recipient != CLERK
        )
        with self.site.database.reading() as connection:
            lately = set(connection.scalars(query))
        untold = (self.judge.failed & lately) - self.judge.failures
        assert not untold, f"failed, and nobody was told: {untold}"

    def _was_said(self, item: Assignment, late: int) -> None:
        """Everybody was there for SILENCE mornings: who is to be told by now was told."""
        if item.asked.answer is not Answer.REPORT:
            return
        for role, days in ABOVE.items():
            if late >= max(days, SILENCE + PATIENCE) + SILENCE:
                heard = (item.key, item.version, role) in self.judge.heard
                assert heard, f"{role} never heard of {item}"


def _accepted(connection: Connection) -> list[Row[Any]]:
    """The last five letters that servers took for somebody whom the ladder addresses."""
    query = (
        select(letter.c.id, letter.c.recipient)
        .join(delivery, delivery.c.letter_id == letter.c.id)
        .where(delivery.c.state == "accepted", letter.c.recipient.in_(EVERYBODY))
        .order_by(letter.c.id.desc())
        .limit(5)
    )
    return list(connection.execute(query))


def _about(row: Row[Any]) -> About:
    bounce = Bounce(Fate.FAILED, (row.recipient,), "5.1.1", "550 no such user")
    return About(row.id, OFFICE, row.recipient, Standing.ACCEPTED, bounce)
