"""Accounts and sessions: who may log in, and who has."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, delete, insert, select, update

from duban.account import Account, Role
from duban.trouble import Trouble
from state.tables import account, session

STILL = timedelta(seconds=60)
"""A session's last use is written down at most this often."""


class Taken(Trouble):
    """Somebody has that login."""


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


@dataclass(frozen=True, slots=True)
class Session:
    id: str
    account: Account
    begun_at: datetime
    seen_at: datetime


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
            must_change=int(must_change),
            created_at=at,
            created_by=by,
        )
    )
    found = find(connection, login)
    assert found
    return found.account


def find(connection: Connection, login: str) -> Credentials | None:
    row = connection.execute(select(account).where(account.c.login == login)).one_or_none()
    return _credentials(row) if row else None


def find_id(connection: Connection, id: int) -> Credentials | None:
    row = connection.execute(select(account).where(account.c.id == id)).one_or_none()
    return _credentials(row) if row else None


def every(connection: Connection) -> list[Credentials]:
    """By login."""
    return [
        _credentials(row) for row in connection.execute(select(account).order_by(account.c.login))
    ]


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
    query = (
        select(session.c.begun_at, session.c.seen_at, account)
        .join(account, account.c.id == session.c.account_id)
        .where(session.c.id == hashed(token))
    )
    row = connection.execute(query).one_or_none()
    if row is None or row.disabled_at is not None:
        return None
    begun, seen = row[0], row[1]
    if at - seen > idle or at - begun > longest:
        return None
    return Session(hashed(token), _account(row), begun, seen)


def touch(connection: Connection, known: Session, *, at: datetime) -> None:
    connection.execute(update(session).where(session.c.id == known.id).values(seen_at=at))


def end(connection: Connection, id: str) -> None:
    connection.execute(delete(session).where(session.c.id == id))


def end_all(connection: Connection, account_id: int, but: str = "") -> None:
    """Every session of that account, except the one with the id `but`."""
    connection.execute(
        delete(session).where(session.c.account_id == account_id, session.c.id != but)
    )


def forget_old(connection: Connection, *, before: datetime) -> None:
    connection.execute(delete(session).where(session.c.seen_at < before))


def _credentials(row: Row[tuple[object, ...]]) -> Credentials:
    return Credentials(
        _account(row),
        row.password,
        row.totp,
        row.totp_used,
        row.failures,
        row.locked_until,
        row.password_at,
        tuple(row.earlier.split()),
    )


def _account(row: Row[tuple[object, ...]]) -> Account:
    return Account(
        row.id,
        row.login,
        row.name,
        frozenset(Role(word) for word in row.roles.split(",") if word),
        frozenset(word for word in row.offices.split(",") if word),
        bool(row.must_change),
        row.disabled_at,
    )
