"""Accounts and sessions: who may log in, and who has."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    Row,
    Select,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from duban.account import Account, Role
from duban.trouble import Trouble
from state.tables import account, session

STILL = timedelta(seconds=60)
"""A session's last use is written down at most this often."""
GIVEN, AGED = 1, 2
"""Why a password has to be changed: somebody else set it, or it is too old."""


class Taken(Trouble):
    """Somebody has that login."""


class NoAccount(Trouble):
    """There is no such account."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a log-in is judged by."""

    account: Account
    password: str
    totp: str
    totp_used: int
    failures: int
    locked_until: datetime | None
    password_at: datetime | None
    earlier: tuple[str, ...]
    """The newest first."""
    given: bool = False
    """Somebody else set the password."""
    seen_at: datetime | None = None
    """When this person logged in last."""

    def locked(self, at: datetime) -> bool:
        return self.locked_until is not None and at < self.locked_until


@dataclass(frozen=True, slots=True)
class Session:
    id: str
    account: Account
    begun_at: datetime
    seen_at: datetime
    address: str = ""


def add(
    connection: Connection,
    login: str,
    name: str,
    roles: frozenset[Role],
    offices: frozenset[str],
    password: str,
    *,
    at: datetime,
    by: str,
    must_change: bool = True,
) -> Account:
    """`password` is encoded already. Raises Taken."""
    if find(connection, login):
        raise Taken(f"登录名“{login}”已经有人用了，请换一个")
    connection.execute(
        insert(account).values(
            login=login,
            name=name,
            roles=",".join(sorted(roles)),
            offices=",".join(sorted(offices)),
            password=password,
            password_at=at,
            must_change=GIVEN if must_change else 0,
            created_at=at,
            created_by=by,
        )
    )
    found = find(connection, login)
    assert found
    return found.account


def find(connection: Connection, login: str, *, hold: bool = False) -> Credentials | None:
    """`hold`: nobody else changes it before this transaction ends."""
    return _one(connection, _BY_LOGIN, login, hold)


def find_id(connection: Connection, id: int, *, hold: bool = False) -> Credentials | None:
    return _one(connection, _BY_ID, id, hold)


def _one(
    connection: Connection, query: Select[Any], key: str | int, hold: bool
) -> Credentials | None:
    row = connection.execute(query.with_for_update() if hold else query, {"key": key}).one_or_none()
    return _credentials(row) if row else None


_BY_LOGIN = select(account).where(account.c.login == bindparam("key"))
_BY_ID = select(account).where(account.c.id == bindparam("key"))


def every(connection: Connection) -> list[Credentials]:
    """By login."""
    return [
        _credentials(row) for row in connection.execute(select(account).order_by(account.c.login))
    ]


def some(connection: Connection, words: str, *, start: int, most: int) -> list[Credentials]:
    """A page of those with `words` in their login or name, by login."""
    if words:
        query = _with(select(account), words).order_by(account.c.login).offset(start).limit(most)
        return [_credentials(row) for row in connection.execute(query)]
    rows = connection.execute(_PAGE, {"start": start, "most": most})
    return [_credentials(row) for row in rows]


_PAGE = (
    select(account)
    .order_by(account.c.login)
    .offset(bindparam("start", type_=Integer))
    .limit(bindparam("most", type_=Integer))
)


def count(connection: Connection, words: str = "") -> int:
    query = _with(select(func.count()).select_from(account), words)
    return connection.scalar(query) or 0


def _with(query: Select[Any], words: str) -> Select[Any]:
    if not words:
        return query
    c = account.c
    return query.where(
        or_(
            c.login.contains(words.lower(), autoescape=True),
            c.name.contains(words, autoescape=True),
        )
    )


def change(connection: Connection, id: int, **values: object) -> None:
    connection.execute(update(account).where(account.c.id == id).values(**values))


# --- sessions ---


def begin(connection: Connection, who: Account, address: str, *, at: datetime) -> str:
    """What the browser is given to keep; only its hash is kept here."""
    token = secrets.token_urlsafe(32)
    connection.execute(
        insert(session).values(
            id=hashed(token), account_id=who.id, begun_at=at, seen_at=at, address=address[:64]
        )
    )
    connection.execute(update(account).where(account.c.id == who.id).values(seen_at=at))
    return token


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def current(
    connection: Connection, token: str, *, at: datetime, idle: timedelta, longest: timedelta
) -> Session | None:
    """The session that the browser speaks of; None when it is over or never was."""
    id = hashed(token)
    row = connection.execute(_CURRENT, {"session": id}).one_or_none()
    if row is None or row.disabled_at is not None:
        return None
    if at - row.session_seen_at > idle or at - row.begun_at > longest:
        return None
    return Session(id, _account(row), row.begun_at, row.session_seen_at, row.address)


_CURRENT = (
    select(
        session.c.begun_at,
        session.c.seen_at.label("session_seen_at"),
        session.c.address,
        account.c.id,
        account.c.login,
        account.c.name,
        account.c.roles,
        account.c.offices,
        account.c.must_change,
        account.c.disabled_at,
    )
    .join(account, account.c.id == session.c.account_id)
    .where(session.c.id == bindparam("session"))
)


def sessions(connection: Connection, who: Account, *, since: datetime) -> list[Session]:
    """Of that account, used since then, the last used first; 50 at most."""
    rows = connection.execute(_SESSIONS, {"account": who.id, "since": since})
    return [Session(row.id, who, row.begun_at, row.seen_at, row.address) for row in rows]


_SESSIONS = (
    select(session)
    .where(session.c.account_id == bindparam("account"), session.c.seen_at >= bindparam("since"))
    .order_by(session.c.seen_at.desc(), session.c.id)
    .limit(50)
)


def touch(connection: Connection, known: Session, *, at: datetime) -> None:
    connection.execute(update(session).where(session.c.id == known.id).values(seen_at=at))


def end(connection: Connection, id: str, account_id: int | None = None) -> bool:
    """Whether there was one; only of that account, when one is named."""
    query = delete(session).where(session.c.id == id)
    if account_id is not None:
        query = query.where(session.c.account_id == account_id)
    return connection.execute(query).rowcount == 1


def end_all(connection: Connection, account_id: int, but: str = "") -> None:
    """Every session of that account, except the one with the id `but`."""
    connection.execute(
        delete(session).where(session.c.account_id == account_id, session.c.id != but)
    )


def forget_old(connection: Connection, *, before: datetime) -> None:
    connection.execute(delete(session).where(session.c.seen_at < before))


def _credentials(row: Row[Any]) -> Credentials:
    return Credentials(
        _account(row),
        row.password,
        row.totp,
        row.totp_used,
        row.failures,
        row.locked_until,
        row.password_at,
        tuple(row.earlier.split()),
        row.must_change == GIVEN,
        row.seen_at,
    )


def _account(row: Row[Any]) -> Account:
    return Account(
        row.id,
        row.login,
        row.name,
        frozenset(map(Role, _words(row.roles))),
        frozenset(_words(row.offices)),
        bool(row.must_change),
        row.disabled_at,
    )


def _words(text: str) -> list[str]:
    return [word for word in text.split(",") if word]
