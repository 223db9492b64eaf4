"""The desk of one office: the book as that office sees it, with every name resolved."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from duban.activity import Activity, KnownDate, Occurrence
from duban.almanac import Almanac
from duban.book import Book, Branch
from duban.ladder import Ladder, Stage
from duban.office import Contact, Department, Office, Role
from duban.programme import Phase, Programme, Task
from duban.step import StepSet
from duban.transfer import Transfer
from duban.workdays import WorkCalendar

EVENT_LADDER = "event"
"""The ladder of steps that only have to be known (知悉)."""


CONFIRM_LADDER = "confirm"
"""The ladder by which the office itself is asked for dates that are not known yet."""
ADOPT_LADDER = "adopt"
"""The ladder by which the office itself is asked for what nobody of its departments was given."""
OFFICE = "@office"
"""Stands for the office itself where a department is asked for."""


_CONFIRM = Ladder(
    id=CONFIRM_LADDER,
    name="待确认",
    stale=250,
    stages=(Stage(id="after10", name="待确认", when="逾期10个工作日起每10个工作日"),),
)
_ADOPT = Ladder(
    id=ADOPT_LADDER,
    name="上级要求催办",
    stale=250,
    stages=(
        Stage(id="before10", name="到期前提醒", when="到期前10个工作日"),
        Stage(id="before3", name="临近到期提醒", when="到期前3个工作日"),
        Stage(id="after1", name="逾期提醒", when="逾期1个工作日起每5个工作日"),
    ),
)
_LADDERS = {CONFIRM_LADDER: _CONFIRM, ADOPT_LADDER: _ADOPT}
"""Unless config/ladders.yaml has ones of these ids."""


class UnknownName(LookupError):
    """A name that the book does not hold; `duban check` finds these before they are applied."""


class Desk:
    """Look-ups for one office. Build it once for a run: names are resolved once and kept."""

    def __init__(
        self,
        book: Book,
        branch: Branch,
        workdays: WorkCalendar | None = None,
        as_of: date | None = None,
        above: "Desk | None" = None,
        below: Mapping[str, Branch] | None = None,
        almanac: Almanac | None = None,
    ) -> None:
        """`above`: the office that this one belongs to; `below`: by id, what belongs to each office that
        is a department of this one; `almanac`: of the same book, where several desks share it."""
        self.book = book
        self.branch = branch
        self.as_of = as_of
        self.above = above
        self.below: Mapping[str, Branch] = below or {}
        self.workdays = workdays or WorkCalendar(book.common.workdays)
        self.almanac = almanac or Almanac(book.common, as_of)
        self.computed: dict[type, Any] = {}
        """What others computed of this desk, and keep with it, by what it is."""

    def put_away(self) -> None:
        """Nobody looks for it any more. Its agenda holds the desk, and the desk the agenda: memory need not
        wait for the garbage collector. Who still works with it computes anew."""
        self.computed.clear()

    @property
    def office(self) -> Office:
        return self.branch.office

    def department(self, name: str) -> Department:
        """By id, short name, full name or alias. Raises UnknownName."""
        try:
            return self._departments[name]
        except KeyError:
            raise UnknownName(f"没有成员单位“{name}”") from None

    def members(self, names: Iterable[str], day: date | None = None) -> tuple[Department, ...]:
        """Departments and groups, flattened, each once, in order; `day` drops those not valid then."""
        found: dict[str, Department] = {}
        for name in names:
            for one in self._groups.get(name) or (self.department(name),):
                if day is None or one.valid(day):
                    found.setdefault(one.id, one)
        return tuple(found.values())

    def called(self, department: str) -> str:
        """A department's short name by its id; the office's own for itself, the id when it is gone."""
        if department == OFFICE:
            return self.office.short
        known = self._departments.get(department)
        return known.short if known else department

    def short(self, name: str) -> str:
        """A department's short name; a group's name as it is."""
        return name if name in self._groups else self.department(name).short

    def activity(self, name: str) -> Activity | None:
        """By id, name or alias; None when the book does not know it."""
        return self.almanac.activity(name)

    def occurrence(
        self, activity: Activity, year: int, local: KnownDate | None = None
    ) -> Occurrence | None:
        """The activity's days in `year` as this office knows them; None when it did not exist."""
        return self.almanac.occurrence(activity, year, self.office.id, local)

    def stages(self, activity: Activity, year: int) -> dict[str, Occurrence]:
        """The days of each stage of the activity, by its id."""
        return self.almanac.stages(activity, year, self.office.id)

    def ladder(self, id: str) -> Ladder:
        return self.almanac.ladders.get(id) or _LADDERS[id]

    def steps(self, id: str) -> StepSet:
        return self.almanac.sets[id]

    def task(self, activity: str) -> tuple[Programme, Task] | None:
        """The programme's task or review that has items of that id, `programme.task`; None: it is an
        activity, or the book has dropped it."""
        return self._tasks.get(activity)

    def phase(self, period: str) -> tuple[Programme, Phase] | None:
        """Of `programme/phase`; None: the book has dropped it."""
        for programme in self.branch.programmes:
            for phase in programme.phases:
                if f"{programme.id}/{phase.id}" == period:
                    return programme, phase
        return None

    def transfers(self, activity: str, year: int, step: str) -> list[tuple[str, Department, date]]:
        """What was passed on of a step, in the order in which it was: from which id, to which department,
        on which day."""
        return [
            (self.department(one.from_).id, self.department(one.to), one.at.date())
            for one in self._transfers.get((activity, year, step), ())
        ]

    def liaison(self, department: str, day: date) -> Contact | None:
        """Who gets a department's mail on that day: the 联络员, in absence the AB岗, else None.

        For `OFFICE` itself: the 经办人.
        """
        people = self._people.get(department, ())
        own = department == OFFICE
        for role in (Role.SECRETARY,) if own else (Role.LIAISON, Role.SUBSTITUTE):
            for person in people:
                if person.role is role and person.present(day):
                    return person
        return None

    def holders(self, department: str, role: Role, day: date) -> list[Contact]:
        """Everybody of the department (`OFFICE`: of the office) who holds that role on that day."""
        people = self._people.get(department, ())
        return [one for one in people if one.role is role and one.present(day)]

    def managers(self, day: date) -> tuple[Contact, ...]:
        """Who gets the digest on that day."""
        return tuple(
            person
            for person in self.branch.contacts
            if person.role is Role.MANAGER and person.present(day)
        )

    @cached_property
    def clerks(self) -> frozenset[str]:
        """Addresses of every 经办人, whether in post or not."""
        people = self._people.get(OFFICE, ())
        return frozenset(one.email for one in people if one.role is Role.SECRETARY)

    @cached_property
    def _departments(self) -> dict[str, Department]:
        every = self.branch.departments
        index = {name: one for one in every for name in one.names}
        return index | {one.id: one for one in every}

    @cached_property
    def _groups(self) -> dict[str, tuple[Department, ...]]:
        groups: dict[str, list[Department]] = {}
        for one in self.branch.departments:
            for group in one.groups:
                groups.setdefault(group, []).append(one)
        return {name: tuple(members) for name, members in groups.items()}

    @cached_property
    def _tasks(self) -> dict[str, tuple[Programme, Task]]:
        return {
            f"{one.id}.{task.id}": (one, task)
            for one in self.branch.programmes
            for task in one.asked
        }

    @cached_property
    def _transfers(self) -> dict[tuple[str, int, str], list[Transfer]]:
        found: dict[tuple[str, int, str], list[Transfer]] = {}
        for one in sorted(self.branch.transfers, key=lambda one: one.at):
            if self.as_of is None or one.at.date() <= self.as_of:
                activity = self.activity(one.activity)
                key = (activity.id if activity else one.activity, one.year, one.step)
                found.setdefault(key, []).append(one)
        return found

    @cached_property
    def _people(self) -> dict[str, list[Contact]]:
        people: dict[str, list[Contact]] = {}
        for person in self.branch.contacts:
            department = person.department and self.department(person.department).id
            people.setdefault(department or OFFICE, []).append(person)
        for one in self.branch.departments:
            if one.office and (lower := self.below.get(one.office)):
                people.setdefault(one.id, []).extend(_standing_in(people.get(one.id, []), lower))
        return people

    def home(self, email: str) -> str:
        """The office whose own person has that address: one below this one, else this one."""
        return self._homes.get(email, self.office.id)

    @cached_property
    def _homes(self) -> dict[str, str]:
        return {email: id for id, every in self._own_below.items() for email in every}

    @cached_property
    def _own_below(self) -> dict[str, frozenset[str]]:
        return {id: _own(branch) for id, branch in self.below.items()}

    @cached_property
    def shared(self) -> Mapping[str, frozenset[str]]:
        """By office: addresses to which that office and this one write both."""
        if self.above and self.office.id in self.above.below:
            return {**self._own_below, self.above.office.id: _own(self.branch)}
        return self._own_below


