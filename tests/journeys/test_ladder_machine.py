"""Completion, extension, return, transfer, withdrawal, date change, tick and crash in any order, with a
ladder that goes up to the leaders. Judged by what was handed over.

DUBAN_LONG=<examples> runs that many long stories (200 steps each) instead of a few short ones.
"""

import os
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache, partial
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from adapters.post import Outcome, Parcel, Step, Verdict
from duban.assignment import Assignment, Duties
from duban.book import Book
from duban.completion import Act, IllegalMove, State
from duban.ladder import CHANGE, NOTICE
from duban.office import Role
from duban.request import Kind
from duban.stages import PATIENCE
from duban.step import Answer
from flows.premises import local, today
from state import assignments, requests
from state.assignments import Unknown
from state.requests import AskedAlready
from state.scope import Scope
from tests.books import SPRING, activity, contact, document
from tests.databases import new_database
from tests.journeys.test_machine import HOLIDAYS, KEYS, OFFICE, PEOPLE, SILENCE, Judge, Story, Wish
from tests.ladders import STAGES

LONG = int(os.environ.get("DUBAN_LONG") or 0)
STEPS = 200 if LONG else 30
ROLES = {"联络员": "liaison", "AB岗": "b", "分管领导": "leader"}
HEAD = "head@kx.ceshi.example"
ABOVE = {Role.LEADER.value: 5, Role.HEAD.value: 10}
"""Working days overdue from which a leader may be told: tests/ladders.py."""


@dataclass(frozen=True)
class Wishes(Wish):
    """`away` holds addresses."""

    passed: tuple[tuple[str, str, str], ...] = ()
    """From whom to whom the plan of 世界水日 was passed on, and when."""


def address(department: str, role: str) -> str:
    return PEOPLE[department].replace("liaison", ROLES[role])


@cache
def book_of(wish: Wishes) -> Book:
    known = {"dates": [{"year": 2026, "start": wish.keji}]} if wish.keji else {}
    plain = document()
    common, branch = plain["common"], plain["branches"][0]
    common["activities"] = [
        activity("shui", "世界水日", wish.shui or "3月22日"),
        activity("kejizhou", "科技活动周", "每年公布（通常5月19日至6月1日）", **known),
    ]
    holidays = [*SPRING["holidays"], *HOLIDAYS[wish.holiday]]  # type: ignore[misc]
    common["workdays"] = [{**SPRING, "holidays": holidays}]
    common["ladders"][0]["stages"] = STAGES
    people = [
        contact(department, address(department, role), role)
        for department in PEOPLE
        for role in ROLES
    ]
    people.append(contact(None, HEAD, "纲要办领导"))
    branch["contacts"] = [one for one in people if one["email"] not in wish.away]
    branch["contacts"] += [
        contact(None, "boss@kx.ceshi.example", "管理者"),
        contact(None, "desk@kx.ceshi.example", "经办人"),
    ]
    entries = branch["years"][0]["activities"]
    entries[0].update(lead=wish.lead, support="市科协" if wish.lead != "市科协" else "市水利局")
    branch["years"][0]["activities"] = entries if wish.shui else entries[1:]
    branch["transfers"] = [
        {
            "activity": "世界水日",
            "year": 2026,
            "step": "plan",
            "from": before,
            "to": after,
            "at": at,
            "by": "李干事",
        }
        for before, after, at in wish.passed
    ]
    return Book.model_validate(plain)


