"""Processes that start together and are timed together."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from benchmarks.delivery.sink import Sink
from benchmarks.process import REPOSITORY


class Failed(Exception):
    """A measured process broke, or mail was lost; the message holds its last words."""


@dataclass(frozen=True, slots=True)
class Run:
    """One measurement."""

    mails: int
    seconds: float
    """From `go` until the last process was done."""
    cpu: float | None = None
    """Seconds for each sending process; its helpers' are counted in."""
    peak: float | None = None
    """MB of the biggest process."""
    busy: float | None = None
    """Seconds of all processors of this machine, whatever it did: the servers' and the kernel's, too."""

    @property
    def rate(self) -> float:
        return self.mails / self.seconds


def ours(module: str, *arguments: object) -> list[str]:
    """A command that runs a module of the benchmark in this environment."""
    return [sys.executable, "-m", module, *map(str, arguments)]


def measure(
    commands: Sequence[Sequence[str]],
    mails: int | None,
    sink: Sink | None = None,
    *,
    processes: int = 0,
) -> Run:
    """Run drivers (see driver.py) at the same time; all mails must have come to `sink`.

    `mails`: how many there are, None: as many as they say. `processes`: how many send, where one command
    stands for several. Raises Failed.
    """
    with ExitStack() as stack:
        errors = stack.enter_context(TemporaryFile("w+"))
        crew = [stack.enter_context(_start(command, errors)) for command in commands]
        try:
            for one in crew:
                _line(one, errors)
            os.sync()  # or the first commits would also pay for the database that was copied
            started, before = time.perf_counter(), _busy()
            for one in crew:
                _say(one, "go\n")
            told = [json.loads(_line(one, errors)) for one in crew]
            seconds, busy = time.perf_counter() - started, _busy() - before
        finally:
            for one in crew:
                _end(one)
    counted = sum(one["mails"] or 0 for one in told)
    mails = counted if mails is None else mails
    if counted not in (0, mails) or (sink and sink.mails != mails):
        raise Failed(f"{counted} of {mails} mails sent, {sink and sink.mails} arrived")
    cpu = sum(one["cpu"] for one in told) / (processes or len(crew))
    return Run(mails, seconds, cpu, max(one["peak"] for one in told), busy)


def _busy() -> float:
    """proc(5), /proc/stat: the first line sums up all processors; its fourth and fifth figure are idle."""
    ticks = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")


def _start(command: Sequence[str], errors: IO[str]) -> "subprocess.Popen[str]":
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        env={**kept, "PYTHONPATH": str(REPOSITORY)},
        start_new_session=True,
    )


def _say(process: "subprocess.Popen[str]", words: str) -> None:
    assert process.stdin is not None
    process.stdin.write(words)
    process.stdin.flush()


def _line(process: "subprocess.Popen[str]", errors: IO[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(("ready", "{")):
            return line
    errors.seek(0)
    raise Failed(errors.read()[-500:].strip() or f"it ended with {process.wait()}")


def _end(process: "subprocess.Popen[str]") -> None:
    """A driver ends when its input does; what it leaves behind is ended too."""
    assert process.stdin is not None
    with suppress(BrokenPipeError):
        process.stdin.close()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=10)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
