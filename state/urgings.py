"""Numbers of 督办函, and what the account tells of the items that they are about."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Integer, Row, and_, bindparam, func, insert, or_, select
from sqlalchemy.exc import IntegrityError

from duban.known import Numbers, Urging
from duban.ladder import Degree
from state.given import as_rows, given
from state.standing import Standing
from state.tables import delivery, event, letter, urging

TOLD = ("notify", "correct", "remind", "urge")
"""Acts by which letters spoke of an item."""
DONE = ("acknowledge", "report", "return", "extension", "transfer", "not-ours", "grant", "refuse")


def numbers(connection: Connection, office: str, day: date) -> Numbers:
    last = connection.scalar(_LAST, {"office": office, "year": day.year}) or 0
    rows = connection.execute(_GIVEN, {"office": office, "day": day})
    known = {(row.department, Degree(row.degree)): row.serial for row in rows}
    return Numbers(known, last + 1)


_GIVEN = select(urging.c.department, urging.c.degree, urging.c.serial).where(
    urging.c.office == bindparam("office"), urging.c.day == bindparam("day")
)
_LAST = select(func.max(urging.c.serial)).where(
    urging.c.office == bindparam("office"), urging.c.year == bindparam("year")
)


def give(connection: Connection, office: str, day: date, fresh: Mapping[Urging, int]) -> bool:
    """Whether these numbers were free; another tick may have given them meanwhile."""
    if not fresh:
        return True
    rows = [
        {
            "office": office,
            "day": day,
            "department": department,
            "degree": degree.value,
            "year": day.year,
            "serial": number,
        }
        for (department, degree), number in fresh.items()
    ]
    try:
        with connection.begin_nested():
            connection.execute(insert(urging), rows)
    except IntegrityError:
        return False
    return True


def account(connection: Connection, rows: Collection[int]) -> list[Row[Any]]:
    """What was said about these items and what was done about them, the oldest first, as rows of
    (assignment_id, at, act, actor, reason, recipient_name); letters that were withdrawn left out."""
    wanted = given(connection, row=Integer())
    query = (
        select(event.c.assignment_id, event.c.at, event.c.act, event.c.actor, event.c.reason)
        .add_columns(letter.c.recipient_name)
        .join(wanted, wanted.c.row == event.c.assignment_id)
        .outerjoin(letter, and_(letter.c.id == event.c.letter_id, event.c.act.in_(TOLD)))
        .outerjoin(delivery, delivery.c.letter_id == letter.c.id)
        .where(
            or_(
                event.c.act.in_(DONE),
                and_(event.c.act.in_(TOLD), delivery.c.state != Standing.WITHDRAWN.value),
            )
        )
        .order_by(event.c.id)
    )
    return list(connection.execute(query, {"rows": as_rows({"row": row} for row in rows)}))
