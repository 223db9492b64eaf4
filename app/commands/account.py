"""`duban account`: who may log in to the console."""

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from app.out import cell, say, say_json, show_table, table
from app.place import home, moment
from duban.account import Account, Role, check
from duban.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from flows.premises import Site
    from state.accounts import Credentials
    from state.database import Connection
    from state.keeping import Keeper

cli = typer.Typer(context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
Login = Annotated[str, typer.Argument(help="登录名，如 liwei")]
Json = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]


class BadAccount(Trouble):
    """What was said of the account cannot be taken; the message says why."""

    exit_code = 2


@cli.callback()
def account() -> None:
    """账号：谁能登录督办台。各单位不用账号，凭邮件里的链接答复。"""


@cli.command("add")
def add(
    login: Login,
    role: Annotated[
        list[Role],
        typer.Option(help="角色，可多个：纲要办、管理者、审计员、系统管理员"),
    ],
    name: Annotated[str, typer.Option(help="姓名，默认同登录名")] = "",
    office: Annotated[
        list[str] | None, typer.Option(help="只管哪个纲要办（编号），可多个；默认全部")
    ] = None,
    json: Json = False,
) -> None:
    """新增账号，给出初始密码（只显示一次，第一次登录时要换）。"""
    from adapters import passwords
    from app.reading import open_site
    from state import keeping

    site = open_site(home())
    login, name = login.strip().lower(), name.strip() or login.strip()
    roles, offices = frozenset(role), frozenset(office or ())
    wrong = check(login, name, roles, offices, _offices(site) if offices else {})
    if wrong:
        raise BadAccount("；".join(wrong.values()))
    password = passwords.invent()
    encoded = passwords.encode(password)
    with site.database.writing() as connection:
        made = keeping.add(connection, _keeper(), login, name, roles, offices, encoded)
    _give(made, password, "已新增账号", json=json)


@cli.command("list")
def show(json: Json = False) -> None:
    """列出所有账号。"""
    from app.reading import open_site
    from state import accounts

    site = open_site(home())
    with site.database.reading() as connection:
        found = accounts.every(connection)
    if json:
        say_json([_as_json(one) for one in found])
    elif found:
        _show(found)
    else:
        say("还没有账号，用 duban account add 新增。")


@cli.command("reset")
def reset(
    login: Login,
    code: Annotated[bool, typer.Option("--code", help="也关闭动态口令（手机丢了）")] = False,
    json: Json = False,
) -> None:
    """重设密码：给出新的初始密码，结束各处的登录，并解锁。"""
    from adapters import passwords
    from app.reading import open_site
    from state import keeping

    site = open_site(home())
    password = passwords.invent()
    encoded = passwords.encode(password)
    with site.database.writing() as connection:
        known = _find(connection, login)
        done = keeping.reset(connection, _keeper(), known.account.id, encoded)
        if code and known.totp:
            keeping.reset_code(connection, _keeper(), known.account.id)
    _give(done, password, "已重设密码", json=json)


@cli.command("disable")
def disable(login: Login) -> None:
    """停用：不能再登录，各处的登录马上结束。"""
    from state import keeping

    _change(login, keeping.disable, "停用")


@cli.command("enable")
def enable(login: Login) -> None:
    """启用停用的账号。"""
    from state import keeping

    _change(login, keeping.enable, "启用")


@cli.command("unlock")
def unlock(login: Login) -> None:
    """解锁：密码错了太多次的账号马上可以再登录。"""
    from state import keeping

    _change(login, keeping.unlock, "解锁")


def _change(login: str, change: "Callable[[Connection, Keeper, int], Account]", done: str) -> None:
    from app.reading import open_site

    with open_site(home()).database.writing() as connection:
        change(connection, _keeper(), _find(connection, login).account.id)
    say(f"账号 {login} 已{done}。")


def _keeper() -> "Keeper":
    from state.keeping import Keeper

    return Keeper(moment(None), getpass.getuser())


def _find(connection: "Connection", login: str) -> "Credentials":
    from state import accounts

    known = accounts.find(connection, login.strip().lower())
    if known is None:
        raise accounts.NoAccount(f"没有账号“{login}”，duban account list 列出所有账号")
    return known


def _offices(site: "Site") -> dict[str, str]:
    return {id: office.short for id, office in site.desks().offices.items()}


def _give(whom: Account, password: str, what: str, *, json: bool) -> None:
    from duban.passwordrules import FIRST

    if json:
        say_json({"login": whom.login, "password": password})
        return
    say(f"{what} {whom.login}（{whom.name}，{whom.role_names}）")
    say(f"初始密码：{password}")
    say(f"只显示这一次；{FIRST.days} 天内有效，第一次登录时要换成自己的。")


def _as_json(one: "Credentials") -> dict[str, object]:
    return {
        "login": one.account.login,
        "name": one.account.name,
        "roles": sorted(one.account.roles),
        "offices": sorted(one.account.offices),
        "state": _state(one),
        "second_factor": bool(one.totp),
        "seen_at": one.seen_at,
    }


def _state(one: "Credentials") -> str:
    if one.account.disabled_at:
        return "已停用"
    if one.locked(moment(None)):
        return "锁定中"
    return "待改初始密码" if one.given else "正常"


def _show(found: "list[Credentials]") -> None:
    rows = table(f"账号 {len(found)} 个", "登录名", "姓名", "角色", "范围", "状态", "最近登录")
    for one in found:
        who = one.account
        rows.add_row(
            cell(who.login),
            cell(who.name),
            who.role_names,
            cell("、".join(sorted(who.offices)) or "全部"),
            _state(one),
            cell(one.seen_at and f"{one.seen_at.astimezone():%Y-%m-%d %H:%M}"),
        )
    show_table(rows)
