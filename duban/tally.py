"""Tallies: how many items show which lamp."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from duban.lamp import Lamp

LAMPS = (Lamp.RED, Lamp.YELLOW, Lamp.GREEN, Lamp.GREY)
"""The worst first."""


@dataclass(slots=True)
class Tally:
    counts: dict[Lamp, int] = field(default_factory=dict)

    def add(self, lamp: Lamp, number: int) -> None:
        self.counts[lamp] = self.counts.get(lamp, 0) + number

    def of(self, lamp: Lamp) -> int:
        return self.counts.get(lamp, 0)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def worst(self) -> tuple[int, ...]:
        """To sort by: most red first, then most yellow."""
        return tuple(-self.of(lamp) for lamp in LAMPS[:2])


def together(tallies: Iterable[Tally]) -> Tally:
    whole = Tally()
    for tally in tallies:
        for lamp, number in tally.counts.items():
            whole.add(lamp, number)
    return whole
