"""The doctor and real databases that are in trouble."""

import os
import resource
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.doctor.database import database, writing
from app.doctor.examine import CHECKS, examine
from app.doctor.finding import Finding, Level
from app.doctor.ground import Ground
from state.database import Database
from state.migrate import migrate
from tests.postgres import Cluster
from tests.sitting import at

PATIENCE = 0.2


@pytest.fixture
def file(home: Path, migrated_file: Path) -> Path:
    """The site's database, migrated and empty."""
    made = home / "var/duban.db"
    made.parent.mkdir()
    made.write_bytes(migrated_file.read_bytes())
    return made


def ground(home: Path) -> Ground:
    return Ground(home, at("2026-03-02T09:00"), patience=PATIENCE)


def look(home: Path) -> dict[str, Finding]:
    """By subject; the checks of the database only, as the whole examination does them."""
    checks = tuple(check for check in CHECKS if check.look in (database, writing))
    return {one.subject: one for one in examine(ground(home), checks)}


def wrong(home: Path) -> list[Finding]:
    return [one for one in look(home).values() if one.level is Level.FAULT]


def test_a_good_one_is_seen_whole(home: Path, file: Path) -> None:
    found = look(home)

    assert {one.level for one in found.values()} == {Level.GOOD}
    assert str(file) in found["数据库"].said
    assert "WAL" in found["数据库日志"].said
    assert {"磁盘", "数据库版本", "数据库写入"} <= set(found)


def test_one_that_another_program_holds_is_readable_and_not_writable(
    home: Path, file: Path
) -> None:
    sqlite3.connect(file).execute("PRAGMA journal_mode=WAL").connection.close()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    found = look(home)
    other.close()

    assert found["数据库"].level is Level.GOOD
    assert found["数据库写入"].level is Level.FAULT
    assert "另一个程序占用" in found["数据库写入"].said
    assert "fuser" in found["数据库写入"].remedy


@contextmanager
def nobody_writes(folder: Path) -> Iterator[None]:
    """As somebody who may not write in `folder`: root first becomes nobody."""
    for path in (folder, *folder.iterdir()):
        path.chmod(0o555 if path.is_dir() else 0o444)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)


def test_one_that_must_not_be_written_is_told_with_what_to_change(
    home: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(home)  # whatever is imported late may not be readable for nobody
    with tempfile.TemporaryDirectory() as outside:
        folder = Path(outside)
        (folder / "duban.db").write_bytes(file.read_bytes())
        monkeypatch.setenv("DUBAN_DATABASE", f"sqlite:///{folder / 'duban.db'}")
        here = ground(home)
        assert here.settled
        with nobody_writes(folder):
            said = [*_until_trouble(database(here)), *writing(here)]

    assert said[-1].level is Level.FAULT
    assert "权限" in said[-1].said
    assert "-wal" in said[-1].remedy


def _until_trouble(findings: Iterator[Finding]) -> Iterator[Finding]:
    """SQLite may not even be able to read where it cannot write its -shm file."""
    from state.faults import DatabaseFault

    try:
        yield from findings
    except DatabaseFault:
        return


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of ours can grow any more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_found_by_writing(home: Path, file: Path) -> None:
    here = ground(home)
    assert here.usable
    with full_disk():
        (found,) = writing(here)

    assert found.level is Level.FAULT
    assert "磁盘已满" in found.said


def test_one_that_is_not_migrated_is_told(home: Path, file: Path) -> None:
    file.unlink()
    old = Database(f"sqlite:///{file}")
    migrate(old, "0001")
    old.close()

    (found,) = wrong(home)

    assert (found.subject, "duban migrate" in found.remedy) == ("数据库版本", True)


def test_one_without_our_tables_is_told(home: Path, file: Path) -> None:
    file.unlink()
    sqlite3.connect(file).execute("CREATE TABLE another (id)").connection.close()

    (found,) = wrong(home)

    assert "没有 duban 的表" in found.said


def test_one_of_a_newer_version_is_told(home: Path, file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    (found,) = wrong(home)

    assert "来自更新的 duban（9999）" in found.said


def test_a_file_that_is_no_database_is_told(home: Path, file: Path) -> None:
    file.write_text("不是数据库" * 500, encoding="utf-8")

    (found,) = wrong(home)

    assert "不是 duban 的数据库" in found.said


def test_one_that_is_not_there_is_told_and_not_made(home: Path) -> None:
    (found,) = wrong(home)

    assert "还没有数据库文件" in found.said
    assert not (home / "var").exists()


def test_an_address_that_cannot_be_read_is_told(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_DATABASE", "mysql://u:geheim@h/x")

    (found,) = wrong(home)

    assert "DUBAN_DATABASE" in found.said
    assert "geheim" not in found.said + found.remedy


def test_postgresql_tells_its_version_and_its_clock(
    home: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_DATABASE", cluster.create("doctored", "migrated"))

    found = look(home)
    cluster.drop("doctored")

    assert found["数据库"].said.startswith("PostgreSQL 1")
    assert found["数据库时钟"].level is Level.GOOD
    assert found["数据库写入"].level is Level.GOOD
    assert "fsync" in found["数据库日志"].said  # the tests' cluster has it off
    assert found["数据库日志"].level is Level.ATTENTION


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "wrong"}, "用户名或密码"),
        ({"user": "nobody-here"}, "用户名或密码"),
        ({"database": "nothing"}, "没有这个数据库"),
        ({"port": 1}, "连不上数据库服务器"),
        ({"host": "db.invalid"}, "主机名"),
    ],
)
def test_postgresql_says_what_of_the_address_is_wrong(
    home: Path,
    cluster: Cluster,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, object],
    words: str,
) -> None:
    parts = {
        "user": "postgres",
        "password": cluster.password,
        "host": "127.0.0.1",
        "port": cluster.port,
        "database": "migrated",
    } | change
    address = "postgresql://{user}:{password}@{host}:{port}/{database}".format(**parts)
    monkeypatch.setenv("DUBAN_DATABASE", address)

    (found,) = wrong(home)

    assert words in found.said
    assert cluster.password not in found.said
