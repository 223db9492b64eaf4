import json
import zlib
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from duban.book import Book
from state import applied, sources
from state.database import Connection, Database
from state.migrate import migrate
from tests.books import document

FIRST, SECOND = (datetime(2026, month, 5, tzinfo=UTC) for month in (1, 2))


def test_documents_of_one_apply_share_its_files(database: Database) -> None:
    with database.writing() as connection:
        apply(connection, "测试市", FIRST, {"a.yaml": "一"})

        found = [one.row for one in sources.versions(connection, ["common", "ceshi"], 0, 9)]

        assert len(found) == 2
        assert all(sources.files_of(connection, row) == {"a.yaml": "一"} for row in found)


def test_files_of_a_later_apply_are_not_those_of_one_that_kept_none(database: Database) -> None:
    with database.writing() as connection:
        apply(connection, "测试市", FIRST, None)
        apply(connection, "测试城", SECOND, {"a.yaml": "二"})

        later, earlier = sources.versions(connection, ["ceshi"], 0, 9)

        assert sources.files_of(connection, earlier.row) is None
        assert sources.files_of(connection, later.row) == {"a.yaml": "二"}


def apply(connection: Connection, short: str, at: datetime, files: dict[str, str] | None) -> None:
    plain: dict[str, Any] = document()
    plain["branches"][0]["office"]["short"] = short
    applied.save(connection, Book.model_validate(plain), at, "王主任")
    if files is not None:
        sources.save(connection, files)


def test_files_kept_by_an_older_version_are_still_there(empty_url: str) -> None:
    database = Database(empty_url)
    migrate(database, "0011")
    texts = [{"a.yaml": "一", "b.yaml": "乙"}, {"a.yaml": "二"}, {"a.yaml": "二", "c.yaml": "丙"}]
    with database.writing() as connection:
        for number, files in enumerate(texts, 1):
            kept(connection, number, files)

    migrate(database)

    with database.reading() as connection:
        found = [sources.files_of(connection, number) for number in (1, 2, 3)]
    database.close()
    assert found == texts


def kept(connection: Connection, number: int, files: dict[str, str]) -> None:
    """As revision 0011 kept them."""
    row = {
        "id": number,
        "at": f"2026-0{number}-01 00:00:00",
        "files": zlib.compress(json.dumps(files).encode()),
    }
    connection.execute(
        text(
            "INSERT INTO applied (id, scope, version, sha256, document, applied_at, applied_by)"
            " VALUES (:id, 'common', :id, '', '{}', :at, '王主任')"
        ),
        row,
    )
    connection.execute(
        text("INSERT INTO source (id, applied_id, files) VALUES (:id, :id, :files)"), row
    )
