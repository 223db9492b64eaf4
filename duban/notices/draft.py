"""A holiday while its sentences are read."""

from dataclasses import dataclass, field
from datetime import date

from duban.notices.text import Spot


@dataclass(slots=True)
class Draft:
    """What the sentences of one holiday say, each with its place."""

    name: str
    spot: Spot
    off: set[date] = field(default_factory=set)
    work: set[date] = field(default_factory=set)
    claims: list[tuple[str, list[date] | int, Spot]] = field(default_factory=list)
    """What has to be true of the whole: kind, days or count, sentence."""
    join: bool = False
    last: date | None = None
    """The day that was named last; the next one may leave out its month."""
    bad: bool = False
    """Whether a sentence of it is a fault."""

    @property
    def parts(self) -> set[str]:
        return set(self.name.split("、"))
