"""What administrators do to accounts: one after another, each act guarded, with an event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection

from duban.account import Account, Role
from state import accounts, turns
from state.accounts import GIVEN, Credentials, NoAccount
from state.assignments import Conflict
from state.notes import note_act


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who does it, when, from where. `account` None: at the command line, where every account is kept."""

    at: datetime
    actor: str
    via: str = ""
    account: Account | None = None

    def keeps(self, other: Account) -> bool:
        return self.account is None or self.account.keeps(other)

    def is_own(self, other: Account) -> bool:
        return self.account is not None and self.account.id == other.id


def listed(
    connection: Connection, keeper: Keeper, words: str, *, start: int, most: int
) -> tuple[Sequence[Credentials], int]:
    """A page of the accounts that the keeper keeps, by login, and how many there are of them."""
    if keeper.account is None or not keeper.account.offices:
        found = accounts.some(connection, words, start=start, most=most)
        return found, accounts.count(connection, words)
    kept = [
        one
        for one in accounts.every(connection)
        if keeper.keeps(one.account) and words.lower() in f"{one.account.login} {one.account.name}"
    ]
    return kept[start : start + most], len(kept)


def find(connection: Connection, keeper: Keeper, id: int) -> Credentials:
    """Raises NoAccount, also for one that this keeper does not keep."""
    known = accounts.find_id(connection, id)
    if known is None or not keeper.keeps(known.account):
        raise NoAccount("没有这个账号")
    return known


def mark(one: Account) -> str:
    """Of what a form shows of it: another one as soon as somebody changed it."""
    said = repr((one.name, sorted(one.roles), sorted(one.offices)))
    return sha256(said.encode()).hexdigest()[:16]


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
    id: int,
    was: str,
    name: str,
    roles: frozenset[Role],
    offices: frozenset[str],
) -> Account:
    """`was`: the mark of the account as the keeper saw it. Raises NoAccount, Conflict."""
    known = _held(connection, keeper, id).account
    if mark(known) != was:
        raise Conflict(f"账号 {known.login} 刚刚被别人改过，请重新打开这一页再改")
    if keeper.is_own(known) and (roles, offices) != (known.roles, known.offices):
        raise Conflict("不能改自己的角色和范围，请另一位系统管理员来改")
    if (Role.ADMINISTRATOR in known.roles) and (roles, offices) != (known.roles, known.offices):
        _keep_one(connection, known)
    values = {"name": name, "roles": ",".join(sorted(roles)), "offices": ",".join(sorted(offices))}
    accounts.change(connection, id, **values)
    changed = _held(connection, keeper, id).account
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
    known = _held(connection, keeper, id)
    if not known.locked(keeper.at):
        raise Conflict(f"账号 {known.account.login} 没有锁定")
    accounts.change(connection, id, failures=0, locked_until=None)
    _note(connection, keeper, known.account, "解锁")
    return known.account


def reset(
    connection: Connection, keeper: Keeper, id: int, password: str, since: str = ""
) -> Account:
    """A new first password, encoded already; every session ends, and the lock. `since`: when the password
    was set that the keeper saw; empty: whichever there is. Raises NoAccount, Conflict."""
    known = _another(connection, keeper, id)
    if since not in ("", set_at(known)):
        raise Conflict("这个账号的密码刚刚改过，请重新打开这一页，看看还要不要重设")
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


def set_at(known: Credentials) -> str:
    return known.password_at.isoformat() if known.password_at else "-"


def _held(connection: Connection, keeper: Keeper, id: int) -> Credentials:
    _take_turn(connection)
    known = accounts.find_id(connection, id, hold=True)
    if known is None or not keeper.keeps(known.account):
        raise NoAccount("没有这个账号")
    return known


def _another(connection: Connection, keeper: Keeper, id: int) -> Credentials:
    """Not the keeper's own: that is changed under 我的账号, where the old password is asked for."""
    known = _held(connection, keeper, id)
    if keeper.is_own(known.account):
        raise Conflict(
            "这是您自己的账号：密码和动态口令请在“我的账号”里改，停用请另一位系统管理员来做"
        )
    return known


def _keep_one(connection: Connection, leaving: Account) -> None:
    """Somebody else has to be able to keep the accounts that `leaving` keeps."""
    if Role.ADMINISTRATOR not in leaving.roles or leaving.disabled_at:
        return
    for one in accounts.every(connection):
        other = one.account
        able = Role.ADMINISTRATOR in other.roles and not other.disabled_at
        if able and other.id != leaving.id and (not other.offices or other.keeps(leaving)):
            return
    raise Conflict(f"{leaving.login} 是最后一个可用的系统管理员账号，请先另开一个")


def _described(one: Account) -> str:
    return f"{one.name}、{one.role_names}、{'、'.join(sorted(one.offices)) or '全部纲要办'}"


def _note(connection: Connection, keeper: Keeper, about: Account, what: str) -> None:
    reason = f"{about.login}：{what}"
    note_act(connection, "", "account", keeper.actor, keeper.via, reason, keeper.at)
