"""Applying the real calendar, and a whole rehearsed year of it."""

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.process import REPOSITORY, Run, run


def measure() -> list[tuple[str, Run]]:
    """Each command once, in a database of its own; a second apply has nothing to do."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        variables = {"DUBAN_DATABASE": f"sqlite:///{folder / 'duban.db'}"}
        found = [
            ("duban apply (from nothing)", run(("apply", "--yes"), REPOSITORY, variables)),
            ("duban apply (nothing changed)", run(("apply", "--yes"), REPOSITORY, variables)),
            (
                "duban preview --year 2026",
                run(("preview", "--year", "2026"), REPOSITORY, variables),
            ),
        ]
        for label, more in (("answers", ()), ("silent", ("--silent",))):
            arguments = ("rehearse", "--year", "2026", "--folder", str(folder / label), *more)
            found.append((f"duban rehearse --year 2026 ({label})", run(arguments, REPOSITORY, {})))
        return found
