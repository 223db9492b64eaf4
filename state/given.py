"""Many rows as one parameter: SQLite and PostgreSQL both read them from JSON.

One short statement does for a hundred rows what a hundred statements, or one with a hundred
parameters, would do more slowly.
"""

import json
from collections.abc import Collection, Iterable
from typing import Any

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
