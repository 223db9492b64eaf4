import os
from collections.abc import Callable, Iterator

import pytest

from duban.trouble import Trouble
from flows.crew import Lost, spread

Work = Callable[[int], Iterator[bytes]]


def squares() -> Work:
    def work(unit: int) -> Iterator[bytes]:
        for number in range(unit % 3):
            yield f"{unit}:{number}".encode()

    return work


def failing(reason: Callable[[], None]) -> Callable[[], Work]:
    def work(unit: int) -> Iterator[bytes]:
        if unit == 3:
            reason()
        yield b"made"

    return lambda: work


def refuse() -> None:
    raise Trouble("今天不行")


def test_what_several_processes_make_comes_in_the_order_of_the_list() -> None:
    alone, together = (list(spread(range(20), squares, crew)) for crew in (1, 3))

    assert together == alone
    assert len(alone) == 19


def test_what_a_process_refuses_is_raised_here() -> None:
    with pytest.raises(Trouble, match="今天不行"):
        list(spread(range(8), failing(refuse), 2))


def test_a_process_that_dies_is_missed() -> None:
    with pytest.raises(Lost):
        list(spread(range(8), failing(lambda: os._exit(9)), 2))
