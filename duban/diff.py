"""The diff: what applying a calendar would change among the assignments."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from duban.agenda import Agenda
from duban.assignment import Assignment, Duties
from duban.completion import Act, State, move
from duban.desk import Desk
from duban.ladder import CANCEL
from duban.stages import scheduled


@dataclass(frozen=True, slots=True)
class Change:
    """One assignment as it is (None: new) and as it will be."""

    before: Assignment | None
    after: Assignment

    @property
    def key(self) -> str:
        return self.after.key


@dataclass(frozen=True, slots=True)
class Diff:
    new: tuple[Change, ...] = ()
    moved: tuple[Change, ...] = ()
    """The due date is another one."""
    changed: tuple[Change, ...] = ()
    """Anything else is different."""
    withdrawn: tuple[Change, ...] = ()
    restored: tuple[Change, ...] = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        return self.new + self.moved + self.changed + self.withdrawn + self.restored

    @property
    def reassigned(self) -> tuple[tuple[Change, Change], ...]:
        """Pairs of what one department loses and another gets: the same step, with the same duty."""
        lost = {_part(change): change for change in self.withdrawn}
        taken = ((lost.get(_part(change)), change) for change in self.new)
        return tuple((before, after) for before, after in taken if before)

    def __bool__(self) -> bool:
        return bool(self.changes)


def _part(change: Change) -> tuple[str, int, str, str]:
    asked = change.after.asked
    return asked.activity, asked.year, asked.step, asked.duty.value


def compare(desk: Desk, agenda: Agenda, current: Iterable[Assignment]) -> Diff:
    """What has to change so that `current` becomes what the agenda asks for.

    Done items stay done. An item whose date moved counts a new version; what was said stays said.
    """
    known = {item.key: item for item in current}
    kinds: dict[str, list[Change]] = {
        kind: [] for kind in ("new", "moved", "changed", "withdrawn", "restored")
    }
    for key, asked in agenda.duties.items():
        before = known.pop(key, None)
        if before is None:
            kinds["new"].append(Change(None, scheduled(desk, Assignment(asked))))
        elif before.state is State.WITHDRAWN:
            kinds["restored"].append(Change(before, _restored(desk, before, asked)))
        elif before.asked != asked:
            moved = before.asked.due != asked.due
            after = replace(before, asked=asked, extended=_kept(before, asked))
            if moved and before.state.open:
                after = anew(replace(after, version=before.version + 1, unheard=None))
            kinds["moved" if moved else "changed"].append(Change(before, scheduled(desk, after)))
        elif (again := scheduled(desk, before)) != before:
            kinds["changed"].append(Change(before, again))
    for before in known.values():
        if before.state.open:
            kinds["withdrawn"].append(Change(before, _withdrawn(desk, before)))
    return Diff(**{kind: tuple(changes) for kind, changes in kinds.items()})


def _withdrawn(desk: Desk, before: Assignment) -> Assignment:
    """It remembers from where it was withdrawn; whoever was told of it is owed a word."""
    state = move(before.state, Act.WITHDRAW)
    return scheduled(desk, replace(before, state=state, held=before.state))


def _restored(desk: Desk, before: Assignment, asked: Duties) -> Assignment:
    """As it was, if nobody was told of the withdrawal; otherwise it starts anew."""
    moved = before.asked.due != asked.due
    if before.stage == CANCEL:
        fresh = Assignment(asked, version=before.version + 1, held=before.held, row=before.row)
        return scheduled(desk, fresh)
    after = replace(
        before,
        asked=asked,
        extended=_kept(before, asked),
        state=before.held or State.PLANNED,
        held=None,
        version=before.version + moved,
        unheard=None if moved else before.unheard,
    )
    return scheduled(desk, anew(after) if moved else after)


def _kept(before: Assignment, asked: Duties) -> date | None:
    """An extension that the calendar's new date has overtaken is over."""
    late = before.extended and (asked.due is None or before.extended <= asked.due)
    return None if late else before.extended


def anew(item: Assignment) -> Assignment:
    """With another date a notice that was dropped as too late is due again."""
    return replace(item, stage_on=None) if item.state is State.PLANNED else item
