"""`./run faults`: every fault in full size, as a table. `python -m tests.faults NAME` runs one."""

import logging
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import structlog

from tests.faults import (
    bounces,
    clocks,
    copies,
    crashes,
    crowds,
    cuts,
    fulldisk,
    hostile,
    kills,
    ladder,
    locked,
    smtpsink,
    stalls,
    workers,
)
from tests.faults.figures import Figures, table

RUNS: dict[str, Callable[[Path], list[Figures]]] = {
    "hostile": hostile.measure,
    "cuts": cuts.measure,
    "slow": cuts.slow,
    "bounces": bounces.measure,
    "steps": kills.at_every_step,
    "kills": kills.sqlite_kills,
    "crowds": crowds.postgres_kills,
    "crashes": crashes.measure,
    "locked": locked.measure,
    "fulldisk": fulldisk.measure,
    "copies": copies.measure,
    "stalls": stalls.measure,
    "clocks": clocks.measure,
    "smtp-sink": smtpsink.measure,
    "ladder": ladder.measure,
    "workers": workers.measure,
}


def main(*names: str) -> int:
    """1 when a mail was lost or a line is not explained."""
    if unknown := set(names) - set(RUNS):
        print(f"no such fault: {', '.join(sorted(unknown))}; there are {', '.join(RUNS)}")
        return 2
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    found: list[Figures] = []
    for name in names or RUNS:
        begun = monotonic()
        with tempfile.TemporaryDirectory() as folder:
            found += RUNS[name](Path(folder))
        print(f"{name}: {monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    print(table(found))
    return 1 if any(one.complaints for one in found) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
