"""Requests as rows: at most one open an item; each asked and decided once, with an event."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Integer, Select, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from duban.assignment import Assignment
from duban.desk import Desk
from duban.diff import anew
from duban.request import Kind, Request, Standing, check
from duban.stages import scheduled
from duban.trouble import Trouble
from state import turns
from state.assignments import Conflict, change, find_row, note
from state.items import find as find_item
from state.scope import Scope, narrowed
from state.tables import request
from state.words import word


class NoRequest(Trouble):
    """There is no such request in this scope."""


class AskedAlready(Trouble):
    """An open request of that item waits for its decision."""

    exit_code = 4


def ask(
    connection: Connection,
    scope: Scope,
    row: int,
    kind: Kind,
    *,
    at: datetime,
    today: date,
    actor: str,
    via: str,
    letter: int | None = None,
    reason: str,
    progress: str = "",
    wanted: date | None = None,
    towards: str = "",
) -> Request:
    """Raises Unknown, IllegalMove, AskedAlready."""
    turns.take(connection, [scope.office])
    item = find_item(connection, scope, row)
    check(item, kind, wanted, today)
    try:
        with connection.begin_nested():
            connection.execute(
                insert(request).values(
                    assignment_id=row,
                    office=item.asked.office,
                    department=item.asked.department,
                    kind=kind.value,
                    state=Standing.OPEN.value,
                    asked_at=at,
                    asked_by=actor,
                    reason=reason,
                    progress=progress,
                    wanted=wanted,
                    towards=towards,
                )
            )
    except IntegrityError:
        raise AskedAlready("这一项已有一份申请在等纲要办决定，请等答复") from None
    said = f"{reason}（延到 {wanted}）" if wanted else reason
    note(
        connection,
        (item, item),
        at=at,
        act=kind.value,
        actor=actor,
        reason=said,
        via=via,
        letter=letter,
    )
    return next(one for one in of_item(connection, scope, row) if one.standing is Standing.OPEN)


def grant(
    connection: Connection,
    desk: Desk,
    scope: Scope,
    id: int,
    *,
    at: datetime,
    actor: str,
    via: str,
    answer: str = "",
    until: date | None = None,
) -> Request:
    """Say yes. An extension moves the item to `until`, or to the day that was asked for; what follows
    from the other kinds is the caller's matter. Raises NoRequest, Conflict."""
    turns.take(connection, [scope.office])
    asked = _decide(connection, scope, id, Standing.GRANTED, at, actor, answer)
    item = find_row(connection, asked.row)
    after = item
    if asked.kind is Kind.EXTENSION:
        after = extended(desk, item, until or asked.wanted)
        change(connection, (item, after))
    said = f"{answer}（延到 {after.extended}）" if asked.kind is Kind.EXTENSION else answer
    note(connection, (item, after), at=at, act="grant", actor=actor, reason=said, via=via)
    return asked


def extended(desk: Desk, item: Assignment, until: date | None) -> Assignment:
    """With another date, of which its department will be told like of any other."""
    moved = replace(item, extended=until, version=item.version + 1, unheard=None)
    return scheduled(desk, anew(moved))


def refuse(
    connection: Connection,
    scope: Scope,
    id: int,
    *,
    at: datetime,
    actor: str,
    via: str,
    answer: str,
) -> Request:
    """Say no, with the reason. Raises NoRequest, Conflict."""
    turns.take(connection, [scope.office])
    asked = _decide(connection, scope, id, Standing.REFUSED, at, actor, answer)
    item = find_row(connection, asked.row)
    note(connection, (item, item), at=at, act="refuse", actor=actor, reason=answer, via=via)
    return asked


def find(connection: Connection, scope: Scope, id: int) -> Request:
    """Raises NoRequest."""
    for row in connection.execute(_one(scope.few), {**scope.values, "id": id}):
        return _request(row)
    raise NoRequest("没有这份申请，或者它不归您决定")


@lru_cache
def _one(few: bool) -> Select[Any]:
    return narrowed(select(request).where(request.c.id == bindparam("id")), request, few)


def open_ones(connection: Connection, scope: Scope, most: int = 200) -> Sequence[Request]:
    """The oldest first."""
    values = {**scope.values, "most": most}
    return [_request(one) for one in connection.execute(_open_ones(scope.few), values)]


def count_open(connection: Connection, scope: Scope) -> int:
    return connection.scalar(open_number(scope.few), scope.values) or 0


def of_item(connection: Connection, scope: Scope, row: int) -> Sequence[Request]:
    """Of one item, the oldest first."""
    values = {**scope.values, "row": row}
    return [_request(one) for one in connection.execute(_of_item(scope.few), values)]


_OPEN = request.c.state == word(Standing.OPEN)


@lru_cache
def _open_ones(few: bool) -> Select[Any]:
    query = select(request).where(_OPEN).order_by(request.c.id)
    return narrowed(query.limit(bindparam("most", type_=Integer)), request, few)


@lru_cache
def open_number(few: bool) -> Select[Any]:
    """The question how many are open."""
    return narrowed(select(func.count()).select_from(request).where(_OPEN), request, few)


@lru_cache
def _of_item(few: bool) -> Select[Any]:
    query = select(request).where(request.c.assignment_id == bindparam("row"))
    return narrowed(query.order_by(request.c.id).limit(200), request, few)


def _decide(
    connection: Connection,
    scope: Scope,
    id: int,
    standing: Standing,
    at: datetime,
    actor: str,
    answer: str,
) -> Request:
    asked = find(connection, scope, id)
    done = connection.execute(
        update(request)
        .where(request.c.id == id, request.c.state == Standing.OPEN.value)
        .values(state=standing.value, decided_at=at, decided_by=actor, answer=answer)
    )
    if done.rowcount != 1:
        raise Conflict(f"这份申请已经是“{asked.standing.label}”，不能再改")
    return asked


def _request(row: Any) -> Request:
    return Request(
        row.id,
        row.assignment_id,
        row.office,
        row.department,
        Kind(row.kind),
        Standing(row.state),
        row.asked_at,
        row.asked_by,
        row.reason,
        row.progress,
        row.wanted,
        row.towards,
        row.decided_at,
        row.decided_by,
        row.answer,
    )
