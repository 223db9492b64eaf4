"""Coming in and going: what is judged, counted and written down at the entrance."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from duban.account import Account
from duban.lockout import locked_until
from state import accounts
from state.accounts import AGED, Credentials
from state.notes import note_act

NOBODY = "未登录"
"""The actor of what happens before anybody is known."""


def judge(
    connection: Connection,
    login: str,
    seen: Credentials | None,
    right: bool,
    *,
    at: datetime,
    via: str,
) -> Credentials | None:
    """The account that the password opens; None when it opens none: then the failure is counted.

    `right`: whether the password is that of `seen`. It is looked up again and held, so that of any number
    of attempts at once only the first few tell anything, however long their passwords were computed.
    """
    known = accounts.find(connection, login, hold=True)
    if known is None or seen is None:
        note_act(connection, "", "login-failed", NOBODY, via, "没有这个登录名", at)
        return None
    if reason := _closed(known, at):
        note_act(connection, "", "login-failed", NOBODY, via, f"{login}：{reason}", at)
        return None
    if not right or known.password != seen.password:
        fail(connection, known, "密码不对", at=at, via=via)
        return None
    return known


def judge_code(
    connection: Connection,
    id: int,
    marked: str,
    *,
    mark: Callable[[Credentials], str],
    at: datetime,
    via: str,
) -> Credentials | None:
    """The account whose second step may be tried: open, and its password still has the `mark` of the first
    step. The failures of a code are the caller's to count."""
    known = accounts.find_id(connection, id, hold=True)
    if known is None or mark(known) != marked or not known.totp:
        return None
    if reason := _closed(known, at):
        login = known.account.login
        note_act(connection, "", "login-failed", NOBODY, via, f"{login}：{reason}", at)
        return None
    return known


def _closed(known: Credentials, at: datetime) -> str:
    if known.account.disabled_at:
        return "账号已停用"
    return "账号锁定中" if known.locked(at) else ""


def fail(
    connection: Connection, known: Credentials, reason: str, *, at: datetime, via: str
) -> None:
    """Count a failure of an account that is held, and lock it when it was one too many."""
    failures = known.failures + 1
    until = locked_until(failures, at)
    accounts.change(connection, known.account.id, failures=failures, locked_until=until)
    login = known.account.login
    note_act(connection, "", "login-failed", NOBODY, via, f"{login}：{reason}", at)
    if until:
        minutes = int((until - at).total_seconds()) // 60
        said = f"{login}：连续错 {failures} 次，锁 {minutes} 分钟"
        note_act(connection, "", "locked", NOBODY, via, said, at)


def let_in(
    connection: Connection,
    known: Credentials,
    address: str,
    *,
    at: datetime,
    via: str,
    instead_of: str,
    aged: bool,
    step: int = 0,
) -> str:
    """Begin a session and end the one that the browser came with; what the browser is to keep.

    `aged`: the password has to be changed. `step`: the code's, which is good for nothing more.
    """
    who = known.account
    if instead_of:
        accounts.end(connection, accounts.hashed(instead_of))
    values: dict[str, object] = {"failures": 0, "locked_until": None}
    if step:
        values["totp_used"] = step
    if aged and not who.must_change:
        values["must_change"] = AGED
    accounts.change(connection, who.id, **values)
    note_act(connection, "", "login", said(who), via, "带动态口令" if step else "", at)
    return accounts.begin(connection, who, address, at=at)


def log_out(connection: Connection, who: Account, session: str, *, at: datetime, via: str) -> None:
    accounts.end(connection, session)
    note_act(connection, "", "logout", said(who), via, "", at)


def said(who: Account) -> str:
    """As the account names a person: `李卫（liwei）`."""
    return f"{who.name}（{who.login}）"
