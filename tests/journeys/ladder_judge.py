"""The judge of the ladder's stories: who may hear of what, when, and who has really read it.

What a department has *read* is what stood in letters that were handed over and did not come back. A
correction names the date that it read last, and goes to nobody who read none. A correction that failed
for good is not said again: the office is told of the failure instead, and what comes next names the date
that holds.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from adapters.post import Outcome, Parcel, Step, Verdict
from duban.assignment import Assignment, Duties
from duban.completion import State
from duban.ladder import CHANGE, NOTICE
from duban.letter import REPORTS, Kind
from duban.office import Role
from flows.premises import local
from state import assignments
from state.tables import assignment, delivery, letter, letter_item
from tests.journeys.test_machine import OFFICE, Judge

ABOVE = {Role.LEADER.value: 5, Role.HEAD.value: 10}
"""Working days overdue from which a leader may be told: tests/ladders.py."""
LATER = Outcome(Verdict.DEFERRED, Step.RCPT, 450, "later", server_wide=False)
DONE = (State.COMPLETED.value, State.EXEMPTED.value)
NEVER = Outcome(Verdict.FAILED, Step.RCPT, 550, "no such user", server_wide=False)
Lesson = tuple[str, tuple[date | None] | None]
"""The letter, and what it taught: a date, that there is none, or (None) that nothing is asked any more."""


@dataclass
class LadderJudge(Judge):
    deaf: dict[str, Outcome] = field(default_factory=dict)
    """What servers say to letters for these addresses."""
    crashes: int = 0
    returned: dict[str, date] = field(default_factory=dict)
    known_since: dict[str, tuple[date | None, date]] = field(default_factory=dict)
    """The due date that was last handed over, and the day on which it first was."""
    lessons: dict[str, list[Lesson]] = field(default_factory=dict)
    failed: set[int] = field(default_factory=set)
    """Letters that are known to have failed."""
    written: int = 0
    """The last letter of which was looked at how it was written."""
    lost: dict[str, int] = field(default_factory=dict)
    """The last correction of each item that failed."""
    heard: set[tuple[str, int, str]] = field(default_factory=set)
    """Key, version and role of everybody who read a 督办函."""

    @property
    def clear(self) -> bool:
        return super().clear and not self.deaf

    async def send(self, parcel: Parcel, *, began: Any, following: Parcel | None = None) -> Outcome:
        if self.mode == "up" and parcel.recipient in self.deaf:
            return self.deaf[parcel.recipient]
        self.crashes += self.mode.startswith("dies")
        return await super().send(parcel, began=began, following=following)

    def present(self, now: Assignment, asked: Duties | None) -> date | None:
        return (now.extended or asked.due) if asked else None

    def _item(self, item: dict[str, Any], recipient: str, number: str) -> None:
        super()._item(item, recipient, number)
        desk, _ = self.site.desk(OFFICE)
        key, role, day = item["key"], item["role"], local(desk.office, self.now).date()
        due = item["due"] and date.fromisoformat(item["due"])
        if item["kind"] in REPORTS:
            return
        with self.site.database.reading() as connection:
            state = assignments.find(connection, key).state
        told = item["kind"] == Kind.CHANGE
        self._hold(state is not State.REPORTED or told, f"reported: {item}")
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

    # --- what was written ---

    def look_at_writing(self) -> None:
        """Nothing was done since: what the last look would take back now was untrue when it was written."""
        query = (
            select(letter.c.id, letter_item.c.kind, delivery.c.state, assignment.c.key)
            .add_columns(assignment.c.state.label("stands"))
            .join(letter_item, letter_item.c.letter_id == letter.c.id)
            .join(delivery, delivery.c.letter_id == letter.c.id)
            .join(assignment, assignment.c.id == letter_item.c.assignment_id)
            .where(letter.c.id > self.written)
        )
        with self.site.database.reading() as connection:
            for row in connection.execute(query.order_by(letter.c.id)).all():
                self.written = row.id
                self._hold(row.state != "withdrawn", f"written and taken back at once: {row}")
                if row.kind != Kind.ACCOUNT:
                    self._hold(row.stands not in DONE, f"written though it is done: {row}")

    # --- what was read ---

    def learn(self, key: str, number: str, known: tuple[date | None] | None) -> None:
        self.lessons.setdefault(key, []).append((number, known))
        super().learn(key, number, known)

    def look(self) -> None:
        """What failed since the last look was read by nobody, unless it may have arrived before."""
        query = (
            select(letter.c.id, letter.c.message_id, delivery.c.phase)
            .join(delivery, delivery.c.letter_id == letter.c.id)
            .where(delivery.c.state == "failed", letter.c.id.not_in(self.failed))
        )
        with self.site.database.reading() as connection:
            for row in connection.execute(query).all():
                self.failed.add(row.id)
                if row.phase is None:
                    self._forget(row.message_id)
                for key in _corrected(connection, row.id):
                    self.lost[key] = max(row.id, self.lost.get(key, 0))

    def _forget(self, number: str) -> None:
        for key, lessons in self.lessons.items():
            if any(one == number for one, _ in lessons):
                self.lessons[key] = kept = [(n, known) for n, known in lessons if n != number]
                super().learn(key, number, kept[-1][1] if kept else None)

    def excused(self, key: str) -> bool:
        """Whether a correction failed that was written after what its department read last."""
        if key not in self.lost:
            return False
        last = self.lessons.get(key)
        if not last:
            return True
        query = select(letter.c.id).where(letter.c.message_id == last[-1][0])
        with self.site.database.reading() as connection:
            return connection.execute(query).scalar_one() < self.lost[key]


def _corrected(connection: Any, number: int) -> list[str]:
    """What that letter corrected."""
    query = (
        select(assignment.c.key)
        .join(letter_item, letter_item.c.assignment_id == assignment.c.id)
        .where(letter_item.c.letter_id == number, letter_item.c.kind == Kind.CHANGE.value)
    )
    return list(connection.scalars(query))
