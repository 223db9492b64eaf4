"""What leading departments have to look at: reports of supporting ones whose calendar sends them there."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, literal, literal_column, or_, select

from duban.assignment import Assignment
from duban.completion import State
from state.assignments import Unknown, fetch
from state.items import PAGE
from state.links import Bearer
from state.tables import assignment


def waiting(connection: Connection, bearer: Bearer, most: int = PAGE) -> list[Assignment]:
    """Handed in and not decided yet, the earliest due date first."""
    query = _theirs(bearer).where(assignment.c.state == State.REPORTED.value)
    query = query.order_by(assignment.c.due, assignment.c.id).limit(most)
    return fetch(connection, query, ordered=True)


def find(connection: Connection, bearer: Bearer, row: int) -> Assignment:
    """Raises Unknown, also for one that is not theirs to look at."""
    found = fetch(connection, _theirs(bearer).where(assignment.c.id == row))
    if not found:
        raise Unknown("没有这一项报送，或者它不归您审核")
    return found[0]


def _theirs(bearer: Bearer) -> Select[Any]:
    c = assignment.c
    return select(assignment).where(
        c.office == bearer.office,
        c.reviewers != literal_column("''"),
        c.state.not_in([State.WITHDRAWN.value, State.PLANNED.value]),
        or_(*(_names(id) for id in sorted(bearer.departments))),
    )


def _names(department: str) -> ColumnElement[bool]:
    """Whether it is among the reviewers."""
    listed = literal(",") + assignment.c.reviewers + literal(",")
    return listed.contains(f",{department},", autoescape=True)
