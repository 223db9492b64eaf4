"""Checks of what asks departments for something: the entries of a year, the tasks of a programme."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from duban.activity import Activity
from duban.book import Branch, Common
from duban.checks.offices import Member
from duban.checks.register import Register
from duban.checks.shared import literal_year, steps
from duban.checks.stages import named_stages
from duban.fault import Fault
from duban.ladder import Ladder
from duban.office import Contact, Department, Role
from duban.officeyear import Entry, ReportTo
from duban.programme import Task
from duban.step import Answer, StepSet
from duban.unread import Unread


@dataclass(frozen=True, slots=True)
class Shelves:
    """All that an entry or a task may name."""

    members: Register[Member]
    activities: Register[Activity]
    ladders: Register[Ladder]
    sets: Register[StepSet]


def duty(entry: Entry | Task, shelves: Shelves, first: date, last: date) -> Iterator[Fault]:
    """Checks that entries and tasks share; `first` to `last` are the days of their year or years."""
    for key, names in (("lead", entry.lead), ("support", entry.support)):
        for number, name in enumerate(names):
            yield from _member(entry, (key, number), name, shelves.members, first, last)
    yield from _both(entry, shelves.members)
    yield from _steps(entry, shelves.sets)
    yield from named_stages(entry, shelves.activities, shelves.sets)
    yield from literal_year(entry, "notice", entry.notice)
    if entry.report_to is ReportTo.LEAD and not entry.support:
        message = "没有责任单位，报送到牵头单位就没有意义"
        yield entry.fault("report_to", message=message, hint="请补上 support，或删去 report_to")
    if entry.ladder and shelves.ladders.unknown(entry.ladder):
        message = f"没有催办梯度“{entry.ladder}”"
        yield entry.fault("ladder", message=message, hint=shelves.ladders.hint(entry.ladder))


def _member(
    entry: Entry | Task,
    path: tuple[str, int],
    name: str,
    known: Register[Member],
    first: date,
    last: date,
) -> Iterator[Fault]:
    member = known.find(name)
    if known.unknown(name):
        yield entry.fault(*path, message=f"没有成员单位“{name}”", hint=known.hint(name))
    elif isinstance(member, Department):
        if member.since and last < member.since:
            message = f"“{name}”从{member.since}起才是成员单位"
            yield entry.fault(*path, message=message, hint="请写当时的单位")
        elif member.until and member.until < first:
            message = f"“{name}”{member.until}起不再是成员单位"
            yield entry.fault(*path, message=message, hint="请写接任的单位")


def _both(entry: Entry | Task, known: Register[Member]) -> Iterator[Fault]:
    """A department by name in lead and in support; who leads may be in a group that supports."""
    leading = {
        member.id for name in entry.lead if isinstance(member := known.find(name), Department)
    }
    for number, name in enumerate(entry.support):
        member = known.find(name)
        if isinstance(member, Department) and member.id in leading:
            message = f"“{name}”既是牵头单位又是责任单位"
            yield entry.fault("support", number, message=message, hint="请只留一处")


def _steps(entry: Entry | Task, known: Register[StepSet]) -> Iterator[Fault]:
    if not isinstance(entry.steps, str):
        yield from steps(entry.steps)
    elif known.unknown(entry.steps):
        message = f"没有节点套餐“{entry.steps}”"
        yield entry.fault("steps", message=message, hint=known.hint(entry.steps))


def liaisons(branch: Branch, known: Register[Member], unread: Unread) -> Iterator[Fault]:
    """Each department that has something to do needs a person who gets the mail; of one that is an office
    itself see duban/checks/cascade.py."""
    reached = {_reached(contact, known) for contact in branch.contacts}
    shelf = f"contacts/{branch.office.id}"
    busy = _busy(branch, known)
    for one in branch.departments:
        excused = any(unread.excuses(shelf, name) for name in (one.id, *one.names))
        if one.id in busy and one.id not in reached and not (excused or one.office):
            message = f"“{one.short}”有督办事项，却没有联络员"
            yield one.fault(message=message, hint=f"请在 config/{shelf}.yaml 里加一位")


def _reached(contact: Contact, known: Register[Member]) -> str | None:
    """The department whose mail the contact gets; where its name is misspelt, the one meant."""
    if contact.role is not Role.LIAISON or contact.department is None:
        return None
    name = contact.department
    member = known.find(name) or known.find(known.near(name) or "")
    return member.id if isinstance(member, Department) else None


def _busy(branch: Branch, known: Register[Member]) -> set[str]:
    """The ids of the departments that lead or support anything, by themselves or in a group."""
    since = branch.office.since
    names = {name for entry in _asked(branch) for name in (*entry.lead, *entry.support)}
    names |= {one.to for one in branch.transfers}
    found = [known.find(name) for name in names]
    groups = {member for member in found if isinstance(member, str)}
    named = {member.id for member in found if isinstance(member, Department)}
    return {
        one.id
        for one in branch.departments
        if (one.id in named or groups & set(one.groups))
        and (one.until is None or one.until >= since)
    }


def _asked(branch: Branch) -> Iterator[Entry | Task]:
    """What may still be chased; what ended before the office used duban is history."""
    since = branch.office.since
    for year in branch.years:
        yield from year.activities if year.year >= since.year else ()
    for programme in branch.programmes:
        yield from programme.asked if programme.end >= since else ()


def event_ladder(common: Common, known: Register[Ladder], id: str) -> Iterator[Fault]:
    """Steps that only have to be known need the ladder of their own."""
    if not known.unknown(id):
        return
    knowing = (step for one in common.sets for step in one.steps if step.answer is Answer.KNOW)
    for step in knowing:
        message = f"知悉的节点要用催办梯度“{id}”，还没有"
        yield step.fault("answer", message=message, hint="请在 config/ladders.yaml 里补上")
        return
