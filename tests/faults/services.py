"""Services: processes of duban that are started again when they end, as systemd would."""

import os
import subprocess
import sys
from pathlib import Path
from time import monotonic

from tests.prefects import REPOSITORY, SETTINGS, Worker

RESTART = 1.0
"""Seconds until one that ended is started again."""


class Service:
    def __init__(self, log: Path, home: Path, variables: dict[str, str], *command: str) -> None:
        self.log, self._home, self._variables, self._command = log, home, variables, command
        self.started = 0
        self._ended: float | None = None
        self._start()

    def _start(self) -> None:
        self.started += 1
        self._ended = None
        self._process = Worker(self.log, *self._command, cwd=self._home, **self._variables)

    def tend(self) -> None:
        """To be called again and again."""
        if self._process.alive:
            return
        if self._ended is None:
            self._ended = monotonic()
        elif monotonic() - self._ended > RESTART:
            self._start()

    def kill(self) -> None:
        """With all that it started."""
        self._process.kill()

    def stop(self) -> None:
        self._process.stop()

    def bug(self) -> bool:
        return "Traceback" in self.log.read_text(errors="replace")


def run(home: Path, variables: dict[str, str], *command: str) -> str:
    """One command of duban, to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "app", *command],
        env={**os.environ, **SETTINGS, "PYTHONPATH": str(REPOSITORY), **variables},
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
