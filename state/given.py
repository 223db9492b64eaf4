"""Many rows as one parameter: SQLite and PostgreSQL both read them from JSON.

One short statement does for a hundred rows what a hundred statements, or one with a hundred
parameters, would do more slowly.
"""

import json
from collections.abc import Callable, Collection, Hashable, Iterable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    String,
    any_,
    bindparam,
    cast,
    column,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import TypeEngine

T = TypeVar("T")
P = ParamSpec("P")


def once_a_database(
    make: Callable[Concatenate[Connection, P], T],
) -> Callable[Concatenate[Connection, P], T]:
    """What `make` writes differs by the kind of database, and by its further arguments; each once."""
    made: dict[Hashable, T] = {}

    @wraps(make)
    def known(connection: Connection, /, *args: P.args, **kwargs: P.kwargs) -> T:
        key = (connection.dialect.name, *args, *sorted(kwargs.items()))
        if key not in made:
            made[key] = make(connection, *args, **kwargs)
        return made[key]

    return known


def given(connection: Connection, **columns: TypeEngine[Any]) -> FromClause:
    """A table of the rows that the parameter `rows` holds (see `as_rows`), with those columns."""
    if connection.dialect.name == "postgresql":
        typed = [column(name, type) for name, type in columns.items()]
        rows = func.jsonb_to_recordset(cast(bindparam("rows", type_=String), JSONB))
        return rows.table_valued(*typed, name="given").render_derived(with_types=True)
    each = func.json_each(bindparam("rows", type_=String)).table_valued("value", name="each_row")
    cells = [
        func.json_extract(each.c.value, f"$.{name}", type_=type).label(name)
        for name, type in columns.items()
    ]
    return select(*cells).select_from(each).subquery("given")


def as_rows(rows: Iterable[dict[str, Any]]) -> str:
    """Dates and times as ISO has them."""
    return json.dumps(list(rows), ensure_ascii=False, default=str)


def among(connection: Connection, one: Column[str], values: Collection[str]) -> ColumnElement[bool]:
    """Whether the column has one of them, of which there may be thousands: one parameter, too."""
    said = sorted(values)
    if connection.dialect.name == "postgresql":
        return one == any_(literal(said, ARRAY(String)))
    each = func.json_each(json.dumps(said)).table_valued("value", name="each_value")
    return one.in_(select(each.c.value))
