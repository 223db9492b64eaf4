"""Whose turn it is to write an office's account: one at a time, as SQLite has it anyway.

Only senders go on side by side. They never wait for a turn while they hold letters that somebody who
has it may want, because those are passed over (SKIP LOCKED).
"""

from collections.abc import Collection
from zlib import crc32

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, INTEGER

ACCOUNT = 0x64756262
"""The first number of our advisory locks on PostgreSQL; `duban migrate` has the one before."""


def take(connection: Connection, offices: Collection[str]) -> None:
    """Wait until nobody else writes the account of these offices; kept to the transaction's end."""
    if connection.dialect.name == "postgresql":
        numbers = sorted({crc32(office.encode()) - (1 << 31) for office in offices})
        connection.execute(_TAKE, {"numbers": numbers})


_NUMBER = func.unnest(bindparam("numbers", type_=ARRAY(INTEGER))).label("number")
_IN_ORDER = select(_NUMBER).offset(0).subquery()
_TAKE = select(func.count(func.pg_advisory_xact_lock(ACCOUNT, _IN_ORDER.c.number)))
