"""Parts: all offices cut into shares for several machines, `2/8`: the second of eight.

Offices of which one is a department of the other belong into one part: the one above writes its letters
first, so that nobody who reads letters of both gets two of one morning.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import heapify, heapreplace

from duban.trouble import Trouble

MOST = 1000


class NoPart(Trouble):
    """It does not name a part."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Part:
    number: int
    """From 1."""
    of: int


WHOLE = Part(1, 1)


def read(text: str) -> Part:
    """`2/8`; nothing stands for all. Raises NoPart."""
    if not text:
        return WHOLE
    found = re.fullmatch(r"([1-9]\d{0,3})/([1-9]\d{0,3})", text, re.ASCII)
    part = Part(int(found[1]), int(found[2])) if found else None
    if part is None or part.number > part.of or part.of > MOST:
        raise NoPart(
            f"份额“{text[:40]}”写得不对，应如 2/8（八份中的第二份），至多 {MOST} 份；不写就是全部"
        )
    return part


def share(part: Part, linked: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """The ids of the offices in it. `linked`: of every office, by id, those that are departments of it.

    The same wherever it is asked; every office is in one part, and no part has much more than another.
    """
    load = [(0, number) for number in range(1, part.of + 1)]
    heapify(load)
    found: list[str] = []
    for group in groups(linked):
        size, number = load[0]
        heapreplace(load, (size + len(group), number))
        if number == part.number:
            found += group
    return frozenset(found)


def groups(linked: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """Offices that belong together, in the order of their ids: the largest group first, then by id."""
    above = {id: id for id in linked}

    def top(id: str) -> str:
        while above[id] != id:
            above[id] = id = above[above[id]]
        return id

    for id, others in linked.items():
        for other in others:
            if other in above:
                above[top(other)] = top(id)
    found: dict[str, list[str]] = {}
    for id in sorted(linked):
        found.setdefault(top(id), []).append(id)
    return sorted(map(tuple, found.values()), key=lambda group: (-len(group), group[0]))
