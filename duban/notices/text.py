"""The text of a notice without what copying puts into it."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass


def untagged(text: str) -> str:
    """Blanks for tags and hard spaces of HTML, so that places stay as they are."""
    pattern = r"</?[A-Za-z!][^<>\n]{0,2000}>|&(?:nbsp|ensp|emsp|#160|#12288);"
    return re.sub(pattern, lambda found: " " * len(found[0]), text)


@dataclass(frozen=True, slots=True)
class Spot:
    """A sentence as it was written, and its line."""

    quote: str
    line: int


class Copy:
    """The text in plain characters, which still know where they stood."""

    def __init__(self, source: str) -> None:
        kept = [(new, at) for at, old in enumerate(source) for new in _plain(old)]
        self.text = "".join(new for new, _ in kept)
        self._places = [at for _, at in kept]
        self._source = source
        self._breaks = [one.start() for one in re.finditer("\n", source)]

    def spot(self, start: int, end: int) -> Spot:
        if start >= end or start >= len(self._places):
            return Spot("", 0)
        first, last = self._places[start], self._places[min(end, len(self._places)) - 1]
        return Spot(shown(self._source[first : last + 1]), bisect_right(self._breaks, first) + 1)


def plain(text: str) -> str:
    return "".join(one for old in text for one in _plain(old))


def _plain(character: str) -> Iterator[str]:
    """Full-width forms as plain ones, every dash as `-`; white space, quotes and marks go."""
    for one in unicodedata.normalize("NFKC", character):
        if one in "—–―−‐‑‒~":
            yield "-"
        elif unicodedata.category(one)[0] not in "CZ" and one not in "“”‘’「」\"'*#":
            yield one


def shown(text: str) -> str:
    """As a fault quotes it."""
    kept = "".join(one for one in text if unicodedata.category(one)[0] not in "CZ")
    return kept if len(kept) <= 80 else f"{kept[:80]}…"
