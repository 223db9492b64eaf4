"""`python -m benchmarks.scale [all|apply|due|morning|flat] [--offices N] [--keep FOLDER]`: a country.

See docs/measuring.md. `--keep`: the filled cluster stays there and is used again.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.delivery.crew import Failed
from benchmarks.delivery.sink import Missing, program
from benchmarks.delivery.table import Target
from benchmarks.scale import apply, due, flat, morning
from benchmarks.scale.ground import Ground

Part = Callable[[Ground, int], Iterator[Target]]
PARTS: dict[str, Part] = {
    "apply": apply.measure,
    "due": due.measure,
    "morning": morning.measure,
    "flat": flat.measure,
}
"""Each prints what it found, and yields what must hold."""


def main(*arguments: str) -> int:
    """1 when something could not be measured, or a target was missed."""
    said = _parser().parse_args(arguments)
    chosen = list(PARTS) if said.what == "all" else [said.what]
    try:
        program("smtp-sink", "postfix")
        with closing(Ground(said.keep)) as ground:
            targets = [one for part in chosen for one in PARTS[part](ground, said.offices)]
    except (Missing, Failed) as fault:
        print(f"not measured: {fault}")
        return 1
    print("\nTargets")
    for target in targets:
        print(target)
    return int(any(target.held is False for target in targets))


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    made.add_argument("what", nargs="?", default="all", choices=["all", *PARTS])
    made.add_argument("--offices", type=int, default=3000, help="counties; 3000: the whole country")
    made.add_argument("--keep", type=Path, help="a folder for the filled cluster")
    return made


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
