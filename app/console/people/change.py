"""Changing a contact, or how long a department is valid: forms that write the office's files."""

from collections.abc import Callable
from datetime import date
from typing import Any

from ruamel.yaml.comments import CommentedMap
from starlette.responses import Response

from adapters.yamledit import add, edited, find, put, remove
from app import editing
from app.console.calendar.drafts import FaultShown, by_field, home, shown, with_lines
from app.console.people.departments import people_of, person, reached
from app.console.visit import NotFound, Visit, Wrong
from app.editing import Draft
from duban.account import Right
from duban.desk import OFFICE, UnknownName
from duban.fault import Fault
from duban.office import Contact, Department, Role

LEAVES = 3
"""Absences that the form has room for, besides those that there are."""
ROLES = {
    True: (Role.SECRETARY, Role.MANAGER, Role.HEAD),
    False: (Role.LIAISON, Role.SUBSTITUTE, Role.LEADER),
}
"""By whether the person is of the office itself."""


def show(visit: Visit) -> Response:
    """One department: its people, and with ?contact= the form of one of them."""
    email = visit.query.get("contact")
    people = people_of(visit, _id(visit))
    one = next((known for known in people if known.email == email), None)
    return _page(visit, _values(one) if one else {"role": ROLES[_own(visit)][0].value})


def contact(visit: Visit) -> Response:
    """Add one, or change the one whose address was `was`."""
    values = _typed(visit)
    path = f"config/contacts/{visit.office}.yaml"
    was = visit.form.text("was", 254)
    name = values["name"] or was

    def change(document: CommentedMap) -> None:
        entry = _entry(document, was) if was else None
        if entry is None:
            add(document, "contacts", values)
        else:
            put(entry, values)

    return _through(visit, path, change, f"{'修改' if was else '新增'}联系人 {name}", values)


def take_out(visit: Visit) -> Response:
    was = visit.form.text("was", 254)
    path = f"config/contacts/{visit.office}.yaml"

    def change(document: CommentedMap) -> None:
        remove(document, "contacts", _entry(document, was))

    return _through(visit, path, change, f"删除联系人 {was}", {})


def validity(visit: Visit) -> Response:
    """From when until when the department is one."""
    one = _department(visit)
    if one is None:
        raise NotFound("没有这个单位")
    values = {name: visit.form.iso(name) for name in ("since", "until")}
    path = f"config/departments/{visit.office}.yaml"

    def change(document: CommentedMap) -> None:
        entry = find(document, "departments", "id", one.id)
        if entry is None:
            raise Wrong("文件里没有这个单位了，请刷新后再试")
        put(entry, values)

    return _through(visit, path, change, f"修改 {one.short} 的起止日期", {})


def _through(
    visit: Visit,
    path: str,
    change: Callable[[CommentedMap], None],
    about: str,
    values: dict[str, Any],
) -> Response:
    """The file with the change, on the way of every draft; with faults, the form again."""
    root = home(visit)
    text = editing.current(root, path)
    draft = editing.begin(root, {path: text}, about)
    made = Draft({path: edited(text, path, change)}, draft.base, about)
    return shown(visit, made, lambda faults: _again(visit, made, faults, values))


def _again(
    visit: Visit, draft: Draft, faults: tuple[Fault, ...], values: dict[str, Any]
) -> Response:
    told = [FaultShown(one.fault, []) for one in with_lines(visit, draft, faults)]
    wrong = by_field(draft, faults, {name: name for name in _FIELDS}) if values else {}
    return _page(visit, {**values, "was": visit.form.text("was", 254)}, told, wrong)


_FIELDS = ("name", "email", "role", "since", "until", "away")


def _page(
    visit: Visit,
    values: dict[str, Any],
    faults: list[FaultShown] | None = None,
    wrong: dict[str, str] | None = None,
) -> Response:
    people = people_of(visit, _id(visit))
    department = _id(visit)
    known = reached(visit, {department: people})
    leaves = list(values.get("away") or [])
    return visit.page(
        "people/department.html",
        status=422 if faults else 200,
        department=_department(visit),
        id=department,
        people=[person(visit, department, one, known) for one in people],
        values={**_EMPTY, **values},
        leaves=leaves + [{"start": "", "end": ""}] * (1 if leaves else LEAVES),
        roles=ROLES[_own(visit)],
        faults=faults or [],
        wrong=wrong or {},
        may=visit.may(Right.CONFIGURE),
    )


_EMPTY = dict.fromkeys(("was", "name", "email", "role", "since", "until"), "")


def _typed(visit: Visit) -> dict[str, Any]:
    form = visit.form
    values: dict[str, Any] = {name: form.text(name, 254) for name in ("name", "email", "role")}
    one = _department(visit)
    values["department"] = one.short if one else ""
    values |= {name: form.iso(name) for name in ("since", "until")}
    values["away"] = _leaves(visit)
    return values


def _leaves(visit: Visit) -> list[dict[str, str]]:
    pairs = zip(visit.form.some("from"), visit.form.some("to"), strict=False)
    kept = [(first.strip(), last.strip()) for first, last in pairs if first.strip() or last.strip()]
    return [{"start": first or last, "end": last or first} for first, last in kept][:50]


def _values(one: Contact) -> dict[str, Any]:
    return {
        "was": one.email,
        "name": one.name,
        "email": one.email,
        "role": one.role.value,
        "since": _iso(one.since),
        "until": _iso(one.until),
        "away": [{"start": _iso(leave.start), "end": _iso(leave.end)} for leave in one.away],
    }


def _entry(document: CommentedMap, email: str) -> CommentedMap:
    found = find(document, "contacts", "email", email)
    if found is None:
        raise Wrong("文件里没有这个联系人了（可能刚被别人改过），请刷新后再试")
    return found


def _id(visit: Visit) -> str:
    return OFFICE if _own(visit) else visit.params["department"]


def _own(visit: Visit) -> bool:
    return visit.params["department"] == OFFICE


def _department(visit: Visit) -> Department | None:
    """None for the office itself. Raises NotFound."""
    if _own(visit):
        return None
    id = visit.params["department"]
    try:
        found = visit.desk.department(id)
    except UnknownName:
        raise NotFound("没有这个单位") from None
    if found.id != id:
        raise NotFound("没有这个单位")
    return found


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
