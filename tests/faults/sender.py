"""A sender to be killed: `python -m tests.faults.sender URL PORT` delivers until nothing is queued.

When nothing can be tried any more its clock jumps to the moment when something can: the next try,
or the end of a dead sender's lease. So it must be the only sender of its database, unless --stay.
"""

import argparse
import asyncio
from datetime import datetime, timedelta

from sqlalchemy import case, func, select

from flows.delivery import deliver
from flows.premises import Site
from state import tables
from state.database import Database
from tests.faults.ground import START, open_site

OPEN = ("queued", "sending")


async def send_all(site: Site, at: datetime, *, jump: bool = True) -> datetime:
    """Returns the moment at which the last letter was settled."""
    while True:
        await deliver(site, at)
        due = next_due(site.database)
        if due is None or not jump:
            return at
        at = max(at, due + timedelta(seconds=1))


def next_due(database: Database) -> datetime | None:
    """When the next letter can be tried; None when every letter is settled."""
    delivery = getattr(tables, "delivery", tables.letter).c
    moment = case((delivery.state == "queued", delivery.try_at), else_=delivery.lease_until)
    with database.reading() as connection:
        return connection.scalar(select(func.min(moment)).where(delivery.state.in_(OPEN)))


def main() -> None:
    said = argparse.ArgumentParser()
    said.add_argument("url")
    said.add_argument("port", type=int)
    said.add_argument("--connections", type=int, default=2)
    said.add_argument("--stay", action="store_true", help="let the clock be")
    args = said.parse_args()
    site = open_site(args.url, args.port, connections=args.connections)
    asyncio.run(send_all(site, START, jump=not args.stay))


if __name__ == "__main__":
    main()
