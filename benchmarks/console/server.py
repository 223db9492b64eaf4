"""The real server as a process of its own: `python -m benchmarks.console.server URL FOLDER`."""

import signal
import sys
import threading
from pathlib import Path

from app.console.server import beside
from benchmarks.console.country import NOW, settings
from flows.premises import Site


def main(url: str, folder: str) -> None:
    """Prints its address, and serves until it is told to stop."""
    site = Site(settings(url, Path(folder)), now=lambda: NOW)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with beside(site) as address:
        print(address, flush=True)
        stop.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
