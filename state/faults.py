"""What a database complains of, in our own words."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from duban.trouble import Trouble


class DatabaseFault(Trouble):
    """The database cannot be used; the message says why and what to do, in Chinese."""


@contextmanager
def in_our_words(password: str | None = None) -> Iterator[None]:
    """Raises DatabaseFault for what is wrong with the database; our own mistakes pass as they are.

    `password` never shows up in a message.
    """
    try:
        yield
    except PoolTimeout as fault:
        raise DatabaseFault(f"程序自己的数据库连接已用完，请稍后再试（{fault}）") from fault
    except DBAPIError as fault:
        if words := _meaning(fault):
            raise DatabaseFault(f"{words}（{_text(fault, password)}）") from fault
        raise


def _meaning(fault: DBAPIError) -> str | None:
    """What it means and how to mend it; None when it is not the database's fault."""
    code = getattr(fault.orig, "sqlstate", None)
    if code:
        return _of_code(code) or (UNUSABLE if isinstance(fault, OperationalError) else None)
    text = str(fault.orig)
    outside = isinstance(fault, OperationalError) or fault.connection_invalidated
    connecting = fault.statement is None
    if outside or connecting or "file is not a database" in text:
        return next((words for mark, words in MARKS.items() if mark in text), UNUSABLE)
    return None


def _of_code(code: str) -> str | None:
    """The longest known beginning decides: the first two characters are the code's class."""
    return STATES.get(code) or STATES.get(code[:3]) or STATES.get(code[:2])


def _text(fault: DBAPIError, password: str | None) -> str:
    """The database's own words in one line."""
    primary = getattr(getattr(fault.orig, "diag", None), "message_primary", None)
    text = " ".join((primary or str(fault.orig)).split())
    return text.replace(password, "***") if password else text


UNUSABLE = "数据库用不了，请检查它是否正常"
UNMADE = "数据库还没有建好或版本太旧，请先运行 duban migrate"
OLD = "数据库版本太旧，请先运行 duban migrate"
BUSY = "数据库正被另一个程序占用，请稍后再试"
LOGIN = "数据库不接受这个用户名或密码，请检查 database 设置、PGPASSWORD 或 ~/.pgpass"
MISSING = "数据库服务器上没有这个数据库，请先建立（createdb），或改正 database 设置"
DOWN = "连不上数据库服务器，请检查它是否在运行、database 设置里的地址和端口"
LOST = "与数据库服务器的连接断了，请检查它是否在运行，稍后再试"
STARTING = "数据库服务器正在启动或关闭，请稍后再试"
CROWDED = "数据库服务器的连接已满，请稍后再试，或调大它的 max_connections"
RIGHTS = "数据库用户的权限不够，请数据库管理员授权"
BROKEN = "数据库内部出错，或它的文件损坏，请查看数据库服务器的日志"

STATES = {
    "22001": "有一段文字太长，数据库存不下，请改短再试",
    "08": LOST,
    "25006": "数据库只能读，可能连到了备用服务器，请检查 database 设置",
    "25P03": LOST,
    "25P04": LOST,
    "28": LOGIN,
    "3D000": MISSING,
    "3F000": UNMADE,
    "40": "与另一个程序同时改动了同样的数据，这次没有改成，请重试",
    "42501": RIGHTS,
    "42703": OLD,
    "42P01": UNMADE,
    "53100": "数据库服务器的磁盘已满，请先腾出空间",
    "53200": "数据库服务器的内存不够，请稍后再试",
    "53300": CROWDED,
    "55P03": BUSY,
    "57014": "数据库太久没有做完，已经取消，请稍后再试",
    "57P": STARTING,
    "58": "数据库服务器读写磁盘出错，请检查它的磁盘",
    "F0": BROKEN,
    "XX": BROKEN,
}
"""By SQLSTATE (PostgreSQL, appendix A), or its first characters."""

MARKS = {
    # SQLite
    "no such table": UNMADE,
    "no such column": OLD,
    "database is locked": BUSY,
    "unable to open": "打不开数据库文件，请检查路径和权限",
    "readonly": "数据库文件不可写，请检查权限",
    "disk": "磁盘已满或读写出错，请先腾出空间",
    "not a database": "这个文件不是 duban 的数据库，请检查 database 设置",
    # PostgreSQL, while there is no connection yet, or no longer
    "starting up": STARTING,
    "shutting down": STARTING,
    "recovery mode": STARTING,
    "not accepting connections": STARTING,
    "not yet accepting connections": STARTING,
    "authentication failed": LOGIN,
    "no password supplied": LOGIN,
    "pg_hba.conf": "数据库服务器不许从这里以这个用户登录，请数据库管理员修改 pg_hba.conf",
    "too many clients": CROWDED,
    "remaining connection slots": CROWDED,
    "too many connections": CROWDED,
    "permission denied": RIGHTS,
    "role ": LOGIN,
    'database "': MISSING,
    "resolve host": "找不到数据库服务器的主机名，请检查 database 设置",
    "translate host": "找不到数据库服务器的主机名，请检查 database 设置",
    "connection option": "数据库地址里有不认识的参数，请检查 database 设置",
    "certificate": "与数据库服务器的加密连接不成，请检查证书和 sslmode",
    "SSL": "与数据库服务器的加密连接不成，请检查证书和 sslmode",
    "closed the connection": LOST,
    "connection is closed": LOST,
    "connection is lost": LOST,
    "connection failed": DOWN,
    "connection is bad": DOWN,
    "connection timeout": DOWN,
    "Connection refused": DOWN,
}
"""Where there is no code: words that its message has; the first that fits counts."""
