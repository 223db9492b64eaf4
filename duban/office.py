"""Offices, departments, and the people who receive mail."""

from datetime import date, time
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from duban.ahead import Cascade
from duban.frozen import Frozen, Id, Name, Names


class Role(StrEnum):
    LIAISON = "联络员"
    SUBSTITUTE = "AB岗"
    LEADER = "分管领导"
    SECRETARY = "经办人"
    MANAGER = "管理者"
    HEAD = "纲要办领导"
    """Of the office itself: told of what was urged in red."""


def mailbox(value: str) -> str:
    """A plain ASCII address, one @, no display name, no control character (RFC 5321 4.1.2)."""
    local, at, domain = value.strip().rpartition("@")
    allowed = value.isascii() and value.isprintable() and not set(value) & set(' <>(),;:"[]\\')
    if not (at and local and "." in domain and allowed) or "@" in local or len(value) > 254:
        raise ValueError("不是可用的邮箱地址，应如 liaison@shui.cq.example")
    return value.strip()


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        raise ValueError(f"没有时区“{value}”，应如 Asia/Shanghai") from None
    return value


Mailbox = Annotated[str, AfterValidator(mailbox)]
Zone = Annotated[str, AfterValidator(_zone)]


class Office(Frozen):
    """A secretariat (纲要办), the tenant of everything else."""

    id: Id
    name: Name
    short: Name
    region: Name
    """`市`, `区`: what the names of its departments begin with."""
    parent: Id | None = None
    zone: Zone = "Asia/Shanghai"
    hour: time = time(8, 30)
    """From this hour of a working day on, the day's mail goes out."""
    closes: time = time(19, 0)
    """After this hour nothing is written any more: it waits for the next working day."""
    since: date
    """What was due before this day is not chased: the office did not use duban yet."""
    sender: Mailbox
    phone: Name | None = None
    ladder: Id = "standard"
    brake: int = Field(default=500, ge=1, le=1_000_000)
    """A morning with more letters than this waits until a person releases it."""
    yellow: int = Field(default=5, ge=0, le=60)
    """Working days before the due date from which the lamp is yellow."""
    cascade: Cascade | None = None
    """For what is asked of offices below this one; None: five working days ahead."""


class Department(Frozen):
    """A member department (成员单位) of one office, under every name that documents use."""

    id: Id
    name: Name
    short: Name
    aliases: Names = ()
    groups: Names = ()
    office: Id | None = None
    """A department that is itself an office below this one: what is asked of it goes to that office."""
    since: date | None = None
    until: date | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return (self.short, self.name, *self.aliases)

    def valid(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


class Away(Frozen):
    """An absence, both days included."""

    start: date
    end: date


class Contact(Frozen):
    """A person who receives mail for a department, or for the office itself (no department)."""

    name: Name
    email: Mailbox
    role: Role
    department: Name | None = None
    since: date | None = None
    until: date | None = None
    away: tuple[Away, ...] = ()

    def present(self, day: date) -> bool:
        """In post and not away on that day."""
        in_post = (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )
        return in_post and not any(leave.start <= day <= leave.end for leave in self.away)
