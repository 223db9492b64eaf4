"""The question of every tick: who has something to do, and what is due."""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from benchmarks.delivery.table import Target
from benchmarks.scale import peak
from benchmarks.scale.ground import Ground
from benchmarks.scale.worker import site_of
from flows import busy
from flows.premises import Site, use
from state import assignments, waiting

ROUNDS = 5
MOST = 300.0


def measure(ground: Ground, counties: int) -> Iterator[Target]:
    name = ground.country(counties)
    site = site_of(ground.cluster.url(name), ground.folder, 25)
    use(site)
    chosen = peak.find(site)
    desks = site.desks()
    offices = desks.downwards
    days = desks.roster.today(offices, chosen.at)
    print(
        f"\nQuestions to {chosen.items:,} items of {len(offices):,} offices on {chosen.at.date()}"
    )
    with site.database.reading() as connection:
        who = _time("which offices have something due", lambda: waiting.due(connection, days))
        _time("what is due, all offices", lambda: _all(connection, offices, chosen.at))
    _time("who is busy: due, digests, failed letters", lambda: busy.mornings(offices, chosen.at))
    _time("who has receipts to write", lambda: busy.receipts(offices, chosen.at))
    _time("who may report to the office above", lambda: busy.roll_ups(offices))
    _time("who has outdated letters", lambda: busy.outdated(offices, chosen.at))
    _cold(ground, name)
    site.database.close()
    yield Target("due query of a day", who, MOST, " ms", at_most=True)


def _all(connection: Any, offices: list[str], at: datetime) -> int:
    """One after the other, as a tick asks."""
    return sum(len(assignments.due(connection, office, at.date())) for office in offices)


def _cold(ground: Ground, name: str) -> None:
    """A process that begins: the cards of all offices are read."""
    site: Site = site_of(ground.cluster.url(name), ground.folder, 25)
    began = time.perf_counter()
    site.desks().roster  # noqa: B018
    print(
        f"{'the cards of all offices, read once':48}{(time.perf_counter() - began) * 1000:9.0f} ms"
    )
    site.database.close()


def _time(what: str, ask: Callable[[], Any]) -> float:
    """Milliseconds: the median."""
    spent = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        answer = ask()
        spent.append((time.perf_counter() - began) * 1000)
    found = answer if isinstance(answer, int) else len(answer)
    middle = statistics.median(spent)
    print(f"{what:48}{middle:9.0f} ms  {found:9,} found", flush=True)
    return middle
