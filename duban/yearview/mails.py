"""The mails of a preview, and how many there are of each kind."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from duban.letter import Kind


class Mail(Protocol):
    """One mail of a preview."""

    @property
    def day(self) -> date: ...
    @property
    def office(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def department(self) -> str: ...
    @property
    def items(self) -> Sequence[Mapping[str, Any]]:
        """{activity, step, stage, due, assignment}, dates as ISO text."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Mails by kind, every kind in its order."""

    kinds: tuple[tuple[Kind, int], ...]

    @property
    def count(self) -> int:
        return sum(count for _, count in self.kinds)

    @property
    def some(self) -> list[tuple[Kind, int]]:
        """Without the kinds that there are none of."""
        return [(kind, count) for kind, count in self.kinds if count]


def tally(mails: Iterable[Mail]) -> Tally:
    found = Counter(mail.kind for mail in mails)
    return Tally(tuple((kind, found[kind.value]) for kind in Kind))