@dataclass
class LadderJudge(Judge):
    """Knows besides since when the ladder may count."""

    returned: dict[str, date] = field(default_factory=dict)
    known_since: dict[str, tuple[date | None, date]] = field(default_factory=dict)
    """The due date that was last handed over, and the day on which it first was."""
    unreached: set[str] = field(default_factory=set)
    heard: set[tuple[str, int, str]] = field(default_factory=set)
    """Key, version and role of everybody who read a 督办函."""

    async def send(self, parcel: Parcel, *, began: Any, following: Parcel | None = None) -> Outcome:
        if self.mode == "leaders down" and parcel.recipient.startswith(("leader", "head")):
            self.unreached.add(parcel.recipient)
            return Outcome(Verdict.DEFERRED, Step.RCPT, 450, "later", server_wide=False)
        return await super().send(parcel, began=began, following=following)

    def _never_reached(self, key: str) -> bool:
        """Whether what was written of it went to somebody whose server puts letters off for days: such a
        letter has failed in the end, and counts as said all the same."""
        return bool(self.unreached) and key not in self.told

    def present(self, now: Assignment, asked: Duties | None) -> date | None:
        return (now.extended or asked.due) if asked else None

    def _item(self, item: dict[str, Any], recipient: str) -> None:
        if item["was"] and self._never_reached(item["key"]):
            self.told[item["key"]] = date.fromisoformat(item["was"])
        super()._item(item, recipient)
        desk, _ = self.site.desk(OFFICE)
        key, role, day = item["key"], item["role"], local(desk.office, self.now).date()
        due = item["due"] and date.fromisoformat(item["due"])
        if item["kind"] == "digest":
            return
        with self.site.database.reading() as connection:
            state = assignments.find(connection, key).state
        self._hold(state is not State.REPORTED or item["stage"] == CHANGE, f"reported: {item}")
        if item["stage"] in (NOTICE, CHANGE) and self.known_since.get(key, (None,))[0] != due:
            self.known_since[key] = due, day
        if role not in ABOVE:
            return
        self._hold(item["kind"] in ("escalation", "oversight"), f"to a leader: {item}")
        self.heard.add((key, item["version"], role))
        for since in filter(None, (due, self.returned.get(key), self._told_late(key, due))):
            waited = desk.workdays.between(since, day)
            self._hold(waited >= ABOVE[role], f"a leader {waited} days after {since}: {item}")

    def _told_late(self, key: str, due: date) -> date | None:
        """When its department first knew that date, where that was after it."""
        known, day = self.known_since.get(key, (None, due))
        return day if known == due and day > due else None


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

    @rule()
    def leaders_server_down(self) -> None:
        self.judge.mode = "leaders down"

    @rule(
        department=st.sampled_from(sorted(PEOPLE)),
        role=st.sampled_from([*ROLES, "纲要办领导"]),
    )
    def leave_or_come_back(self, department: str, role: str) -> None:  # type: ignore[override]
        who = HEAD if role == "纲要办领导" else address(department, role)
        self._apply(replace(self.wish, away=self.wish.away ^ {who}))

    @rule(key=st.sampled_from(KEYS), days=st.integers(1, 30), yes=st.booleans())
    def extension(self, key: str, days: int, yes: bool) -> None:
        desk, _ = self.site.desk(OFFICE)
        at, day, scope = self.judge.now, today(desk.office, self.judge.now), Scope(OFFICE)
        said: dict[str, Any] = {"at": at, "actor": "李干事", "via": "console"}
        try:
            with self.site.database.writing() as connection:
                item = assignments.find(connection, key)
                until = max(item.target or day, day) + timedelta(days)
                asked = requests.ask(
                    connection,
                    scope,
                    item.row,
                    Kind.EXTENSION,
                    today=day,
                    reason="等经费",
                    wanted=until,
                    **said,
                )
                if yes:
                    requests.grant(connection, desk, scope, asked.id, **said)
                else:
                    requests.refuse(connection, scope, asked.id, answer="不行", **said)
        except (IllegalMove, Unknown, AskedAlready):
            return
        self.silent.pop(key, None)

    @rule(before=st.sampled_from(sorted(PEOPLE)), after=st.sampled_from(sorted(PEOPLE)))
    def pass_on(self, before: str, after: str) -> None:
        if before != after and len(self.wish.passed) < 4:
            record = before, after, self.judge.now.isoformat()
            self._apply(replace(self.wish, passed=(*self.wish.passed, record)))

    @rule(key=st.sampled_from(KEYS), days=st.integers(1, 12))
    def report_and_return(self, key: str, days: int) -> None:
        """What comes back after a while."""
        self.answer(key=key, doing=Act.REPORT)
        self.daily(days=days)
        self.answer(key=key, doing=Act.RETURN)

    def answer(self, key: str, doing: Act) -> None:
        before = self._state(key)
        super().answer(key=key, doing=doing)
        if doing is Act.RETURN and before is State.REPORTED:
            desk, _ = self.site.desk(OFFICE)
            self.judge.returned[key] = today(desk.office, self.judge.now)

    answer = rule(
        key=st.sampled_from(KEYS),
        doing=st.sampled_from([Act.ACKNOWLEDGE, Act.REPORT, Act.RETURN, Act.COMPLETE, Act.EXEMPT]),
    )(answer)

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
        super().teardown()
        if LONG:
            print(dict(self.tally), flush=True)

    def _to_the_end(self) -> None:
        super()._to_the_end()
        desk, _ = self.site.desk(OFFICE)
        day = today(desk.office, self.judge.now)
        with self.site.database.reading() as connection:
            items = assignments.all_of(connection, OFFICE)
        for item in items:
            if item.counted_from and item.state.chased and item.state is not State.PLANNED:
                self._was_said(item, desk.workdays.between(item.counted_from, day))

    def _was_said(self, item: Assignment, late: int) -> None:
        """Everybody was there for SILENCE mornings: who is to be told by now was told."""
        if item.asked.answer is not Answer.REPORT:
            return
        for role, days in ABOVE.items():
            if late >= max(days, SILENCE + PATIENCE) + SILENCE:
                heard = (item.key, item.version, role) in self.judge.heard
                assert heard, f"{role} never heard of {item}"


@pytest.mark.parametrize(("kind", "examples"), [("sqlite", 6), ("postgresql", 2)])
def test_the_ladder_keeps_its_promises(
    request: pytest.FixtureRequest, kind: str, examples: int
) -> None:
    run_state_machine_as_test(
        lambda: LadderStory(partial(new_database, request, kind)),
        settings=settings(
            max_examples=LONG or examples,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not LONG,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )
