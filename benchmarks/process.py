"""Whole processes: wall time and peak memory, as the operating system accounts them."""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
MEGABYTE = 1024 if sys.platform != "darwin" else 1024 * 1024


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds of wall time and peak resident memory in MB of one process; its exit code."""

    seconds: float
    megabytes: float
    code: int


def run(arguments: Sequence[str], folder: Path, environment: dict[str, str]) -> Run:
    """Run `python -m app ARGUMENTS` in `folder`, its output thrown away."""
    command = [sys.executable, "-m", "app", *arguments]
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    variables = {**kept, "PYTHONPATH": str(REPOSITORY), **environment}
    started = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        actions = [
            (os.POSIX_SPAWN_DUP2, output.fileno(), 1),
            (os.POSIX_SPAWN_DUP2, output.fileno(), 2),
        ]
        before = Path.cwd()
        os.chdir(folder)
        try:
            process = os.posix_spawn(command[0], command, variables, file_actions=actions)
        finally:
            os.chdir(before)
        _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - started
    return Run(seconds, usage.ru_maxrss / MEGABYTE, os.waitstatus_to_exitcode(status))


def median(runs: Sequence[Run]) -> Run:
    """The run in the middle, by time."""
    ordered = sorted(runs, key=lambda one: one.seconds)
    middle = ordered[len(ordered) // 2]
    peak = statistics.median(one.megabytes for one in runs)
    return Run(middle.seconds, peak, max(one.code for one in runs))
