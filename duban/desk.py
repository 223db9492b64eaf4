"""The desk of one office: the book as that office sees it, with every name resolved."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property

from duban.activity import Activity
from duban.book import Book, Branch
from duban.ladder import Ladder
from duban.office import Contact, Department, Office, Role
from duban.step import StepSet
from duban.workdays import WorkCalendar

EVENT_LADDER = "event"
"""The ladder of steps that only have to be known (知悉)."""


class UnknownName(LookupError):
    """A name that the book does not hold; `duban check` finds these before they are applied."""


class Desk:
    """Look-ups for one office. Build it once for a run: names are resolved once and kept."""

    def __init__(self, book: Book, branch: Branch, workdays: WorkCalendar | None = None) -> None:
        self.book = book
        self.branch = branch
        self.workdays = workdays or WorkCalendar(book.common.workdays)

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

    def short(self, name: str) -> str:
        """A department's short name; a group's name as it is."""
        return name if name in self._groups else self.department(name).short

    def activity(self, name: str) -> Activity | None:
        """By id, name or alias; None when the book does not know it."""
        return self._activities.get(name)

    def ladder(self, id: str) -> Ladder:
        return self._ladders[id]

    def steps(self, id: str) -> StepSet:
        return self._sets[id]

    def liaison(self, department: str, day: date) -> Contact | None:
        """Who gets the department's mail on that day: the 联络员, in absence the AB岗, else None."""
        people = self._people.get(department, ())
        for role in (Role.LIAISON, Role.SUBSTITUTE):
            for person in people:
                if person.role is role and person.present(day):
                    return person
        return None

    def managers(self, day: date) -> tuple[Contact, ...]:
        """Who gets the digest on that day."""
        return tuple(
            person
            for person in self.branch.contacts
            if person.role is Role.MANAGER and person.present(day)
        )

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
    def _activities(self) -> dict[str, Activity]:
        every = self.book.common.activities
        index = {name: one for one in reversed(every) for name in reversed(one.names)}
        return index | {one.id: one for one in every}

    @cached_property
    def _ladders(self) -> dict[str, Ladder]:
        return {one.id: one for one in self.book.common.ladders}

    @cached_property
    def _sets(self) -> dict[str, StepSet]:
        return {one.id: one for one in self.book.common.sets}

    @cached_property
    def _people(self) -> dict[str, list[Contact]]:
        people: dict[str, list[Contact]] = {}
        for person in self.branch.contacts:
            if person.department is not None:
                people.setdefault(self.department(person.department).id, []).append(person)
        return people


def desks(book: Book) -> list[Desk]:
    """One desk an office, sharing one working calendar."""
    workdays = WorkCalendar(book.common.workdays)
    return [Desk(book, branch, workdays) for branch in book.branches]
