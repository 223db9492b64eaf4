"""Many rows with one statement: SQLAlchemy writes it once, the driver gets plain rows.

`Connection.execute` with a list treats each value of each row by itself, which costs more than the
database does.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import (
    BigInteger,
    Connection,
    CursorResult,
    Dialect,
    Insert,
    LargeBinary,
    String,
    Table,
    Update,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

Convert = Callable[[Any], Any]
MANY = 8
"""Rows from which COPY is quicker than an INSERT of each."""


def write_many(
    connection: Connection, statement: Insert | Update, rows: Sequence[Mapping[str, Any]]
) -> int:
    """How many rows were written. Every row names the same columns, also those with a default. New rows
    go by COPY where there is one.

    Raises what `execute` raises.
    """
    if not rows:
        return 0
    plan = _plan(statement, connection.dialect, tuple(rows[0]))
    columns = (
        _converted([row[name] for row in rows], convert) for name, convert in plan.converts.items()
    )
    made = zip(*columns, strict=True)
    if isinstance(statement, Insert) and len(rows) >= MANY and _copies(connection):
        _copy(connection, statement.table, list(plan.converts), made)
        return len(rows)
    if plan.positional:
        return connection.exec_driver_sql(plan.sql, list(made)).rowcount
    named: list[dict[str, Any]] = [dict(zip(plan.converts, row, strict=True)) for row in made]
    return connection.exec_driver_sql(plan.sql, named).rowcount


def _copies(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def add_many(
    connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Rows that are new, in the order of `names`: by COPY where there is one.

    Raises what `execute` raises."""
    if not rows:
        return
    plan = _plan(_insert(table), connection.dialect, tuple(names))
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    made = zip(
        *(_converted(columns[name], convert) for name, convert in plan.converts.items()),
        strict=True,
    )
    if _copies(connection):
        _copy(connection, table, list(plan.converts), made)
    else:
        connection.exec_driver_sql(plan.sql, list(made))


@lru_cache(maxsize=64)
def _insert(table: Table) -> Insert:
    return insert(table)


def _copy(
    connection: Connection, table: Any, names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    types = _binary(table, tuple(names))
    statement = sql.SQL("COPY {} ({}) FROM STDIN {}").format(
        sql.Identifier(table.name),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL("(FORMAT BINARY)" if types else ""),
    )
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            if types:
                copy.set_types(types)
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as fault:
        raise DBAPIError.instance(
            f"COPY {table.name}", None, fault, psycopg.Error, dialect=connection.dialect
        ) from fault


@lru_cache(maxsize=64)
def _binary(table: Table, names: tuple[str, ...]) -> list[str]:
    """The types of the columns where bytes are among them, which as text would be hexadecimal digits; else
    none."""
    kinds = [table.c[name].type for name in names]
    if not any(isinstance(kind, LargeBinary) for kind in kinds):
        return []
    return [next(said for known, said in _BINARY if isinstance(kind, known)) for kind in kinds]


_BINARY = ((LargeBinary, "bytea"), (BigInteger, "int8"), (String, "text"))


def look_again(connection: Connection, *tables: Table) -> None:
    """After very many rows: let the planner count them before anybody asks."""
    if connection.dialect.name == "postgresql":
        for table in tables:
            connection.exec_driver_sql(f"ANALYZE {table.name}")


def take_numbers(connection: Connection, table: Table, count: int) -> list[int]:
    """Numbers for so many new rows of the table, which nobody else gets."""
    if connection.dialect.name == "postgresql":
        sequence = func.nextval(func.pg_get_serial_sequence(table.name, "id"))
        return list(
            connection.scalars(select(sequence).select_from(func.generate_series(1, count)))
        )
    first = connection.scalar(select(func.coalesce(func.max(table.c.id), literal(0)))) or 0
    return list(range(first + 1, first + 1 + count))


def write_once(
    connection: Connection, statement: Update, values: Mapping[str, Any]
) -> CursorResult[Any]:
    """One statement, for those who say it very often."""
    plan = _plan(statement, connection.dialect, None)
    said = {**plan.constants, **values}
    converted = {
        name: convert(said[name]) if convert else said[name]
        for name, convert in plan.converts.items()
    }
    given = tuple(converted.values()) if plan.positional else converted
    return connection.exec_driver_sql(plan.sql, given)


def _converted(values: Sequence[Any], convert: Convert | None) -> Sequence[Any]:
    """Each different value once: a morning has few days and one instant."""
    if convert is None:
        return values
    known: dict[Hashable, Any] = {value: convert(value) for value in set(values)}
    return [known[value] for value in values]


@dataclass(frozen=True)
class _Plan:
    sql: str
    positional: bool
    converts: Mapping[str, Convert | None]
    """By parameter, in the statement's order; None where the driver takes the value as it is."""
    constants: Mapping[str, Any]
    """Values that stand in the statement."""


def _convert(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    """Drivers take bytes as they are."""
    return None if isinstance(kind, LargeBinary) else kind.bind_processor(dialect)


@lru_cache(maxsize=64)
def _plan(statement: Insert | Update, dialect: Dialect, names: tuple[str, ...] | None) -> _Plan:
    written = statement.inline().compile(
        dialect=dialect, column_keys=list(names) if names is not None else None
    )
    types = {name: bound.type.dialect_impl(dialect) for name, bound in written.binds.items()}
    order = written.positiontup if written.positional else types
    converts = {name: _convert(types[name], dialect) for name in order or ()}
    constants = {name: bound.value for name, bound in written.binds.items() if not bound.required}
    return _Plan(written.string, bool(written.positional), converts, constants)
