"""The real server as processes of their own: `python -m benchmarks.console.server URL FOLDER PROCESSES`."""

import os
import sys
from pathlib import Path

from starlette.applications import Starlette

from app.console.application import application
from app.console.server import crowd
from benchmarks.console.country import NOW, settings
from flows.premises import Site

URL, FOLDER = "DUBAN_BENCHMARK_URL", "DUBAN_BENCHMARK_FOLDER"


def main(url: str, folder: str, processes: str) -> None:
    """Prints its address, and serves until it is told to stop."""
    os.environ[URL], os.environ[FOLDER] = url, folder
    crowd(
        _site(),
        int(processes),
        lambda address: print(address, flush=True),
        "benchmarks.console.server:here",
    )


def here() -> Starlette:
    return application(_site())


def _site() -> Site:
    return Site(settings(os.environ[URL], Path(os.environ[FOLDER])), now=lambda: NOW)


if __name__ == "__main__":
    main(*sys.argv[1:])
