"""What was written but could not be read: naming it elsewhere is no second fault."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from duban.fault import Place

UNREAD = "unread"
"""Stands for an id or a name that could not be read."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Shelves are `offices`, `activities`, `ladders`, `sets`, `departments/cq`, `contacts/cq`."""

    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By shelf, every word of the entries that were not read whole."""
    whole: frozenset[str] = frozenset()
    """Shelves that may hold anything, since a file or a list could not be read."""
    damaged: frozenset[Place] = frozenset()
    """Entries which are kept for what could be read of them."""

    def excuses(self, shelf: str, name: str) -> bool:
        """Whether `name` may well stand on the shelf, in what could not be read."""
        return name == UNREAD or shelf in self.whole or name in self.words.get(shelf, ())
