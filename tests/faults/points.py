"""Points of a sender at which it kills itself: the steps that only its database sees.

The steps of the conversation are seen by the sink, which kills from outside (tests/faults/kills.py).
"""

import os
import signal
from collections.abc import Callable
from typing import Any

from adapters.seatfile import Place
from flows.gate import Gate
from flows.premises import Site
from state import queue
from state.ledger import Ledger

INNER = (
    "recovered",
    "turn taken",
    "seat written",
    "claimed",
    "began",
    "before record",
    "recorded",
)
"""In the order in which a sender comes by; each is on disk, but for `before record`."""


def arm(site: Site, point: str, nth: int = 1) -> None:
    """Let this process die where it comes to `point` for the nth time; an empty one is nowhere."""
    if not point:
        return
    assert point in INNER
    left = [nth]

    def struck() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    match point:
        case "recovered":
            _after(Gate, "recover", struck)
        case "turn taken":
            _before(Place, "write", struck)
        case "seat written":
            _after(Place, "write", struck)
        case _:
            _watch_ledger(point, struck)


def _before(owner: type, name: str, struck: Callable[[], None]) -> None:
    usual = getattr(owner, name)

    def patched(*args: Any, **more: Any) -> Any:
        struck()
        return usual(*args, **more)

    setattr(owner, name, patched)


def _after(owner: type, name: str, struck: Callable[[], None]) -> None:
    usual = getattr(owner, name)

    def patched(*args: Any, **more: Any) -> Any:
        found = usual(*args, **more)
        struck()
        return found

    setattr(owner, name, patched)


def _watch_ledger(point: str, struck: Callable[[], None]) -> None:
    """Its pages are written in one transaction each: what a page holds says what is committed."""
    usual, claim = Ledger._write, queue.claim
    seen: set[str] = set()

    def claimed(*args: Any, **more: Any) -> Any:
        found = claim(*args, **more)
        seen.update(["claimed"] if found else [])
        return found

    def write(ledger: Ledger, page: Any) -> Any:
        seen.clear()
        if point == "before record" and page.ends:
            struck()
        found = usual(ledger, page)
        seen.update(["recorded"] if page.ends else [])
        seen.update(["began"] if page.begins else [])
        if point in seen:
            struck()
        return found

    Ledger._write = write
    queue.claim = claimed
