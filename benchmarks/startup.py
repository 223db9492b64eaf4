"""How long a command takes to start: nothing that it does not need may be imported."""

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.process import REPOSITORY, Run, median, run

COMMANDS = (("--help",), ("check",), ("plan", "--json"))
LIMIT = 0.7
RUNS = 5


def measure() -> list[tuple[str, Run]]:
    """Medians of five, after one run to warm the caches."""
    with TemporaryDirectory() as folder:
        variables = {"DUBAN_DATABASE": f"sqlite:///{Path(folder) / 'duban.db'}"}
        run(("plan",), REPOSITORY, variables)
        return [
            (
                "duban " + " ".join(command),
                median([run(command, REPOSITORY, variables) for _ in range(RUNS)]),
            )
            for command in COMMANDS
        ]
