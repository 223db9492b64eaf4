"""Trying out an edited template in a process of its own, which gets little time and little memory."""

import json
import os
import pickle
import resource
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from adapters.letters import LetterError, Letters, Rendered, fit
from adapters.sandbox import LONGEST
from duban.letter import Letter
from duban.office import Office

MEMORY = 128 << 20
"""Bytes of address space."""
SECONDS = 1
"""Of processor time."""
PATIENCE = 10
"""Seconds of the clock, for machines that are busy."""
HERE = Path(__file__).resolve().parent.parent


def try_out(
    folder: Path, sources: dict[str, str], letters: Sequence[tuple[Letter, Office]]
) -> list[Rendered]:
    """Each letter as the edited sources write it. Raises LetterError with template and line.

    `sources`: by name, in the places of the folder's files.
    """
    for name, source in sources.items():
        if len(source) > LONGEST:
            raise LetterError(name, 1, f"太长（{len(source)} 字，最多 {LONGEST} 字）")
    with _places:
        return _tried(folder, sources, letters)


_places = threading.BoundedSemaphore(2)
"""Of the processes that try things out; who comes later waits."""


def _tried(
    folder: Path, sources: dict[str, str], letters: Sequence[tuple[Letter, Office]]
) -> list[Rendered]:
    asked = pickle.dumps((str(folder), sources, list(letters)))
    try:
        done = subprocess.run(
            [sys.executable, "-m", "adapters.trial"],
            input=asked,
            capture_output=True,
            timeout=PATIENCE,
            cwd=HERE,
            env={**os.environ, "PYTHONPATH": str(HERE)},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise LetterError(next(iter(sources)), 0, TOO_SLOW) from None
    if done.returncode:
        reason = TOO_SLOW if done.returncode < 0 else TOO_BIG
        raise LetterError(next(iter(sources)), 0, reason)
    said = json.loads(done.stdout)
    if isinstance(said, dict):
        fault = LetterError(said["template"], said["line"], "")
        fault.args = (said["reason"],)
        raise fault
    return [Rendered(*one) for one in said]


TOO_SLOW = "用时太长，没有写完"
TOO_BIG = "占用的内存太多，没有写完"


def main() -> None:
    folder, sources, letters = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 - our own parent's
    made = Letters(Path(folder), known=True)
    _limit()
    try:
        made.edit(sources)
        said: object = [_plain(made, letter, office) for letter, office in letters]
    except LetterError as fault:
        said = {"template": fault.template, "line": fault.line, "reason": str(fault)}
    json.dump(said, sys.stdout)


def _plain(made: Letters, letter: Letter, office: Office) -> list[str]:
    rendered = fit(made.render(letter, office), letter)
    return [rendered.subject, rendered.text, rendered.html]


def _limit() -> None:
    spent = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2])) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (spent + SECONDS, spent + SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
