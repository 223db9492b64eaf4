"""Following a programme: what the database knows of it, seen as a whole."""

from datetime import date
from zoneinfo import ZoneInfo

from duban.desk import Desk
from duban.phasereport import Followed
from duban.phases import Owed
from duban.programme import Programme
from duban.programmeview import Values, View, needed, view
from duban.trouble import Trouble
from state import programmes, values
from state.database import Connection
from state.scope import Scope


class NoProgramme(Trouble):
    """The calendar has none of that id."""

    exit_code = 2


def find(desk: Desk, id: str) -> Programme:
    """Raises NoProgramme."""
    every = desk.branch.programmes
    for one in every:
        if one.id == id:
            return one
    known = f"，可写：{'、'.join(one.id for one in every)}" if every else ""
    raise NoProgramme(f"{desk.office.short}的日历里没有规划“{id[:40]}”{known}")


def follow(
    connection: Connection, desk: Desk, scope: Scope, programme: Programme, day: date
) -> View:
    every = desk.branch.programmes
    return view(programme, every, *_known(connection, desk, scope, programme), day)


def follow_phase(connection: Connection, desk: Desk, period: str) -> Followed | None:
    """What there is for the report of a phase; None: the calendar has dropped it."""
    found = desk.phase(period)
    return found and Followed(*found, *_known(connection, desk, Scope(desk.office.id), found[0]))


def _known(
    connection: Connection, desk: Desk, scope: Scope, programme: Programme
) -> tuple[list[Owed], Values]:
    asked = [f"{programme.id}.{task.id}" for task in programme.asked]
    wanted = needed(programme, desk.branch.programmes)
    return (
        programmes.owed(connection, scope, asked, ZoneInfo(desk.office.zone)),
        values.of_targets(connection, scope, wanted),
    )
