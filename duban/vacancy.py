"""Roles to which the ladder speaks and which nobody holds, told before a letter is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from duban.addressing import holding
from duban.desk import OFFICE, Desk
from duban.ladder import Addressee
from duban.office import Role


@dataclass(frozen=True, slots=True)
class Vacancy:
    """Of one department, or of the office itself."""

    department: str
    """Short name."""
    roles: tuple[str, ...]

    @property
    def words(self) -> str:
        """`市水利局的AB岗、分管领导`."""
        return f"{self.department}的{'、'.join(self.roles)}"


def vacancies(desk: Desk, owing: Iterable[tuple[str, str]], day: date) -> tuple[Vacancy, ...]:
    """`owing`: the department and the ladder of what is chased."""
    asked: dict[str, set[Addressee]] = {}
    for department, ladder in owing:
        for stage in desk.ladder(ladder).stages if department != OFFICE else ():
            for role in stage.to:
                asked.setdefault(OFFICE if role is Role.HEAD else department, set()).add(role)
    found = (_vacancy(desk, department, roles, day) for department, roles in sorted(asked.items()))
    return tuple(one for one in found if one.roles)


def _vacancy(desk: Desk, department: str, roles: set[Addressee], day: date) -> Vacancy:
    free = (role for role in roles if not holding(desk, department, role, day))
    ordered = sorted(free, key=list(Role).index)
    return Vacancy(desk.called(department), tuple(role.value for role in ordered))
