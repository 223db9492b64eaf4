"""One sender of ours: `python -m benchmarks.delivery.sender DATABASE FOLDER PORT CONNECTIONS [PER_DAY]`."""

import asyncio
import sys
from pathlib import Path

from benchmarks.delivery.driver import drive
from benchmarks.delivery.mails import AT
from benchmarks.delivery.stock import Place
from flows.delivery import deliver


def main(database: str, folder: str, port: str, connections: str, per_day: str = "") -> None:
    limit = int(per_day) if per_day else None
    place = Place(database, Path(folder), int(port), int(connections), limit)
    site = place.site()
    site.desks()

    def work() -> int:
        done = asyncio.run(deliver(site, AT))
        if done.unsent or done.withdrawn:
            sys.exit(f"{done.counts}, withdrawn {done.withdrawn}: {done.replies[:1]}")
        return done.accepted

    drive(work)


if __name__ == "__main__":
    main(*sys.argv[1:])
