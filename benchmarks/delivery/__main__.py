"""`python -m benchmarks.delivery [--quick]`: how fast mail is handed over. See docs/measuring.md."""

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.delivery import crowd, freezing, ours, raw
from benchmarks.delivery.contender import Contender, take_turns
from benchmarks.delivery.crew import Failed, Run, measure
from benchmarks.delivery.crew import ours as command
from benchmarks.delivery.peers import contest
from benchmarks.delivery.sink import Missing, Sink, program
from benchmarks.delivery.stores import Postgres, Sqlite, Store
from benchmarks.delivery.table import Target, show


@dataclass(frozen=True, slots=True)
class Size:
    """How many times, and how much."""

    rounds: int
    mails: int
    floor: int
    peers: int
    slow: int
    """Mails for django-mailer, which is the slowest."""
    letters: int
    few: int
    many: int


FULL = Size(5, 20_000, 3_000, 5_000, 1_000, 3_000, 10_000, 1_000_000)
QUICK = Size(1, 4_000, 500, 1_000, 300, 200, 4_000, 100_000)
TIMES_FASTER = 4.0
OF_RAW = {("SQLite", 1): 0.2, ("PostgreSQL", 2): 0.35}
"""By database and processes."""
FROZEN = 3000.0
MEMORY = 150.0
AS_FAST = 0.9


def main(*arguments: str) -> int:
    """1 when something of ours could not be measured or, in the full form, when a target was missed."""
    size = QUICK if "--quick" in arguments else FULL
    try:
        program("smtp-sink", "postfix")
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="duban-bench-")))
            stores = [Sqlite(folder), *_postgres(stack)]
            targets = _deliver(size, stores) + _freeze(size, stores) + _crowd(size, stores[0])
    except (Missing, Failed) as fault:
        print(f"not measured: {fault}")
        return 1
    print("\nTargets")
    for target in targets:
        print(target)
    return int(size is FULL and any(target.held is False for target in targets))


def _postgres(stack: ExitStack) -> list[Postgres]:
    """A cluster of our own; nothing where PostgreSQL is not installed."""
    from tests.postgres import Cluster, programs

    if programs() is None:
        print("left out: PostgreSQL (apt install postgresql)")
        return []
    cluster = Cluster(lasting=True)
    stack.callback(cluster.close)
    cluster.start()
    return [Postgres(cluster)]


# --- handing over ---


def _deliver(size: Size, stores: list[Store]) -> list[Target]:
    limit = Contender("raw limit: smtp-source, 4 connections", lambda: _raw(size.mails))
    plain = Contender("floor: EmailMessage and aiosmtplib", lambda: _floor(size.floor))
    own = ours.contenders(stores[0], size.mails, [1])
    for store in stores[1:]:
        own += ours.contenders(store, size.mails, [1, 2])
    others = _peers(size, stores)
    take_turns([limit, plain, *own, *others], size.rounds)
    _demand(limit, *own)
    title = f"Handing over mails of about 4 KB (medians of {size.rounds})"
    show(title, [limit, plain, *own, *others], "mails/s", limit.rate)
    faster = [_times_faster(own, others, processes) for processes in (1, 2)]
    return [*_of_raw(own, limit), *faster]


def _raw(mails: int) -> Run:
    with Sink() as sink:
        return raw.send(sink, mails)


def _floor(mails: int) -> Run:
    with Sink() as sink:
        return measure([command("benchmarks.delivery.floor", sink.port, mails)], mails, sink)


def _peers(size: Size, stores: list[Store]) -> list[Contender]:
    """Each with the database that suits it, with its defaults and with its settings for speed."""
    try:
        python = contest.environment()
    except contest.Unavailable as why:
        print(f"left out: the other queues, for they cannot be installed ({why})")
        return []
    office, mailer = "django-post_office", "django-mailer"
    found = []
    for n in (1, 2):
        for store, tuned in [(stores[0], False), *((store, True) for store in stores)]:
            found.append(contest.with_queue(python, office, store, size.peers, n, tuned))
    found.append(contest.with_queue(python, mailer, stores[0], size.slow, 1, True))
    for store in stores[1:]:  # two processes share its queue by row locks, which SQLite has not
        found.append(contest.with_queue(python, mailer, store, size.slow, 2, True))
    found += [
        contest.with_celery(python, size.peers, n, tuned) for n in (1, 2) for tuned in (False, True)
    ]
    return found


def _of_raw(own: list[Contender], limit: Contender) -> list[Target]:
    """The better number of connections of each database and number of processes that has a target."""
    found = []
    for (label, processes), share in OF_RAW.items():
        rates = [one.rate for one in own if one.processes == processes and label in one.name]
        value = max(rates) / limit.rate if rates and limit.rate else None
        words = f"{label}, {processes} process{'es' * (processes > 1)} / raw limit"
        found.append(Target(words, value, share))
    return found


def _times_faster(own: list[Contender], others: list[Contender], processes: int) -> Target:
    best, rival = (
        max((one.rate for one in group if one.processes == processes), default=0.0)
        for group in (own, others)
    )
    ratio = best / rival if best and rival else None
    words = f"duban / best other queue, {processes} process{'es' * (processes > 1)}"
    return Target(words, ratio, TIMES_FASTER, " x")


# --- freezing, and a million in the queue ---


def _freeze(size: Size, stores: list[Store]) -> list[Target]:
    kinds = (freezing.FEW, freezing.MANY)
    rows = [freezing.contender(store, size.letters, items) for store in stores for items in kinds]
    take_turns(rows, size.rounds)
    _demand(*rows)
    show(f"Freezing: render, build, insert (medians of {size.rounds})", rows, "letters/s")
    return [Target("freezing, SQLite, 1-3 items a letter", rows[0].rate, FROZEN, "/s")]


def _crowd(size: Size, store: Sqlite) -> list[Target]:
    few, many = crowd.contenders(store, size.few, size.many)
    take_turns([few, many], size.rounds)
    _demand(few, many)
    title = f"The first {size.few:,} of those queued, SQLite (medians of {size.rounds})"
    show(title, [few, many], "mails/s")
    queued = f"{size.many:,} queued"
    return [
        Target(f"peak memory with {queued}", many.peak, MEMORY, " MB", at_most=True),
        Target(f"speed with {queued} / with {size.few:,}", many.rate / few.rate, AS_FAST),
    ]


def _demand(*own: Contender) -> None:
    """Raises Failed where one of ours broke."""
    for one in own:
        if one.fault:
            raise Failed(f"{one.name}: {one.fault}")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