def _own(branch: Branch) -> frozenset[str]:
    return frozenset(person.email for person in branch.contacts if person.department is None)


def _standing_in(registered: Iterable[Contact], lower: Branch) -> Iterator[Contact]:
    """The people of an office below, as those of a department: its 经办人 gets the mail, unless somebody is
    registered for that; its 纲要办领导 is the leader."""
    roles = {person.role for person in registered}
    serving = Role.SUBSTITUTE if Role.LIAISON in roles else Role.LIAISON
    as_whom = {Role.SECRETARY: serving}
    if Role.LEADER not in roles:
        as_whom[Role.HEAD] = Role.LEADER
    for person in lower.contacts:
        if person.department is None and person.role in as_whom:
            yield person.model_copy(update={"role": as_whom[person.role]})


def desks(book: Book, as_of: date | None = None) -> list[Desk]:
    """One desk an office, sharing one working calendar; `as_of`: as the world was known that day."""
    workdays, almanac = WorkCalendar(book.common.workdays, as_of), Almanac(book.common, as_of)
    branches = {branch.office.id: branch for branch in reversed(book.branches)}
    made: dict[str, Desk | None] = {}

    def desk(branch: Branch) -> Desk | None:
        id = branch.office.id
        if id not in made:
            made[id] = None  # where parents go in a circle there is none above
            parent = branches.get(branch.office.parent or "")
            above = desk(parent) if parent else None
            below = {one: branches[one] for one in branch.linked if one in branches}
            made[id] = Desk(book, branch, workdays, as_of, above, below, almanac)
        return made[id]

    found = (
        desk(branch) if branches[branch.office.id] is branch else None for branch in book.branches
    )
    return [
        one or Desk(book, branch, workdays, as_of, almanac=almanac)
        for one, branch in zip(found, book.branches, strict=True)
    ]
