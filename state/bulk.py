"""Many rows with one statement: SQLAlchemy writes it once, the driver gets plain rows.

`Connection.execute` with a list treats each value of each row by itself, which costs more than the
database does.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect, Insert, Update

Convert = Callable[[Any], Any]


def write_many(
    connection: Connection, statement: Insert | Update, rows: Sequence[Mapping[str, Any]]
) -> int:
    """How many rows were written. Every row names the same columns, also those with a default.

    Raises what `execute` raises.
    """
    if not rows:
        return 0
    plan = _plan(statement, connection.dialect, tuple(rows[0]))
    columns = (
        _converted([row[name] for row in rows], convert) for name, convert in plan.converts.items()
    )
    made = zip(*columns, strict=True)
    if plan.positional:
        return connection.exec_driver_sql(plan.sql, list(made)).rowcount
    named: list[dict[str, Any]] = [dict(zip(plan.converts, row, strict=True)) for row in made]
    return connection.exec_driver_sql(plan.sql, named).rowcount


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


def _converted(values: list[Any], convert: Convert | None) -> list[Any]:
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


@lru_cache(maxsize=64)
def _plan(statement: Insert | Update, dialect: Dialect, names: tuple[str, ...] | None) -> _Plan:
    written = statement.inline().compile(
        dialect=dialect, column_keys=list(names) if names is not None else None
    )
    types = {name: bound.type.dialect_impl(dialect) for name, bound in written.binds.items()}
    order = written.positiontup if written.positional else types
    converts = {name: types[name].bind_processor(dialect) for name in order or ()}
    constants = {name: bound.value for name, bound in written.binds.items() if not bound.required}
    return _Plan(written.string, bool(written.positional), converts, constants)
