"""Words of ours that stand in a statement as they are: never what came from outside."""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import BigInteger, ColumnElement, String, literal_column


def word(value: str) -> ColumnElement[str]:
    """One of them: a parameter would be bound anew with every question."""
    if not value.replace("-", "").isidentifier():
        raise ValueError(f"no word of ours: {value!r}")
    return literal_column(f"'{value}'", String)


def words(values: Iterable[StrEnum]) -> list[ColumnElement[str]]:
    return [word(one.value) for one in values]


def figure(value: int) -> ColumnElement[int]:
    """A number of ours."""
    return literal_column(str(value), BigInteger)
