"""Who may do what in the console: roles, and the rights that they give."""

import re
from collections.abc import Mapping
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

    def keeps(self, other: "Account") -> bool:
        """As an administrator: those of one's own offices; without offices, every account."""
        return not self.offices or (bool(other.offices) and other.offices <= self.offices)

    @property
    def role_names(self) -> str:
        return "、".join(role.label for role in Role if role in self.roles)


LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,59}")


def check(
    login: str,
    name: str,
    roles: frozenset[Role],
    offices: frozenset[str],
    known: Mapping[str, str],
    *,
    bound: bool = False,
) -> dict[str, str]:
    """What is wrong with an account, by field. `known`: the names of the offices that may be given, by id;
    `bound`: whoever gives them keeps no others, and cannot give all."""
    found = {
        "login": _login(login),
        "name": "" if 1 <= len(name) <= 30 else "请写姓名，最多 30 个字",
        "roles": _roles(roles),
        "offices": _offices(offices, known, bound=bound),
    }
    return {field: said for field, said in found.items() if said}


def _login(login: str) -> str:
    if LOGIN.fullmatch(login):
        return ""
    return "登录名用 2 到 60 个小写字母、数字或 . _ - @，以字母或数字开头，如 liwei"


def _roles(roles: frozenset[Role]) -> str:
    if not roles:
        return "请至少选一个角色"
    if Role.ADMINISTRATOR in roles and len(roles) > 1:
        return "系统管理员不能兼任其他角色：管账号的人不办事，办事的人不管账号；请另开一个账号"
    if {Role.AUDITOR, Role.SECRETARIAT} <= roles:
        return "审计员不能兼任纲要办：不能自己审自己；请另开一个账号"
    return ""


def _offices(offices: frozenset[str], known: Mapping[str, str], *, bound: bool) -> str:
    strange = sorted(offices.difference(known))
    if strange:
        choices = f"可写：{'、'.join(known)}" if known else "还没有应用过日历"
        return f"没有纲要办“{'、'.join(strange)}”；{choices}"
    return "请至少选一个纲要办：您只管这几个纲要办的账号" if bound and not offices else ""
