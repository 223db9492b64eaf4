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
    nameless: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Of these, the words of entries whose own names could not be read."""
    whole: frozenset[str] = frozenset()
    """Shelves that may hold anything, since a file or a list could not be read."""
    damaged: frozenset[Place] = frozenset()
    """Entries which are kept for what could be read of them."""

    def excuses(self, shelf: str, name: str) -> bool:
        """Whether `name` may well stand on the shelf, in what could not be read."""
        return (
            name == UNREAD
            or shelf in self.whole
            or name in self.words.get(shelf, ())
            or any(_akin(name, word) for word in self.nameless.get(shelf, ()))
        )

    def with_(self, other: "Unread") -> "Unread":
        """Both together."""
        if not (other.words or other.nameless or other.whole or other.damaged):
            return self
        return Unread(
            _joined(self.words, other.words),
            _joined(self.nameless, other.nameless),
            self.whole | other.whole,
            self.damaged | other.damaged,
        )

    def touches(self, shelf: str) -> bool:
        """Whether anything of the shelf could not be read."""
        return shelf in self.whole or bool(self.words.get(shelf))


def _joined(
    some: Mapping[str, frozenset[str]], more: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    return {key: some.get(key, frozenset()) | more.get(key, frozenset()) for key in {*some, *more}}


def _akin(name: str, word: str) -> bool:
    """Whether one may be short for the other, as 市科协 is for 重庆市科学技术协会."""
    short, long = sorted((_letters(name), _letters(word)), key=len)
    rest = iter(long)
    return len(short) > 1 and all(letter in rest for letter in short)


def _letters(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())
