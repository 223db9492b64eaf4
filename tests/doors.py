"""The addresses of a door of the console: its path with something in each of its places."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import product

from app.console.door import Door

PARAMETER = re.compile(r"{(\w+)(?::\w+)?}")


def addresses(door: Door, choices: Callable[[str], Iterable[str]]) -> Iterator[str]:
    """Every one that `choices` of its parameters give."""
    names = PARAMETER.findall(door.path)
    for values in product(*map(choices, names)):
        filled = dict(zip(names, values, strict=True))
        yield PARAMETER.sub(lambda place, filled=filled: filled[place[1]], door.path)
