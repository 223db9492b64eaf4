"""What administrators do to accounts: one after another, each act guarded, with an event."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from duban.account import Account, Role
from state import accounts, turns
from state.accounts import GIVEN, Credentials, NoAccount
from state.assignments import Conflict
from state.notes import note_act


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who does it, when, from where. `account` 0: at the command line, with none of his own."""

    at: datetime
    actor: str
    via: str = ""
    account: int = 0


def add(
    connection: Connection,
    keeper: Keeper,
    login: str,
    name: str,
    roles: frozenset[Role],
    offices: frozenset[str],
    password: str,
) -> Account:
    """`password` is encoded already. Raises Taken."""
    _take_turn(connection)
    made = accounts.add(
        connection, login, name, roles, offices, password, at=keeper.at, by=keeper.actor
    )
    _note(connection, keeper, made, f"新增，{_described(made)}")
    return made


def change(
    connection: Connection,
    keeper: Keeper,
    was: Account,
    name: str,
    roles: frozenset[Role],
    offices: frozenset[str],
) -> Account:
    """`was`: the account as the keeper saw it. Raises NoAccount, Conflict."""
    known = _held(connection, was.id).account
    if (known.name, known.roles, known.offices) != (was.name, was.roles, was.offices):
        raise Conflict(f"账号 {known.login} 刚刚被别人改过，请重新打开这一页再改")
    if keeper.account == known.id and (roles, offices) != (known.roles, known.offices):
        raise Conflict("不能改自己的角色和范围，请另一位系统管理员来改")
    if Role.ADMINISTRATOR not in roles:
        _keep_one(connection, known)
    values = {"name": name, "roles": ",".join(sorted(roles)), "offices": ",".join(sorted(offices))}
    accounts.change(connection, known.id, **values)
    changed = _held(connection, known.id).account
    _note(connection, keeper, changed, f"{_described(known)} 改为 {_described(changed)}")
    return changed


def disable(connection: Connection, keeper: Keeper, id: int) -> Account:
    """Nobody can log in by it, and all its sessions end. Raises NoAccount, Conflict."""
    known = _another(connection, keeper, id).account
    if known.disabled_at:
        raise Conflict(f"账号 {known.login} 已经停用")
    _keep_one(connection, known)
    accounts.change(connection, id, disabled_at=keeper.at)
    accounts.end_all(connection, id)
    _note(connection, keeper, known, "停用")
    return known


def enable(connection: Connection, keeper: Keeper, id: int) -> Account:
    known = _another(connection, keeper, id).account
    if not known.disabled_at:
        raise Conflict(f"账号 {known.login} 没有停用")
    accounts.change(connection, id, disabled_at=None, failures=0, locked_until=None)
    _note(connection, keeper, known, "启用")
    return known


def unlock(connection: Connection, keeper: Keeper, id: int) -> Account:
    known = _held(connection, id)
    if not known.locked(keeper.at):
        raise Conflict(f"账号 {known.account.login} 没有锁定")
    accounts.change(connection, id, failures=0, locked_until=None)
    _note(connection, keeper, known.account, "解锁")
    return known.account


def reset(connection: Connection, keeper: Keeper, id: int, password: str) -> Account:
    """A new first password, encoded already; every session ends, and the lock. Raises NoAccount, Conflict."""
    known = _another(connection, keeper, id)
    accounts.change(
        connection,
        id,
        password=password,
        password_at=keeper.at,
        earlier="\n".join(filter(None, (known.password, *known.earlier)[:5])),
        must_change=GIVEN,
        failures=0,
        locked_until=None,
    )
    accounts.end_all(connection, id)
    _note(connection, keeper, known.account, "重设密码")
    return known.account


def reset_code(connection: Connection, keeper: Keeper, id: int) -> Account:
    """For somebody who lost the telephone: the password alone opens, until a code is set up again."""
    known = _another(connection, keeper, id)
    if not known.totp:
        raise Conflict(f"账号 {known.account.login} 没有开启动态口令")
    accounts.change(connection, id, totp="", totp_used=0)
    accounts.end_all(connection, id)
    _note(connection, keeper, known.account, "关闭动态口令")
    return known.account


def _take_turn(connection: Connection) -> None:
    """Two administrators must not remove each other at once."""
    turns.take(connection, [""])


def _held(connection: Connection, id: int) -> Credentials:
    _take_turn(connection)
    known = accounts.find_id(connection, id, hold=True)
    if known is None:
        raise NoAccount("没有这个账号")
    return known


def _another(connection: Connection, keeper: Keeper, id: int) -> Credentials:
    """Not the keeper's own: that is changed under 我的账号, where the old password is asked for."""
    known = _held(connection, id)
    if known.account.id == keeper.account:
        raise Conflict(
            "这是您自己的账号：密码和动态口令请在“我的账号”里改，停用请另一位系统管理员来做"
        )
    return known


def _keep_one(connection: Connection, leaving: Account) -> None:
    if Role.ADMINISTRATOR not in leaving.roles or leaving.disabled_at:
        return
    left = [
        one.account
        for one in accounts.every(connection)
        if Role.ADMINISTRATOR in one.account.roles and not one.account.disabled_at
    ]
    if {one.id for one in left} <= {leaving.id}:
        raise Conflict("这是最后一个可用的系统管理员账号，请先另开一个")


def _described(one: Account) -> str:
    return f"{one.name}、{one.role_names}、{'、'.join(sorted(one.offices)) or '全部纲要办'}"


def _note(connection: Connection, keeper: Keeper, about: Account, what: str) -> None:
    reason = f"{about.login}：{what}"
    note_act(connection, "", "account", keeper.actor, keeper.via, reason, keeper.at)
