"""When each flow last came to its end, for the watchdog."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from state.tables import pulse

TICK = "tick"
"""The one that is watched."""


def beat(connection: Connection, name: str, at: datetime) -> None:
    """The flow came to its end at `at`."""
    values = update(pulse).where(pulse.c.name == name).values(at=at)
    if connection.execute(values).rowcount:
        return
    try:
        with connection.begin_nested():
            connection.execute(insert(pulse).values(name=name, at=at))
    except IntegrityError:
        connection.execute(values)


def last(connection: Connection, name: str) -> datetime | None:
    """None when it never did."""
    found: datetime | None = connection.scalar(_LAST, {"name": name})
    return found


_LAST = select(pulse.c.at).where(pulse.c.name == bindparam("name"))
