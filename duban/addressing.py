"""To whom a stage of the ladder is said: whoever holds its roles on that day."""

from dataclasses import dataclass
from datetime import date

from duban.desk import OFFICE, Desk
from duban.ladder import TO_LIAISON, Addressee
from duban.office import Contact, Role


@dataclass(frozen=True, slots=True)
class Addressed:
    people: tuple[tuple[Addressee, Contact], ...]
    """Each person once, with the first role in which the stage addresses him."""
    vacant: tuple[Addressee, ...] = ()
    """Roles that nobody holds that day; who is named in `people` stands for them."""


def addressed(
    desk: Desk, department: str, to: tuple[Addressee, ...], day: date, only: str | None = None
) -> Addressed:
    """Nobody outside `to` is ever named but the AB岗 for the 联络员.

    `only`: these roles of it; who holds one of the others was told already, also where he stands in.
    """
    if to == TO_LIAISON or department == OFFICE:
        person = desk.liaison(department, day)
        return Addressed(((Role.LIAISON, person),)) if person else Addressed((), TO_LIAISON)
    wanted = [role for role in to if only is None or role.value in only.split(",")]
    told = {
        person.email
        for role in to
        if role not in wanted
        for person in holding(desk, department, role, day)
    }
    found: dict[str, tuple[Addressee, Contact]] = {}
    vacant = []
    for role in wanted:
        people = holding(desk, department, role, day)
        for person in (one for one in people if one.email not in told):
            found.setdefault(person.email, (role, person))
        if not people:
            vacant.append(role)
    return Addressed(tuple(found.values()), tuple(vacant))


def holding(desk: Desk, department: str, role: Addressee, day: date) -> list[Contact]:
    """Who hears of what is said to that role; the AB岗 stands in for the 联络员."""
    if role is Role.LIAISON:
        person = desk.liaison(department, day)
        return [person] if person else []
    return desk.holders(OFFICE if role is Role.HEAD else department, role, day)
