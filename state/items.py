"""Assignments as pages ask for them: always within a scope, never more than a page of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
)

from duban.assignment import Assignment
from duban.completion import CHASED, State
from duban.lamp import Lamp
from duban.step import Answer
from state.assignments import Unknown, fetch
from state.scope import Scope, narrowed
from state.tables import assignment, event
from state.words import word, words

PAGE = 50
"""Rows of one page."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which items; a field left out asks for nothing."""

    lamp: Lamp | None = None
    state: State | None = None
    department: str = ""
    activity: str = ""
    year: int | None = None
    words: str = ""
    """In the names of activity and step."""

    @property
    def asked(self) -> frozenset[str]:
        """The fields that ask for something."""
        return frozenset(name for name in FIELDS if getattr(self, name))


FIELDS = tuple(field.name for field in fields(Filter))


@dataclass(frozen=True, slots=True)
class Light:
    """By which dates lamps are told: duban.lamp in the database's words."""

    day: date
    horizon: date
    """The last due date that is yellow: duban.lamp.horizon."""

    @property
    def values(self) -> dict[str, Any]:
        """Of the parameters of LAMP."""
        return {"day": self.day, "horizon": self.horizon}


def find(connection: Connection, scope: Scope, row: int) -> Assignment:
    """By its number. Raises Unknown, also for one outside the scope."""
    found = fetch(connection, _one(scope.few), {**scope.values, "row": row}, ordered=True)
    if not found:
        raise Unknown("没有这一项督办事项，或者它不归您办理")
    return found[0]


@lru_cache
def _one(few: bool) -> Select[Any]:
    query = select(assignment).where(assignment.c.id == bindparam("row"))
    return narrowed(query, assignment, few)


def by_rows(connection: Connection, scope: Scope, rows: Collection[int]) -> dict[int, Assignment]:
    """By their numbers; those outside the scope are left out."""
    values = {**scope.values, "rows": list(rows)}
    return {one.row: one for one in fetch(connection, _few(scope.few), values)}


@lru_cache
def _few(few: bool) -> Select[Any]:
    chosen = assignment.c.id.in_(bindparam("rows", expanding=True))
    return narrowed(select(assignment).where(chosen), assignment, few)


def some(
    connection: Connection,
    scope: Scope,
    wanted: Filter,
    light: Light,
    *,
    start: int = 0,
    most: int = PAGE,
) -> list[Assignment]:
    """A page of them: by due date, those without one last."""
    values = {**_values(scope, wanted, light), "start": start, "most": most}
    return fetch(connection, _page(wanted.asked, scope.few), values, ordered=True)


def count(connection: Connection, scope: Scope, wanted: Filter, light: Light) -> int:
    query = _number(wanted.asked, scope.few)
    return connection.scalar(query, _values(scope, wanted, light)) or 0


@lru_cache(maxsize=128)
def _page(asked: frozenset[str], few: bool) -> Select[Any]:
    query = _filtered(select(assignment), asked, few)
    query = query.order_by(TARGET.is_(None), TARGET, assignment.c.id)
    return query.offset(bindparam("start", type_=Integer)).limit(bindparam("most", type_=Integer))


@lru_cache(maxsize=128)
def _number(asked: frozenset[str], few: bool) -> Select[Any]:
    return _filtered(select(func.count()).select_from(assignment), asked, few)


def _lamp(day: ColumnElement[Any], horizon: ColumnElement[Any]) -> ColumnElement[str]:
    """duban.lamp.lamp, told by comparing dates."""
    c = assignment.c
    chased = c.state.in_(words(CHASED))
    quiet = or_(
        TARGET.is_(None),
        c.state.in_(words((State.WITHDRAWN, State.EXEMPTED))),
        c.answer == word(Answer.KNOW),
    )
    red = and_(c.state != word(State.PLANNED), c.answer == word(Answer.REPORT), day > TARGET)
    return case(
        (quiet, word(Lamp.GREY)),
        (~chased, word(Lamp.GREEN)),
        (red, word(Lamp.RED)),
        (c.state == word(State.PLANNED), word(Lamp.GREY)),
        (horizon >= TARGET, word(Lamp.YELLOW)),
        else_=word(Lamp.GREEN),
    )


TARGET = func.coalesce(assignment.c.extended, assignment.c.due)
"""The day by which it has to be done."""
LAMP = _lamp(bindparam("day", type_=Date), bindparam("horizon", type_=Date))
"""By the `values` of a Light."""


def _filtered(query: Select[Any], asked: frozenset[str], few: bool) -> Select[Any]:
    """`asked`: the fields of the filter that ask for something."""
    c = assignment.c
    conditions = {
        "lamp": bindparam("lamp", type_=String) == LAMP,
        "state": c.state == bindparam("state"),
        "department": c.department == bindparam("department"),
        "activity": c.activity == bindparam("activity"),
        "year": c.year == bindparam("year"),
        "words": or_(
            c.name.like(bindparam("words"), escape="\\"),
            c.step_name.like(bindparam("words"), escape="\\"),
        ),
    }
    query = query.where(*(conditions[name] for name in sorted(asked)))
    if "state" not in asked:
        query = query.where(c.state != word(State.WITHDRAWN))
    return narrowed(query, assignment, few)


def _values(scope: Scope, wanted: Filter, light: Light) -> dict[str, Any]:
    said = {
        "lamp": wanted.lamp and wanted.lamp.value,
        "state": wanted.state and wanted.state.value,
        "department": wanted.department,
        "activity": wanted.activity,
        "year": wanted.year,
        "words": f"%{_plain(wanted.words)}%",
    }
    return {**scope.values, **light.values, **said}


def _plain(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


# --- what became of one item ---


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the account."""

    id: int
    at: datetime
    act: str
    actor: str
    from_state: State | None
    to_state: State | None
    reason: str
    via: str
    letter: int | None


def history(connection: Connection, scope: Scope, row: int, most: int = 200) -> Sequence[Line]:
    """The newest first. Raises Unknown for an item outside the scope."""
    find(connection, scope, row)
    return [line(one) for one in connection.execute(_HISTORY, {"row": row, "most": most})]


_HISTORY = (
    select(event)
    .where(event.c.assignment_id == bindparam("row"))
    .order_by(event.c.id.desc())
    .limit(bindparam("most", type_=Integer))
)


def line(row: Any) -> Line:
    """A row of `event`."""
    return Line(
        row.id,
        row.at,
        row.act,
        row.actor,
        State(row.from_state) if row.from_state else None,
        State(row.to_state) if row.to_state else None,
        row.reason,
        row.via,
        row.letter_id,
    )
