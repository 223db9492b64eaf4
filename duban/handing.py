"""Handing over: what becomes of a programme's targets and tasks in the one that follows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from duban.confirming import Asked
from duban.programme import Kind, Programme, Task

LASTING = (Kind.TARGET, Kind.TASK)
"""Kinds of tasks that somebody has to decide of; duties and work points of a year end with it."""
MONTHS = 3
"""So long before its end the secretariat is asked what is not decided yet."""


@dataclass(frozen=True, slots=True)
class Legacy:
    """What becomes of one task of the former programme."""

    task: Task
    becomes: Task | None = None
    ended: str = ""
    """Why."""
    pending: str = ""
    """What is still to be decided."""

    @property
    def decided(self) -> bool:
        return bool(self.becomes or self.ended)


def successor(programme: Programme, every: Iterable[Programme]) -> Programme | None:
    return next((one for one in every if one.predecessor == programme.id), None)


def predecessor(programme: Programme, every: Iterable[Programme]) -> Programme | None:
    return next((one for one in every if one.id == programme.predecessor), None)


def legacies(former: Programme, following: Programme) -> Iterator[Legacy]:
    """Of every lasting task of the former, in its order, and of others of which something is said."""
    tasks = {task.id: task for task in following.tasks}
    for task in former.tasks:
        said = following.goes_on(task.id)
        if said is None and task.kind not in LASTING:
            continue
        becomes = tasks.get(said.becomes) if said and said.becomes else None
        ended, pending = (said.ended, said.pending) if said else (None, None)
        yield Legacy(task, becomes, ended or "", pending or "")


def to_decide(following: Programme, every: Iterable[Programme]) -> Asked | None:
    """What the secretariat is asked to decide in the former's last months; None where nothing is left."""
    former = predecessor(following, every)
    left = [one for one in legacies(former, following) if not one.decided] if former else []
    if former is None or not left:
        return None
    names = "、".join(one.task.name for one in left[:3])
    more = f"等{len(left)}项" if len(left) > 3 else ""
    return Asked(asked_on(former), f"“{former.name}”的{names}{more}转到哪里还没有定")


def asked_on(former: Programme) -> date:
    """The first day of the third month before its end."""
    months = former.end.year * 12 + former.end.month - 1 - (MONTHS - 1)
    return date(months // 12, months % 12 + 1, 1)
