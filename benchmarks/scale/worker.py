"""One process of a morning: `python -m benchmarks.scale.worker DATABASE FOLDER PORT PART AT CONNECTIONS`.

It writes the letters of its part and hands over whatever waits. Those of its first office it wrote before
it was timed: a service compiles its statements and templates once, not every morning.
"""

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from adapters.catcher import Catcher
from adapters.post import Server
from adapters.settings import load_settings
from app.reading import log_aside
from benchmarks.delivery.driver import drive
from benchmarks.process import REPOSITORY
from flows.premises import Site, use
from flows.tick import tick


def site_of(database: str, folder: Path, port: int, connections: int = 4) -> Site:
    mail: dict[str, Any] = {
        "mode": "smtp",
        "host": "127.0.0.1",
        "port": port,
        "tls": "none",
        "breaker": 0,
        "connections": connections,
    }
    return Site(load_settings(REPOSITORY, database=database, seats=folder / "seats", mail=mail))


def main(database: str, folder: str, port: str, part: str, at: str, connections: str) -> None:
    log_aside()  # stdout is read only at the end: a full pipe would stop the process
    site = site_of(database, Path(folder), int(port), int(connections))
    use(site)
    moment = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    asyncio.run(_warm(site, part, moment))

    def work() -> int:
        done = asyncio.run(tick(moment, part=part))
        faults = [fault for one in done.written for fault in one.faults]
        if done.delivered.unsent or done.delivered.closed or faults:
            sys.exit(f"{done.delivered.counts} {done.delivered.closed} {faults[:3]}")
        return done.delivered.accepted

    drive(work)


async def _warm(site: Site, part: str, moment: datetime) -> None:
    async with Catcher(None) as catcher:
        site.server = Server(host=catcher.host, port=catcher.port, tls="none")
        await tick(moment, site.desks().part(part)[:1], part=part)
    site.server = None
    site.database.close()  # or the server would keep what it planned for a queue of some thirty letters


if __name__ == "__main__":
    main(*sys.argv[1:])
