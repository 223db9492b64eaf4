"""An item as a letter of one morning mentions it."""

from collections.abc import Iterable, Iterator
from datetime import date

from duban.addressing import Addressed
from duban.agenda import Agenda
from duban.assignment import Assignment, Duty, Occasion
from duban.completion import State
from duban.desk import Desk
from duban.known import Known, Numbers, Urging
from duban.ladder import CANCEL, CHANGE, FIXED, NOTICE, Addressee
from duban.lamp import lamp, late_by, overdue
from duban.letter import Blocker, Item, Kind, Urged
from duban.office import Contact, Role
from duban.stages import meant
from duban.step import Answer

DIGEST = "digest"


class Mentions:
    """All of one morning."""

    def __init__(self, desk: Desk, agenda: Agenda, day: date, known: Known) -> None:
        self.desk, self.agenda, self.day, self.known = desk, agenda, day, known
        self.numbers = _Numbering(known.numbers)

    def item(
        self,
        item: Assignment,
        stage: str,
        found: Addressed | None = None,
        after: Assignment | None = None,
    ) -> Item:
        """`found`: who is told of it; `after`: as it stands once that was said. In a digest neither."""
        asked, desk = item.asked, self.desk
        due = item.target or item.told
        if due is None:
            raise LookupError(f"{item.key} has no date to be named")
        read, was = self.known.read(item)
        changing = read and stage in (CHANGE, CANCEL)
        people = found.people if found else ()
        return Item(
            assignment=item.key,
            version=item.version,
            occasion=self._occasion(item),
            step=asked.step,
            step_name=asked.step_name,
            department=asked.department,
            department_name=desk.called(asked.department),
            duty=asked.duty,
            answer=asked.answer,
            stage=stage,
            why=self._why(item, stage) + self._because(item, stage),
            due=due,
            due_at=asked.due_at,
            days=late_by(item, self.day, desk.workdays),
            state=State.NOTIFIED if stage == NOTICE else item.state,
            lamp=lamp(item, self.day, desk.workdays, desk.office.yellow),
            was=was if changing else None,
            gone=changing and (stage == CANCEL or item.target is None),
            role=people[0][0] if people else Role.LIAISON,
            to=tuple(_titled(*one) for one in people) if len(people) > 1 else (),
            urged=self._urged(item, stage, after) if after else None,
            blockers=self._blockers(item) if asked.duty is Duty.LEAD else (),
        )

    def _occasion(self, item: Assignment) -> Occasion:
        """From the agenda; of what the calendar dropped only the name is left."""
        asked = item.asked
        if piece := self.agenda.piece(asked):
            return piece.occasion
        return Occasion(
            asked.office, asked.activity, asked.year, asked.name, None, asked.certainty, (), ()
        )

    def _because(self, item: Assignment, stage: str) -> str:
        """Why the office itself is asked, where it is for another office's sake."""
        reason = self.agenda.reason(item.asked)
        return f"；{reason}" if reason and stage != DIGEST else ""

    def _why(self, item: Assignment, stage: str) -> str:
        if stage == DIGEST:
            return item.state.label
        if stage in (CHANGE, CANCEL):
            read, was = self.known.read(item)
            return _change(item, was) if read else FIXED[NOTICE]
        if item.asked.answer is Answer.CONFIRM:
            piece = self.agenda.piece(item.asked)
            return piece.reason if piece else ""
        words = (
            FIXED[NOTICE] if stage == NOTICE else self.desk.ladder(item.asked.ladder).label(stage)
        )
        day = meant(self.desk, item, stage)
        if day is None or not self.desk.office.since <= day < self.day:
            return words
        if stage == NOTICE:
            return f"补发通知（原定{day.month}月{day.day}日）"
        return f"{words}（迟发，原定{day.month}月{day.day}日）"

    def kind(self, item: Assignment, stage: str, said: Item, role: Addressee) -> Kind:
        """Of the section in which somebody in that role reads it."""
        if item.asked.answer is Answer.CONFIRM:
            return Kind.CONFIRM
        if said.urged:
            return Kind.OVERSIGHT if role is Role.HEAD else Kind.ESCALATION
        if stage in (CHANGE, CANCEL):
            return Kind.CHANGE if self.known.read(item)[0] else Kind.NOTICE
        return Kind.NOTICE if stage == NOTICE else Kind.REMINDER

    def _urged(self, item: Assignment, stage: str, after: Assignment) -> Urged | None:
        ladder = self.desk.ladder(item.asked.ladder)
        degree = ladder.degree(stage)
        if degree is None:
            return None
        following = after.next_stage and ladder.degree(after.next_stage)
        serial = self.numbers.of((item.asked.department, degree))
        return Urged(
            degree,
            f"{self.desk.office.short}督〔{self.day.year}〕{serial}号",
            after.next_on or self.desk.workdays.next(self.day),
            f"{following}督办函" if following and following is not degree else "",
            self.known.history.get(item.key, ()),
        )

    def _blockers(self, item: Assignment) -> tuple[Blocker, ...]:
        owed = self.known.support.get(item.key)
        return tuple(blockers(self.desk, self.day, owed)) if owed else ()


class _Numbering:
    """A department's 督办函 of one degree has one number a morning, whoever of its people reads it."""

    def __init__(self, numbers: Numbers) -> None:
        self._known, self._next = numbers.given, numbers.next
        self.fresh: dict[Urging, int] = {}

    def of(self, urging: Urging) -> int:
        number = self._known.get(urging) or self.fresh.get(urging)
        if number is None:
            number = self.fresh[urging] = self._next
            self._next += 1
        return number


def blockers(desk: Desk, day: date, owed: Iterable[Assignment]) -> Iterator[Blocker]:
    """The overdue first, then by due date."""
    ordered = sorted(owed, key=lambda one: (not overdue(one, day), one.target or date.max, one.key))
    for one in ordered:
        if one.target:
            yield Blocker(
                desk.called(one.asked.department),
                one.asked.step_name,
                one.target,
                late_by(one, day, desk.workdays),
                overdue(one, day),
            )


def _titled(role: Addressee, person: Contact) -> str:
    return person.name if role.value in person.name else f"{person.name}（{role.value}）"


def _change(item: Assignment, was: date | None) -> str:
    if was is None:
        return "日期已定"
    if item.state is State.WITHDRAWN:
        return "已取消"
    return "时限调整" if item.target else "改为待公布"
