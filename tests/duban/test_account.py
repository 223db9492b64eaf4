from typing import Any

import pytest

from duban.account import Account, Right, Role, check

KNOWN = {"ceshi": "测试市", "waidi": "外地市"}
GOOD: dict[str, Any] = {
    "login": "li.wei-2@kx",
    "name": "李卫",
    "roles": frozenset({Role.MANAGER}),
    "offices": frozenset(),
    "known": KNOWN,
}


def account(*offices: str, role: Role = Role.ADMINISTRATOR) -> Account:
    return Account(1, "liwei", "李卫", frozenset({role}), frozenset(offices))


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, set()),
        ({"offices": frozenset({"ceshi"}), "bound": True}, set()),
        ({"roles": frozenset({Role.MANAGER, Role.AUDITOR})}, set()),
        ({"roles": frozenset({Role.MANAGER, Role.SECRETARIAT})}, set()),
        ({"login": "a"}, {"login"}),
        ({"login": "Li"}, {"login"}),
        ({"login": ".li"}, {"login"}),
        ({"login": "li wei"}, {"login"}),
        ({"login": "l" * 61}, {"login"}),
        ({"login": "li\n"}, {"login"}),
        ({"name": ""}, {"name"}),
        ({"name": "李" * 31}, {"name"}),
        ({"roles": frozenset()}, {"roles"}),
        ({"roles": frozenset({Role.ADMINISTRATOR, Role.MANAGER})}, {"roles"}),
        ({"roles": frozenset({Role.AUDITOR, Role.SECRETARIAT})}, {"roles"}),
        ({"offices": frozenset({"beijing"})}, {"offices"}),
        ({"bound": True}, {"offices"}),
        ({"login": "", "name": "", "roles": frozenset(), "bound": True}, set(GOOD) - {"known"}),
    ],
)
def test_every_fault_of_an_account_is_found(changes: dict[str, Any], fields: set[str]) -> None:
    assert set(check(**{**GOOD, **changes})) == fields


@pytest.mark.parametrize(
    ("keeper", "other", "keeps"),
    [
        ((), (), True),
        ((), ("ceshi",), True),
        (("ceshi",), ("ceshi",), True),
        (("ceshi", "waidi"), ("ceshi",), True),
        (("ceshi",), ("ceshi", "waidi"), False),
        (("ceshi",), ("waidi",), False),
        (("ceshi",), (), False),
    ],
)
def test_an_administrator_keeps_the_accounts_of_his_offices(
    keeper: tuple[str, ...], other: tuple[str, ...], keeps: bool
) -> None:
    assert account(*keeper).keeps(account(*other, role=Role.MANAGER)) is keeps


def test_whoever_keeps_accounts_does_nothing_else() -> None:
    assert Role.ADMINISTRATOR.rights == {Right.ADMINISTER}
    assert [role for role in Role if Right.ADMINISTER in role.rights] == [Role.ADMINISTRATOR]
