"""New assignments: many at once, each with the first line of its account."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection

from duban import facts
from duban.assignment import Assignment, Duties
from state.bulk import add_many, look_again, take_numbers
from state.tables import assignment, event

ASKED = tuple(field.name for field in fields(Duties))
OWN = tuple(field.name for field in fields(Assignment) if field.name not in ("asked", "row"))
"""The columns of what is asked, and of how far it has come."""
_ASKED_OF, _OWN_OF = attrgetter(*ASKED), attrgetter(*OWN)
_OFFICE, _DUE = ASKED.index("office"), ASKED.index("due")
_STATE = len(ASKED) + OWN.index("state")
_WORDS = [(*ASKED, *OWN).index(one) for one in ("duty", "answer", "certainty", "state", "held")]
"""Columns of which the items have members of an enum."""
_NOTED = ("at", "office", "assignment_id", "act", "actor", "to_state", "reason", "via", "detail")

NewRow = tuple[tuple[Any, ...], str]
"""The values of one, as they are stored, and its facts for the account."""


def rows_of(items: Iterable[Assignment]) -> list[NewRow]:
    """Small and plain, so that they can wait for their transaction in a file."""
    return [(_values(item), facts.as_text(facts.facts(item))) for item in items]


def _values(item: Assignment) -> tuple[Any, ...]:
    every = [*_ASKED_OF(item.asked), *_OWN_OF(item)]
    for column in _WORDS:
        if every[column] is not None:
            every[column] = every[column].value
    return tuple(every)


def add(
    connection: Connection, rows: Sequence[NewRow], *, at: datetime, actor: str, via: str = ""
) -> None:
    if not rows:
        return
    numbers = take_numbers(connection, assignment, len(rows))
    numbered = list(zip(numbers, rows, strict=True))
    made = [(number, *values) for number, (values, _) in numbered]
    add_many(connection, assignment, ("id", *ASKED, *OWN), made)
    noted = [
        (at, values[_OFFICE], number, "new", actor, values[_STATE], _due(values), via, told)
        for number, (values, told) in numbered
    ]
    add_many(connection, event, _NOTED, noted)


def counted_anew(connection: Connection) -> None:
    """After very many: what the database knows of the tables' sizes."""
    look_again(connection, assignment, event)


def _due(values: tuple[Any, ...]) -> str:
    return str(values[_DUE] or "待公布")
