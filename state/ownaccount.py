"""What people do with their own account: password, second factor, sessions."""

from datetime import datetime

from sqlalchemy import Connection

from state import accounts
from state.accounts import Credentials, NoAccount
from state.assignments import Conflict
from state.logins import said
from state.notes import note_act


def hold(connection: Connection, seen: Credentials) -> Credentials:
    """The account, held. Raises NoAccount, and Conflict when its password or code changed meanwhile."""
    known = accounts.find_id(connection, seen.account.id, hold=True)
    if known is None:
        raise NoAccount("没有这个账号")
    if (known.password, known.totp) != (seen.password, seen.totp):
        raise Conflict("这个账号的密码或动态口令刚刚改过，请重新打开这一页")
    return known


def change_password(
    connection: Connection,
    seen: Credentials,
    encoded: str,
    keep: int,
    *,
    at: datetime,
    via: str,
) -> None:
    """Every session ends: the caller begins a new one. `keep`: the passwords to remember."""
    known = hold(connection, seen)
    earlier = (known.password, *known.earlier)[:keep]
    accounts.change(
        connection,
        known.account.id,
        password=encoded,
        password_at=at,
        earlier="\n".join(filter(None, earlier)),
        must_change=0,
        failures=0,
        locked_until=None,
    )
    accounts.end_all(connection, known.account.id)
    note_act(connection, "", "account", said(known.account), via, "改了自己的密码", at)


def set_code(
    connection: Connection,
    seen: Credentials,
    secret: str,
    step: int,
    *,
    at: datetime,
    via: str,
) -> None:
    """Turn the second factor on; every session ends. `step`: of the code that proved it."""
    known = hold(connection, seen)
    accounts.change(connection, known.account.id, totp=secret, totp_used=step)
    accounts.end_all(connection, known.account.id)
    note_act(connection, "", "account", said(known.account), via, "开启了动态口令", at)


def drop_code(connection: Connection, seen: Credentials, *, at: datetime, via: str) -> None:
    known = hold(connection, seen)
    if not known.totp:
        raise Conflict("动态口令已经关闭")
    accounts.change(connection, known.account.id, totp="", totp_used=0)
    note_act(connection, "", "account", said(known.account), via, "关闭了动态口令", at)


def end_session(
    connection: Connection, known: Credentials, session: str, *, at: datetime, via: str
) -> None:
    """Raises Conflict where it has ended already, or is somebody else's."""
    if not accounts.end(connection, session, known.account.id):
        raise Conflict("这处登录已经结束")
    note_act(connection, "", "account", said(known.account), via, "结束了自己的一处登录", at)


def end_others(
    connection: Connection, known: Credentials, session: str, *, at: datetime, via: str
) -> None:
    accounts.end_all(connection, known.account.id, but=session)
    note_act(connection, "", "account", said(known.account), via, "结束了自己其他各处的登录", at)
