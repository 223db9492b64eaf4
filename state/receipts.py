"""Receipts as rows: which acts the registered contacts were not told of yet, and that they are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
)
from sqlalchemy.exc import IntegrityError

from duban.completion import Act
from duban.desk import OFFICE
from duban.letter import Letter
from duban.request import Kind
from state import outbox, turns
from state.bundles import Frozen
from state.tables import BY_PEOPLE, assignment, event, receipt, receipt_lead
from state.words import word

MOST = 500
"""Acts that are looked at together."""
DONE = (Act.ACKNOWLEDGE.value, Act.REPORT.value, *(kind.value for kind in Kind))
"""By whoever had the link: the registered contact is to know of it."""
BY_LINK = (*DONE, Act.RETURN.value)
"""Who leads sends back by a link."""
DECIDED = (Act.RETURN.value, Act.EXEMPT.value, "refuse")
"""By the secretariat, where no other letter says so."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done about an assignment and of which nobody was told."""

    event: int
    at: datetime
    act: str
    actor: str
    reason: str
    via: str
    key: str
    department: str
    name: str
    step_name: str
    lead: str = ""
    """The department to be told because it leads."""

    @property
    def by_office(self) -> bool:
        return self.via.startswith("console ")

    @property
    def decided(self) -> bool:
        """By the secretariat, or by who leads."""
        return self.act in DECIDED or self.act == Act.COMPLETE.value


def untold(connection: Connection, office: str, since: datetime) -> list[Deed]:
    """The oldest first, MOST at most."""
    asked = {"office": office, "since": since}
    own = [_deed(row) for row in connection.execute(_UNTOLD, asked)]
    return own + _untold_leads(connection, asked)


def _untold_leads(connection: Connection, asked: dict[str, Any]) -> list[Deed]:
    """What leading departments are to know: what was handed in for them to look at, and what was decided
    about it by their links."""
    rows = connection.execute(_LEADS, asked).all()
    if not rows:
        return []
    known = select(receipt_lead).where(receipt_lead.c.event_id.in_([row.id for row in rows]))
    told = {(row.event_id, row.department) for row in connection.execute(known)}
    return [
        replace(_deed(row), lead=lead)
        for row in rows
        for lead in row.reviewers.split(",")
        if (row.id, lead) not in told
    ]


UNTOLD_OWN = (
    BY_PEOPLE,
    or_(
        and_(
            event.c.via.like(literal_column("'link %'")),
            event.c.act.in_([word(act) for act in BY_LINK]),
        ),
        and_(
            event.c.via.like(literal_column("'console %'")),
            event.c.act.in_([word(act) for act in DECIDED]),
        ),
    ),
    assignment.c.department != literal_column(f"'{OFFICE}'"),
    ~exists().where(receipt.c.event_id == event.c.id),
)
"""Of which a department's own contact has not been told."""
_UNTOLD = (
    select(event.c.id, event.c.at, event.c.act, event.c.actor, event.c.reason, event.c.via)
    .add_columns(assignment.c.key, assignment.c.department, assignment.c.name)
    .add_columns(assignment.c.step_name)
    .join(assignment, assignment.c.id == event.c.assignment_id)
    .where(
        event.c.office == bindparam("office"),
        event.c.at >= bindparam("since"),
        *UNTOLD_OWN,
    )
    .order_by(event.c.at, event.c.id)
    .limit(MOST)
)
_MANY = func.length(assignment.c.reviewers) - func.length(
    func.replace(assignment.c.reviewers, literal_column("','"), literal_column("''"))
)
"""Of the reviewers, less one."""
UNTOLD_LEADS = (
    BY_PEOPLE,
    assignment.c.reviewers != literal_column("''"),
    or_(
        event.c.act == word(Act.REPORT),
        and_(
            event.c.via.like(literal_column("'link %'")),
            event.c.act.in_([word(Act.RETURN), word(Act.COMPLETE)]),
        ),
    ),
    select(func.count()).where(receipt_lead.c.event_id == event.c.id).scalar_subquery() <= _MANY,
)
"""Of which not every leading department has been told."""
_LEADS = (
    select(event.c.id, event.c.at, event.c.act, event.c.actor, event.c.reason, event.c.via)
    .add_columns(assignment.c.key, assignment.c.department, assignment.c.name)
    .add_columns(assignment.c.step_name, assignment.c.reviewers)
    .join(assignment, assignment.c.id == event.c.assignment_id)
    .where(event.c.office == bindparam("office"), event.c.at >= bindparam("since"), *UNTOLD_LEADS)
    .order_by(event.c.at, event.c.id)
    .limit(MOST)
)


def post(
    connection: Connection, office: str, letters: Sequence[Frozen], *, at: datetime
) -> list[Letter]:
    """Each letter with what it tells, or not at all: another tick may have told it already.

    Returns those that were written.
    """
    turns.take(connection, [office])
    return [one.letter for one in letters if _post(connection, one, at)]


def _post(connection: Connection, one: Frozen, at: datetime) -> bool:
    events = [told.event for section in one.letter.sections for told in section.receipts]
    try:
        with connection.begin_nested():
            number = outbox.put(connection, [one], at=at)[0]
            _told(connection, one.letter, number)
            _note(connection, one.letter.office, number, events, at)
    except IntegrityError:
        return False
    return True


def _told(connection: Connection, letter: Letter, number: int) -> None:
    every = [told for section in letter.sections for told in section.receipts]
    own = [{"event_id": one.event, "told_in": number} for one in every if not one.lead]
    leads = [
        {"event_id": one.event, "department": one.lead, "told_in": number}
        for one in every
        if one.lead
    ]
    if own:
        connection.execute(insert(receipt), own)
    if leads:
        connection.execute(insert(receipt_lead), leads)


def _note(
    connection: Connection, office: str, number: int, events: Sequence[int], at: datetime
) -> None:
    about = select(event.c.assignment_id).where(event.c.id.in_(events)).distinct()
    lines = [
        {
            "at": at,
            "office": office,
            "assignment_id": row,
            "letter_id": number,
            "act": "receipt",
            "actor": "duban",
        }
        for row in connection.scalars(about)
    ]
    connection.execute(insert(event), lines)


def _deed(row: Row[Any]) -> Deed:
    return Deed(
        row.id,
        row.at,
        row.act,
        row.actor,
        row.reason,
        row.via,
        row.key,
        row.department,
        row.name,
        row.step_name,
    )
