from datetime import UTC, datetime
from typing import Any

from duban.book import Book
from state import applied, sources
from state.database import Connection, Database
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
