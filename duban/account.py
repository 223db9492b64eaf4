"""Who may do what in the console: roles, and the rights that they give."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Right(StrEnum):
    LOOK = "look"
    """查看: every page about items, letters and departments of one's offices."""
    DECIDE = "decide"
    """办理: answers to what departments send and ask."""
    CONFIGURE = "configure"
    """维护: calendar, departments, contacts, templates, the outbox's brakes."""
    AUDIT = "audit"
    """审计: the account of everything, its export, its seals."""
    ADMINISTER = "administer"
    """管理: accounts."""


class Role(StrEnum):
    SECRETARIAT = "secretariat"
    MANAGER = "manager"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def rights(self) -> frozenset[Right]:
        return _RIGHTS[self]


_LABELS = {
    Role.SECRETARIAT: "纲要办",
    Role.MANAGER: "管理者",
    Role.AUDITOR: "审计员",
    Role.ADMINISTRATOR: "系统管理员",
}
_RIGHTS = {
    Role.SECRETARIAT: frozenset({Right.LOOK, Right.DECIDE, Right.CONFIGURE}),
    Role.MANAGER: frozenset({Right.LOOK}),
    Role.AUDITOR: frozenset({Right.LOOK, Right.AUDIT}),
    Role.ADMINISTRATOR: frozenset({Right.ADMINISTER}),
}
"""Whoever keeps the accounts decides nothing, and whoever decides keeps no accounts (GB/T 22239)."""


@dataclass(frozen=True, slots=True)
class Account:
    """One person who may log in."""

    id: int
    login: str
    name: str
    roles: frozenset[Role]
    offices: frozenset[str]
    """Their ids; none: every office."""
    must_change: bool = False
    """The password was set by somebody else."""
    disabled_at: datetime | None = None

    @property
    def rights(self) -> frozenset[Right]:
        return frozenset(right for role in self.roles for right in role.rights)

    def may(self, right: Right) -> bool:
        return right in self.rights

    def enters(self, office: str) -> bool:
        return not self.offices or office in self.offices

    @property
    def role_names(self) -> str:
        return "、".join(role.label for role in Role if role in self.roles)
