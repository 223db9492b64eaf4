"""Checks of the offices, their departments and their people."""

from collections.abc import Iterator

from duban.book import Branch
from duban.checks.register import Register, backwards, repeated, spot
from duban.fault import Fault
from duban.ladder import Ladder
from duban.office import Contact, Department, Office, Role
from duban.unread import Unread

Member = Department | str
"""A department, or the name of a group."""


def offices(
    entries: tuple[Office, ...], known: Register[Office], ladders: Register[Ladder]
) -> Iterator[Fault]:
    yield from repeated(entries, "id", "代号")
    for office in entries:
        if office.hour >= office.closes:
            message = f"从{office.hour:%H:%M}发信，{office.closes:%H:%M}就停，一封也发不出"
            yield office.fault("hour", message=message, hint="hour 应早于 closes（不写时是19:00）")
        if office.parent and known.unknown(office.parent):
            message = f"没有上级纲要办“{office.parent}”"
            yield office.fault("parent", message=message, hint=known.hint(office.parent))
        if ladders.unknown(office.ladder):
            message = f"没有催办梯度“{office.ladder}”"
            yield office.fault("ladder", message=message, hint=ladders.hint(office.ladder))
    yield from _circles(entries, known)


def _circles(entries: tuple[Office, ...], known: Register[Office]) -> Iterator[Fault]:
    told: set[str] = set()
    for office in entries:
        line = [office.id]
        above = known.find(office.parent or "")
        while above and above.id not in line:
            line.append(above.id)
            above = known.find(above.parent or "")
        if above is office and office.id not in told:
            told.update(line)
            message = f"上级关系成了一圈：{' → '.join([*line, office.id])}"
            yield office.fault("parent", message=message, hint="最上级的不写 parent")


def members(branch: Branch, unread: Unread) -> Register[Member]:
    """What lead and support may name: departments by id and every name, and groups."""
    found = Register[Member](f"departments/{branch.office.id}", unread)
    for one in branch.departments:
        found.add(one.id, one)
    for one in branch.departments:
        for name in one.names:
            found.add(name, one)
    for one in branch.departments:
        for group in one.groups:
            found.add(group, group)
    return found


def departments(branch: Branch, known: Register[Member]) -> Iterator[Fault]:
    yield from repeated(branch.departments, "id", "代号")
    for one in branch.departments:
        yield from backwards(one)
        yield from _names(one, known)


def _names(one: Department, known: Register[Member]) -> Iterator[Fault]:
    named: list[tuple[tuple[str | int, ...], str]] = [
        (("short",), one.short),
        (("name",), one.name),
    ]
    named += [(("aliases", number), name) for number, name in enumerate(one.aliases)]
    for path, name in named:
        other = known.find(name)
        if isinstance(other, Department) and other.id != one.id:
            message = f"“{name}”已是“{other.short}”（{spot(other, one)}）的名称"
            yield one.fault(*path, message=message, hint="一个名称只能属于一家单位")
    for number, group in enumerate(one.groups):
        if isinstance(known.find(group), Department):
            message = f"组名“{group}”也是一家单位的名称"
            yield one.fault("groups", number, message=message, hint="请换一个组名")


def contacts(branch: Branch, known: Register[Member], unread: Unread) -> Iterator[Fault]:
    for contact in branch.contacts:
        yield from backwards(contact)
        for away in contact.away:
            yield from backwards(away, "start", "end")
        yield from _department(contact, known)
        if contact.place not in unread.damaged:
            yield from _homeless(contact)
    sound = [one for one in branch.contacts if one.place not in unread.damaged]
    yield from _shared_addresses(sound)


_BELONGING = (Role.LIAISON, Role.SUBSTITUTE, Role.LEADER)


def _homeless(contact: Contact) -> Iterator[Fault]:
    if contact.department is None and contact.role in _BELONGING:
        message = f"{contact.role.value}“{contact.name}”没有写属于哪家单位"
        yield contact.fault("role", message=message, hint="请补上 department")
    if contact.department is not None and contact.role is Role.HEAD:
        message = f"纲要办领导“{contact.name}”是本办的人，不能写单位"
        yield contact.fault("department", message=message, hint="请删去，或把 role 改为分管领导")


def _department(contact: Contact, known: Register[Member]) -> Iterator[Fault]:
    name = contact.department
    if name is not None and known.unknown(name):
        yield contact.fault("department", message=f"没有成员单位“{name}”", hint=known.hint(name))
    elif name is not None and isinstance(known.find(name), str):
        message = f"“{name}”是一组单位，不是一家单位"
        yield contact.fault("department", message=message, hint="请写其中一家")


def _shared_addresses(people: list[Contact]) -> Iterator[Fault]:
    first: dict[str, Contact] = {}
    for contact in people:
        other = first.setdefault(contact.email.lower(), contact)
        if other.name != contact.name:
            message = f"邮箱“{contact.email}”已是“{other.name}”（{spot(other, contact)}）的"
            yield contact.fault("email", message=message, hint="一个邮箱只能属于一个人")
        elif other.email != contact.email:
            message = (
                f"邮箱“{contact.email}”与“{other.email}”（{spot(other, contact)}）只有大小写不同"
            )
            yield contact.fault(
                "email", message=message, hint="请写成一样，否则同一个人会收到两封信"
            )
