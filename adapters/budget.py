"""What an edited template may take while it writes a letter: loops, time, length."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

import jinja2

OUTPUT = 1_000_000
"""Characters that one template may write."""
LONGEST_VALUE = 50_000
"""Characters of one value on the way."""
LOOPS = 50_000
"""Times around, in all loops of one template together."""
SECONDS = 0.5
"""For one template."""


class TooMuch(jinja2.TemplateRuntimeError):
    """A template took too long, or wrote too much."""


class _Budget(threading.local):
    """What the template that this thread fills has left."""

    until = 0.0
    loops = 0

    def begin(self) -> None:
        self.until, self.loops = time.monotonic() + SECONDS, LOOPS

    def check(self) -> None:
        if time.monotonic() > self.until:
            raise TooMuch("用时太长")


_budget = _Budget()


def measured(
    fill: Callable[[Any], Iterator[str]],
) -> Callable[[Any], Iterator[str]]:
    def filled(context: Any) -> Iterator[str]:
        _budget.begin()
        total = 0
        for part in fill(context):
            total += len(part)
            if total > OUTPUT:
                raise TooMuch("写出的内容太长")
            _budget.check()
            yield part

    return filled


def counted(values: Iterable[Any]) -> Iterable[Any]:
    """What a loop goes through: one of the letter's lists."""
    if isinstance(values, str) or not isinstance(values, list | tuple | Iterator):
        raise TooMuch("只能逐项列出信里的内容")
    return _Counted(list(values)) if isinstance(values, Iterator) else _Counted(values)


class _Counted(list[Any]):
    """A list that counts how often it is gone around."""

    def __iter__(self) -> Iterator[Any]:
        for one in super().__iter__():
            _budget.loops -= 1
            if _budget.loops < 0:
                raise TooMuch("循环的次数太多")
            _budget.check()
            yield one


def bounded(name: str, known: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that looks at its time and at the length of what it takes and gives."""

    @wraps(known)
    def asked(*args: Any, **more: Any) -> Any:
        _budget.check()
        _fits(name, args)
        made = known(*args, **more)
        if isinstance(made, str) and len(made) > LONGEST_VALUE:
            raise TooMuch("一项内容太长")
        return made

    return asked


def _fits(name: str, args: tuple[Any, ...]) -> None:
    if any(isinstance(one, str) and len(one) > LONGEST_VALUE for one in args):
        raise TooMuch("一项内容太长")
    if name == "pad" and not (len(args) > 1 and isinstance(args[1], int) and 0 <= args[1] <= 200):
        raise TooMuch("pad 的宽度最多 200")
    if name == "join":
        values, between = _values(args)
        pieces = [one for one in values if isinstance(one, str)]
        if sum(map(len, pieces)) + len(values) * len(between) > LONGEST_VALUE:
            raise TooMuch("一项内容太长")


def _values(args: tuple[Any, ...]) -> tuple[list[Any], str]:
    """What join joins, and by what; its first arguments may be Jinja's own."""
    own = [one for one in args if not hasattr(one, "autoescape")]
    values = own[0] if own and isinstance(own[0], list | tuple | str) else []
    return list(values), str(own[1]) if len(own) > 1 else ""
