"""The database: reached, of this version, writable, with room to grow."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from app.doctor.finding import Finding, attention, fault, good
from app.doctor.ground import Ground
from app.doctor.words import long, size
from state import health, migrate, pulses
from state.faults import BUSY, DatabaseFault

LITTLE = 100_000_000
SCARCE = 1_000_000_000
"""Bytes."""
APART = timedelta(minutes=1)
OLDEST = 13
"""Of PostgreSQL, that is known to serve."""


def database(ground: Ground) -> Iterator[Finding]:
    """Whether it is there, what it is, and of which version."""
    file = health.file_of(ground.settings.database_url)
    if file and not file.exists():
        yield fault("数据库", f"还没有数据库文件 {file}", MAKE)
        return
    yield from _sqlite(ground, file) if file else _postgresql(ground)
    yield _revision(migrate.current(ground.site.database), ground.behind)


MAKE = "第一次使用：运行 duban apply，它会建立数据库。用过的：database 设置写错了，或文件被移走了"


def _sqlite(ground: Ground, file: Path) -> Iterator[Finding]:
    with ground.site.database.reading() as connection:
        mode = health.journal_mode(connection)
        version = health.sqlite_version(connection)
    yield good("数据库", f"SQLite {version}，{file}")
    yield journal(mode)
    yield space(file.parent, shutil.disk_usage(file.parent).free, file.stat().st_size)


def journal(mode: str) -> Finding:
    if mode == "wal":
        return good("数据库日志", "WAL：读和写互不妨碍")
    return attention("数据库日志", f"是 {mode}，不是 WAL：文件多半在网络盘上", LOCAL)


LOCAL = "把数据库移到本机磁盘上（先停 duban，连 -wal、-shm 文件一起移），再改 database 设置"


def space(folder: Path, free: int, used: int) -> Finding:
    said = f"{folder} 所在的磁盘还剩 {size(free)}，数据库文件 {size(used)}"
    if free < LITTLE:
        return fault("磁盘", said, "快满了，满了就停止发信：请马上腾出空间")
    if free < max(SCARCE, 2 * used):
        return attention("磁盘", said, "不多了，备份和升级要用和数据库一样大的空间：请腾出一些")
    return good("磁盘", said)


def _postgresql(ground: Ground) -> Iterator[Finding]:
    with ground.site.database.reading() as connection:
        server = health.postgresql(connection)
        ours = ground.site.now()
    yield postgres(server)
    yield apart(server.now, ours)
    if not server.durable:
        yield attention(
            "数据库日志",
            "服务器关掉了 fsync 或 full_page_writes，断电会丢掉记录，信可能重寄或漏寄",
            "请数据库管理员在 postgresql.conf 里把这两项改回 on",
        )


def postgres(server: health.Server) -> Finding:
    said = f"PostgreSQL {server.version}，{server.where}，{size(server.size)}"
    if int(server.version.partition(".")[0]) < OLDEST:
        return attention("数据库", said, f"太旧了，没有试过：请升级到 {OLDEST} 或更新的版本")
    return good("数据库", said)


def apart(theirs: datetime, ours: datetime) -> Finding:
    gap = abs(theirs - ours)
    if gap > APART:
        which = "快" if theirs > ours else "慢"
        said = f"数据库服务器的时钟比本机{which} {long(gap)}"
        return attention(
            "数据库时钟", said, "请在两台机器上都打开网络对时（timedatectl set-ntp true）"
        )
    return good("数据库时钟", "与本机一致")


def _revision(current: str | None, behind: bool) -> Finding:
    if current is None:
        return fault(
            "数据库版本", "里面还没有 duban 的表", "请运行 duban migrate，再运行 duban apply"
        )
    if not migrate.known(current):
        return fault("数据库版本", f"来自更新的 duban（{current}）", "请把 duban 升级到原来的版本")
    if behind:
        return fault("数据库版本", f"还是旧的（{current}）", "请先备份，再运行 duban migrate")
    return good("数据库版本", current)


def writing(ground: Ground) -> Iterator[Finding]:
    """By writing something, for nothing else tells."""
    try:
        with ground.site.database.writing() as connection:
            pulses.beat(connection, "doctor", ground.at)
    except DatabaseFault as trouble:
        yield fault("数据库写入", str(trouble), HELD if BUSY in str(trouble) else OURS)
    else:
        yield good("数据库写入", "写得进去")


HELD = (
    "有程序一直占着它：看看是不是还开着 sqlite3、备份程序或另一个 duban"
    "（SQLite 可用 fuser 数据库文件 查是谁）"
)
OURS = "SQLite 的数据库文件、旁边的 -wal 和 -shm 文件、所在的文件夹，都要让运行 duban 的用户能写"
