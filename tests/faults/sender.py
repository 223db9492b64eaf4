"""A sender to be killed: `python -m tests.faults.sender URL PORT` delivers until nothing is queued.

When nothing can be tried any more its clock jumps to the moment when something can.
"""

import argparse
import asyncio
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from flows.delivery import deliver
from flows.premises import Site
from state.database import Database
from state.tables import delivery, mail_server
from tests.faults.ground import START, open_site

OPEN = ("queued", "sending")


class Stuck(Exception):
    """Letters are left that will never be tried."""


async def send_all(site: Site, at: datetime) -> datetime:
    """Returns the moment at which the last letter was settled."""
    while True:
        done = await deliver(site, at)
        due = next_due(site.database)
        if due is None:
            return at
        before, at = at, max(at, due + timedelta(seconds=1))
        if at == before and not (done.counts.total() or done.withdrawn):
            raise Stuck(done.closed or "nothing was done although something is due")


def next_due(database: Database) -> datetime | None:
    """When the next letter can be tried; None when every letter is settled."""
    with database.reading() as connection:
        open_ = delivery.c.state.in_(OPEN)
        due = connection.scalar(select(func.min(delivery.c.try_at)).where(open_))
        rest = connection.scalar(select(func.max(mail_server.c.rest_until)))
    return max(due, rest or due) if due else None


def main() -> None:
    said = argparse.ArgumentParser()
    said.add_argument("url")
    said.add_argument("port", type=int)
    said.add_argument("--connections", type=int, default=2)
    said.add_argument("--seats", type=Path)
    args = said.parse_args()
    site = open_site(args.url, args.port, connections=args.connections, seats=args.seats)
    asyncio.run(send_all(site, START))


if __name__ == "__main__":
    main()
