import re

import pytest

from tests.app.conftest import Duban


def test_an_account_is_added_with_a_password_shown_once(duban: Duban) -> None:
    said = duban("account", "add", "Zhang", "--role", "secretariat", "--name", "张敏")

    assert said.code == 0
    assert re.search(r"初始密码：\w{4}-\w{4}-\w{4}-\w{4}\n", said.out)
    (listed,) = duban("account", "list", "--json").json
    assert listed == {
        "login": "zhang",
        "name": "张敏",
        "roles": ["secretariat"],
        "offices": [],
        "state": "待改初始密码",
        "second_factor": False,
        "seen_at": None,
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["张敏", "--role", "manager"], "登录名用"),
        (["zhang", "--role", "administrator", "--role", "secretariat"], "不能兼任"),
        (["zhang", "--role", "manager", "--office", "beijing"], "还没有应用过日历"),
        (["zhang", "--role", "manager", "--name", "张" * 31], "姓名"),
    ],
)
def test_what_cannot_be_an_account_is_said_and_makes_none(
    duban: Duban, arguments: list[str], said: str
) -> None:
    refused = duban("account", "add", *arguments)

    assert refused.code != 0
    assert said in refused.err
    assert duban("account", "list", "--json").json == []


def test_a_login_is_given_once(duban: Duban) -> None:
    duban("account", "add", "zhang", "--role", "manager")

    twice = duban("account", "add", "zhang", "--role", "manager")

    assert twice.code != 0
    assert "已经有人用了" in twice.err


def test_an_account_is_for_an_office_that_there_is(duban: Duban) -> None:
    duban("apply", "--yes")

    wrong = duban("account", "add", "zhang", "--role", "manager", "--office", "beijing")
    right = duban("account", "add", "zhang", "--role", "manager", "--office", "chongqing")

    assert "没有纲要办“beijing”" in wrong.err
    assert right.code == 0
    assert duban("account", "list", "--json").json[0]["offices"] == ["chongqing"]


def test_an_account_is_disabled_enabled_and_reset(duban: Duban) -> None:
    duban("account", "add", "zhang", "--role", "manager")

    first = duban("account", "disable", "zhang")
    again = duban("account", "disable", "zhang")
    state = duban("account", "list", "--json").json[0]["state"]
    enabled = duban("account", "enable", "ZHANG")
    reset = duban("account", "reset", "zhang", "--json")

    assert (first.code, enabled.code, reset.code, state) == (0, 0, 0, "已停用")
    assert again.code != 0
    assert "已经停用" in again.err
    assert len(reset.json["password"]) == 19


def test_the_last_administrator_cannot_be_disabled(duban: Duban) -> None:
    duban("account", "add", "admin1", "--role", "administrator")

    refused = duban("account", "disable", "admin1")
    duban("account", "add", "admin2", "--role", "administrator")
    done = duban("account", "disable", "admin1")

    assert "最后一个" in refused.err
    assert done.code == 0


@pytest.mark.parametrize("command", ["reset", "disable", "enable", "unlock"])
def test_an_account_that_is_not_there_is_said(duban: Duban, command: str) -> None:
    said = duban("account", command, "nobody")

    assert said.code != 0
    assert "没有账号“nobody”" in said.err
    assert "Traceback" not in said.err


def test_what_is_not_locked_need_not_be_unlocked(duban: Duban) -> None:
    duban("account", "add", "zhang", "--role", "manager")

    said = duban("account", "unlock", "zhang")

    assert "没有锁定" in said.err


def test_the_list_is_a_table_for_people(duban: Duban) -> None:
    none = duban("account", "list").out
    duban("account", "add", "zhang", "--role", "auditor", "--name", "张[敏]")

    listed = duban("account", "list").out

    assert "还没有账号" in none
    assert "张[敏]" in listed
    assert "审计员" in listed
