"""What the account knows about the items of a morning, for letters to tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from duban.assignment import Assignment
from duban.desk import Desk
from duban.ladder import CANCEL, CHANGE, Degree
from duban.letter import Said
from duban.stages import owed, scheduled

Urging = tuple[str, Degree]
"""What has a number of its own on a morning: a department's 督办函 of one degree."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Of the 督办函 of one office: those given today, and the year's next one."""

    given: Mapping[Urging, int] = field(default_factory=dict)
    next: int = 1


@dataclass(frozen=True, slots=True)
class Known:
    """All by the key of the assignment that is to be mentioned."""

    history: Mapping[str, tuple[Said, ...]] = field(default_factory=dict)
    support: Mapping[str, tuple[Assignment, ...]] = field(default_factory=dict)
    """Of what a department leads: what others still owe for it."""
    numbers: Numbers = Numbers()
    heard: Mapping[str, date | None] | None = None
    """Of what a change is owed: the date that its department read last (None: that there is none); of
    which it read nothing is left out. None: that every letter arrived."""

    def read(self, item: Assignment) -> tuple[bool, date | None]:
        """Whether its department read of it at all, and the date that it read last."""
        if self.heard is None:
            return True, item.told
        return item.key in self.heard, self.heard.get(item.key)

    def needless(self, item: Assignment, stage: str) -> bool:
        """Whether the change that is owed would tell its department nothing: it heard of no other date than
        the one that holds, or of none and has nothing to do any more."""
        read, known = self.read(item)
        if stage == CANCEL:
            return known is None
        return stage == CHANGE and (known == item.target or not (read or item.state.chased))

    def settled(self, desk: Desk, item: Assignment) -> Assignment:
        """Without the change that it is owed, where that would tell its department nothing."""
        change = owed(item)
        if change is None or not self.needless(item, change):
            return item
        told, stage = (None, CANCEL) if change == CANCEL else (item.target, item.stage)
        return scheduled(desk, replace(item, told=told, stage=stage))


NOTHING = Known()
