"""Whose rows may be seen: the one place where pages' questions are narrowed to an office and departments."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Table


@dataclass(frozen=True, slots=True)
class Scope:
    """`departments` None: all of the office."""

    office: str
    departments: frozenset[str] | None = None

    def holds(self, office: str, department: str) -> bool:
        return office == self.office and (
            self.departments is None or department in self.departments
        )


def within(query: Select[Any], table: Table, scope: Scope) -> Select[Any]:
    """`query` over `table`, which has the columns office and department, narrowed to the scope."""
    query = query.where(table.c.office == scope.office)
    if scope.departments is None:
        return query
    return query.where(table.c.department.in_(sorted(scope.departments)))
