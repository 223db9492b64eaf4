"""What every office of a made-up country does in a year: which activities, and by which steps."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from duban.activity import Activity
from duban.occurrences import occurrence

OPEN = 8
"""Activities at most whose days are not known yet: somebody has to announce them."""
SIXTY, WHOLE, BROAD = 60, 8, 32
"""Of sixty, that many are campaigns that ask every department, and that many ask a few; the rest are days,
weeks and months. With thirty departments these are some 1,490 items an office and year."""


@dataclass(frozen=True, slots=True)
class MadeUp:
    """An activity that the shipped calendar does not have."""

    id: str
    name: str
    rule: str


@dataclass(frozen=True, slots=True)
class Undertaking:
    """One activity in everybody's year."""

    activity: str
    steps: str
    everybody: bool = False


def shipped(activities: Iterable[Activity], year: int, most: int) -> list[str]:
    """Names of real activities that take place in that year: those with known days, and some without."""
    every = list(activities)
    known = {name: one for one in every for name in (one.id, *one.names)}
    found = [days for one in every if (days := occurrence(one, year, known.get))]
    dated = [days.name for days in found if days.span]
    others = [days.name for days in found if days.span is None]
    return [*dated, *others[:OPEN]][:most]


def made_up(count: int, seed: int) -> list[MadeUp]:
    """Days and weeks from February to December."""
    dice = Random(f"{seed}/activities")
    found = []
    for number in range(count):
        month, day = number * 11 // count + 2, dice.randint(1, 21)
        week = number % 3 == 0
        rule = f"{month}月{day}日至{day + 6}日" if week else f"{month}月{day}日"
        name = f"测试主题{'周' if week else '日'}{number + 1:03}"
        found.append(MadeUp(f"ceshi{number + 1:03}", name, rule))
    return found


def undertakings(names: Sequence[str], seed: int) -> list[Undertaking]:
    """How much each of them asks."""
    kinds = list(_kinds(len(names)))
    Random(f"{seed}/steps").shuffle(kinds)
    return [Undertaking(name, *kind) for name, kind in zip(names, kinds, strict=True)]


def _kinds(count: int) -> Iterator[tuple[str, bool]]:
    whole, broad = (round(count * part / SIXTY) for part in (WHOLE, BROAD))
    for number in range(count):
        campaign = number < whole + broad
        yield "campaign" if campaign else ("day", "week", "month")[number % 3], number < whole
