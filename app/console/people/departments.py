"""Departments and their people: who gets the mail today, who is away, whose address does not work."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.responses import Response

from adapters.wording import long
from app.console.visit import Visit
from duban.account import Right
from duban.desk import OFFICE
from duban.office import Contact, Department, Role
from state.reach import Reach, answered, reach
from state.standing import Standing

PAGE = 25
SILENT = timedelta(183)
ENOUGH = 3
"""Letters without an answer after which somebody is called silent."""


@dataclass(frozen=True, slots=True)
class Person:
    contact: Contact
    away: str
    """Why they get nothing today; empty: they are there."""
    trouble: str
    """What is wrong with the address; empty: nothing that is known."""
    detail: str


@dataclass(frozen=True, slots=True)
class Row:
    department: Department
    mailed: str
    """Who gets its mail today; empty: nobody."""
    people: list[Person]
    gone: bool


def show(visit: Visit) -> Response:
    words = visit.query.get("words", "").strip()[:60]
    found = [one for one in visit.desk.branch.departments if not words or _speaks(one, words)]
    page = _number(visit.query.get("page", ""))
    here = found[(page - 1) * PAGE : page * PAGE]
    contacts = _by_department(visit)
    ids = (OFFICE, *(one.id for one in here))
    known = reached(visit, {id: contacts.get(id, ()) for id in ids})
    return visit.page(
        "people/departments.html",
        own=[person(visit, OFFICE, one, known) for one in contacts.get(OFFICE, ())],
        rows=[_row(visit, one, contacts.get(one.id, ()), known) for one in here],
        words=words,
        page=page,
        count=len(found),
        more=len(found) > page * PAGE,
        unmanned=[one.short for one in found if _unmanned(visit, one)],
        may=visit.may(Right.CONFIGURE),
        own_id=OFFICE,
    )


def _number(text: str) -> int:
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def people_of(visit: Visit, department: str) -> list[Contact]:
    """By the department's id; of the office itself by `OFFICE`."""
    return _by_department(visit).get(department, [])


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of some addresses, and which of their departments did anything lately."""

    reach: dict[str, Reach]
    busy: frozenset[str]


def reached(visit: Visit, contacts: Mapping[str, Iterable[Contact]]) -> Known:
    """`contacts`: by department."""
    addresses = {one.email for some in contacts.values() for one in some}
    since = visit.today - SILENT
    with visit.site.database.reading() as connection:
        return Known(
            reach(connection, visit.office, addresses, since),
            answered(connection, visit.office, contacts.keys(), visit.at - SILENT),
        )


def person(visit: Visit, department: str, one: Contact, known: Known) -> Person:
    trouble, detail = _trouble(known.reach.get(one.email), one.role, department in known.busy)
    return Person(one, _away(one, visit.today), trouble, detail)


def _row(visit: Visit, one: Department, contacts: Iterable[Contact], known: Known) -> Row:
    mailed = visit.desk.liaison(one.id, visit.today)
    people = [person(visit, one.id, contact, known) for contact in contacts]
    return Row(one, mailed.name if mailed else "", people, not one.valid(visit.today))


def _by_department(visit: Visit) -> dict[str, list[Contact]]:
    desk = visit.desk
    found: dict[str, list[Contact]] = {}
    for one in desk.branch.contacts:
        id = desk.department(one.department).id if one.department else OFFICE
        found.setdefault(id, []).append(one)
    return found


def _unmanned(visit: Visit, one: Department) -> bool:
    return one.valid(visit.today) and visit.desk.liaison(one.id, visit.today) is None


def _speaks(one: Department, words: str) -> bool:
    return any(words in name for name in (*one.names, one.id, *one.groups))


def _away(one: Contact, day: date) -> str:
    if one.until and one.until < day:
        return f"{long(one.until)}以后不再担任"
    if one.since and one.since > day:
        return f"{long(one.since)}起担任"
    for leave in one.away:
        if leave.start <= day <= leave.end:
            return f"请假到{long(leave.end)}"
    return ""


def _trouble(known: Reach | None, role: Role, busy: bool) -> tuple[str, str]:
    if known is None:
        return "", ""
    if known.state is Standing.FAILED:
        return "退信", known.reply[:200]
    answers = role in (Role.LIAISON, Role.SUBSTITUTE)
    if answers and not busy and known.letters >= ENOUGH and known.heard is None:
        return "半年没有动静", f"半年内寄了 {known.letters} 封信，单位没有签收、报送过"
    return "", ""
