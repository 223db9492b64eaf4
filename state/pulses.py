"""When each flow last came to its end, for the watchdog."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from duban.watchdog import answered
from state.tables import pulse

TICK = "tick"
"""The one that is watched; that of a part of the offices is called `tick 2/8`."""


def named(part: str) -> str:
    """The pulse of the tick of a part of the offices; of all with ""."""
    return f"{TICK} {part}".strip()


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


def ticked(connection: Connection) -> datetime | None:
    """When all offices were last ticked, at once or in parts; None: never."""
    found = connection.execute(_TICKS, {"parts": f"{TICK} %/%"})
    return answered({row.name.removeprefix(TICK).strip(): row.at for row in found})


_TICKS = select(pulse).where(or_(pulse.c.name == TICK, pulse.c.name.like(bindparam("parts"))))
