"""Checks between an office and those below it: who is a department of whom, what is adopted and declined."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from duban.book import Branch
from duban.checks.duties import Shelves
from duban.checks.register import repeated
from duban.fault import Fault
from duban.office import Department, Role
from duban.officeyear import Decline, Entry, OfficeYear
from duban.programme import Task
from duban.unread import Unread

Find = Callable[[str], Branch | None]
"""The branch of an office, by its id; None where there is none."""


@dataclass(frozen=True, slots=True)
class _Whole:
    branch: Find
    unread: Unread

    def doubtful(self, shelf: str, *names: str) -> bool:
        return any(self.unread.excuses(shelf, name) for name in names)


def cascade(branch: Branch, around: Shelves, find: Find, unread: Unread) -> Iterator[Fault]:
    """`find`: the offices above and below."""
    whole = _Whole(find, unread)
    yield from _departments(branch, whole)
    yield from _entries(branch, around, whole)


def _departments(branch: Branch, whole: _Whole) -> Iterator[Fault]:
    linked = [one for one in branch.departments if one.office]
    yield from repeated(linked, "office", "下级纲要办")
    for one in linked:
        yield from _linked(branch, one, whole)


def _linked(branch: Branch, one: Department, whole: _Whole) -> Iterator[Fault]:
    id = one.office or ""
    lower = whole.branch(id)
    if lower is None:
        if not whole.doubtful("offices", id):
            message = f"没有纲要办“{id}”"
            yield one.fault("office", message=message, hint="请照 config/offices.yaml 里的 id 写")
    elif lower.office.parent != branch.office.id:
        if lower.office.place not in whole.unread.damaged:
            message = f"“{lower.office.short}”（{id}）的上级不是“{branch.office.id}”"
            hint = f"请在 config/offices.yaml 里给它写 parent: {branch.office.id}"
            yield one.fault("office", message=message, hint=hint)
    elif not _answers(branch, one, lower, whole):
        message = f"“{one.short}”没有联络员，“{lower.office.id}”也没有经办人，信没有人收"
        hint = f"请在 config/contacts/{lower.office.id}.yaml 里加一位经办人"
        yield one.fault("office", message=message, hint=hint)


def _answers(branch: Branch, one: Department, lower: Branch, whole: _Whole) -> bool:
    own = any(
        person.role is Role.LIAISON and person.department in (one.id, *one.names)
        for person in branch.contacts
    )
    theirs = any(person.role is Role.SECRETARY for person in lower.contacts)
    unsure = whole.unread.touches(f"contacts/{lower.office.id}") or whole.unread.touches(
        f"contacts/{branch.office.id}"
    )
    return own or theirs or unsure


def _entries(branch: Branch, shelves: Shelves, whole: _Whole) -> Iterator[Fault]:
    for year in branch.years:
        for entry in year.activities:
            yield from _adopts(branch, entry, shelves, whole)
        yield from _declines(branch, year, shelves, whole)
    for programme in branch.programmes:
        for task in programme.tasks:
            yield from _adopts(branch, task, shelves, whole)


def _adopts(
    branch: Branch, entry: Entry | Task, shelves: Shelves, whole: _Whole
) -> Iterator[Fault]:
    if entry.adopts:
        yield from _named(branch, entry, "adopts", entry.adopts, shelves, whole)


def _declines(branch: Branch, year: OfficeYear, shelves: Shelves, whole: _Whole) -> Iterator[Fault]:
    known = shelves.activities
    taken = {known.find(entry.activity): entry for entry in year.activities}
    taken.pop(None, None)
    said: dict[tuple[str, str | None], Decline] = {}
    for one in year.declines:
        yield from _named(branch, one, "activity", one.activity, shelves, whole)
        activity = known.find(one.activity)
        first = said.setdefault((activity.id if activity else one.activity, one.step), one)
        if first is not one:
            message = f"“{one.activity}”写了两次，{first.place.key}已经有了"
            yield one.fault("activity", message=message, hint="请并成一条")
        elif one.step is None and activity in taken:
            message = f"“{one.activity}”既列在活动里，又写了不承接"
            yield one.fault("activity", message=message, hint="只不承接其中一个节点的，请写 step")


def _named(
    branch: Branch,
    entry: Entry | Task | Decline,
    key: str,
    name: str,
    shelves: Shelves,
    whole: _Whole,
) -> Iterator[Fault]:
    """An activity, or a task of a programme of the office above. A task that is gone is no fault: the
    office above may drop it without asking."""
    parent = branch.office.parent
    programme, dot, _ = name.partition(".")
    if parent is None:
        message = f"本办没有上级，不能写 {'adopts' if key == 'adopts' else 'declines'}"
        yield entry.fault(key, message=message, hint="请删去，或在 offices.yaml 里写 parent")
    elif dot and shelves.activities.find(name) is None:
        above = whole.branch(parent)
        known = {one.id for one in above.programmes} if above else {programme}
        if programme not in known and not whole.doubtful("programmes", programme):
            message = f"上级没有规划“{programme}”"
            yield entry.fault(key, message=message, hint="任务写成 规划代号.任务代号")
    elif shelves.activities.unknown(name):
        hint = shelves.activities.hint(name)
        yield entry.fault(key, message=f"没有活动“{name}”", hint=hint)
