"""What the account knows about a morning's items, for the letters to tell."""

from datetime import date

from duban import acts
from duban.assignment import Assignment, Duty
from duban.completion import State
from duban.desk import Desk
from duban.known import NOTHING, Known
from duban.lamp import overdue
from duban.letter import Said
from duban.stages import owed, reached
from duban.step import Answer
from flows.premises import local
from state import support, urgings
from state.database import Connection
from state.heard import heard


def known(connection: Connection, desk: Desk, day: date, due: list[Assignment]) -> Known:
    """Asked only for what may be urged by a 督办函, for what a department leads, and for changes."""
    changing = [item for item in due if owed(item)]
    read = Known(heard=heard(connection, changing)) if changing else NOTHING
    urged = {item.row: item.key for item in due if _urged(desk, read.settled(desk, item), day)}
    leads = [item for item in due if _leads(item)]
    numbered = any(desk.ladder(item.asked.ladder).escalates for item in due)
    if not (numbered or leads or changing):
        return NOTHING
    return Known(
        _history(connection, desk, urged) if urged else {},
        support.owed(connection, leads),
        urgings.numbers(connection, desk.office.id, day) if numbered else NOTHING.numbers,
        read.heard,
    )


def _urged(desk: Desk, item: Assignment, day: date) -> bool:
    ladder = desk.ladder(item.asked.ladder)
    if not ladder.escalates or not overdue(item, day):
        return False
    stage = reached(desk, item, day)
    return bool(stage and ladder.degree(stage))


def _leads(item: Assignment) -> bool:
    told = item.state.chased and item.state is not State.PLANNED
    return told and item.asked.duty is Duty.LEAD and item.asked.answer is Answer.REPORT


def _history(
    connection: Connection, desk: Desk, urged: dict[int, str]
) -> dict[str, tuple[Said, ...]]:
    found: dict[str, list[Said]] = {}
    for row in urgings.account(connection, list(urged)):
        by_letter = row.act in urgings.TOLD
        said = Said(
            local(desk.office, row.at).date(),
            row.reason if by_letter and row.reason else acts.label(row.act),
            row.recipient_name if by_letter else acts.who(row.actor).partition("（")[0],
        )
        found.setdefault(urged[row.assignment_id], []).append(said)
    return {key: tuple(lines) for key, lines in found.items()}
