"""Whose rows may be seen: the one place where pages' questions are narrowed to an office and departments."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Table, bindparam


@dataclass(frozen=True, slots=True)
class Scope:
    """`departments` None: all of the office."""

    office: str
    departments: frozenset[str] | None = None

    def holds(self, office: str, department: str) -> bool:
        return office == self.office and (
            self.departments is None or department in self.departments
        )

    @property
    def few(self) -> bool:
        """Whether only some departments are seen."""
        return self.departments is not None

    @property
    def values(self) -> dict[str, Any]:
        """Of the parameters that `narrowed` leaves open."""
        if self.departments is None:
            return {"office": self.office}
        return {"office": self.office, "departments": sorted(self.departments)}


def narrowed(query: Select[Any], table: Table, few: bool) -> Select[Any]:
    """`query` over `table`, which has the columns office and department, narrowed to the scope whose
    `few` this is; the scope's `values` are given when it is asked. To write a statement takes longer
    than to ask it, so the statements of pages are written once."""
    query = query.where(table.c.office == bindparam("office"))
    if not few:
        return query
    return query.where(table.c.department.in_(bindparam("departments", expanding=True)))


def within(query: Select[Any], table: Table, scope: Scope) -> Select[Any]:
    """The same with the scope in it, for what is asked seldom."""
    query = query.where(table.c.office == scope.office)
    if scope.departments is None:
        return query
    return query.where(table.c.department.in_(sorted(scope.departments)))
