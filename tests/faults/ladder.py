"""The ladder's state machine at length: 50,000 steps of stories in several processes, each with a seed of its
own. `python -m tests.faults.ladder SEED STEPS` plays one of them and prints its counts as JSON."""

import json
import logging
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory

import structlog
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import get_state_machine_test

from tests.databases import make_tables, sqlite_in
from tests.faults.figures import Figures
from tests.journeys.ladder_story import LadderStory

STEPS = 50_000
STORY = 100
"""Steps of one story."""
PROCESSES = 2
MEMORY = Path("/dev/shm")
"""Where nothing has to reach a disk; elsewhere it takes longer."""


LOOKS = re.compile(
    r"\.(counted|nothing_wrong_was_handed_over|the_plan_of_the_applied_book_is_empty)\("
)


@dataclass(frozen=True)
class Played:
    seed: int
    counts: Counter[str]
    breach: str = ""
    """Where a promise was broken: how."""


def measure(_folder: Path, steps: int = STEPS, processes: int = PROCESSES) -> list[Figures]:
    """Prints every seed and what its stories came to, and the sum."""
    draw = SystemRandom()
    begun = [_begin(draw.randrange(1 << 32), -(-steps // processes)) for _ in range(processes)]
    played = [_end(*one) for one in begun]
    for one in played:
        print(f"seed {one.seed}: {dict(one.counts)}", file=sys.stderr)
    counts = sum((one.counts for one in played), Counter[str]())
    print(f"together: {dict(counts)}", file=sys.stderr, flush=True)
    breaches = [f"seed {one.seed}: {one.breach}" for one in played if one.breach]
    return [_figures(counts, steps, breaches)]


def _figures(counts: Counter[str], steps: int, breaches: list[str]) -> Figures:
    short = counts["steps"] < steps and not breaches
    complaints = [*breaches, *([f"only {counts['steps']} steps"] if short else [])]
    name = f"ladder, {counts['steps']:,} steps"
    return Figures(name, counts["letters"], counts["failed"], complaints=tuple(complaints))


def _begin(number: int, steps: int) -> tuple[int, subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.faults.ladder", str(number), str(steps)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return number, subprocess.Popen(command, text=True, **pipes)  # type: ignore[call-overload]


def _end(number: int, process: subprocess.Popen[str]) -> Played:
    said, wrong = process.communicate()
    counts = Counter(json.loads(said.splitlines()[-1])) if said else Counter[str]()
    return Played(number, counts, _breach(wrong) if process.returncode else "")


def _breach(wrong: str) -> str:
    """What is wrong, and the story that led to it; what is looked at after each step is left out."""
    lines = wrong.splitlines()
    why = [line for line in lines if re.match(r"\w+(\.\w+)*: |\w*Error", line)]
    story = [line for line in lines if line.startswith("state.") and not LOOKS.search(line)]
    return "\n    ".join([*why, *story]) or wrong[-2000:]


# --- one process ---


def main(number: int, steps: int) -> None:
    """Raises what broke a promise, with the shortest story that was found to break it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        made = Path(folder)
        make_tables(sqlite_in(made))
        try:
            seed(number)(_stories(made, -(-steps // STORY)))()
        finally:
            print(json.dumps(LadderStory.tally), flush=True)


def _stories(made: Path, stories: int):
    @contextmanager
    def copied() -> Iterator[str]:
        with TemporaryDirectory(dir=made) as folder:
            shutil.copy(made / "duban.db", folder)
            yield sqlite_in(folder)

    played = settings(
        max_examples=stories,
        stateful_step_count=STORY,
        deadline=None,
        database=None,
        phases=_phases(),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    return get_state_machine_test(lambda: LadderStory(copied), settings=played)


def _phases() -> tuple[Phase, ...]:
    """DUBAN_QUICK=1 leaves a story that breaks a promise as long as it is."""
    quick = (Phase.generate,)
    return quick if os.environ.get("DUBAN_QUICK") else (*quick, Phase.shrink)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
