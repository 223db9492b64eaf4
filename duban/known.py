"""What the account knows about the items of a morning, for letters to tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from duban.assignment import Assignment
from duban.ladder import Degree
from duban.letter import Said

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


NOTHING = Known()
