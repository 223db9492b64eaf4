from datetime import UTC, datetime

from state import applied
from state.database import Database
from tests.books import book, document

AT = datetime(2026, 1, 5, tzinfo=UTC)


def test_nothing_applied_is_none(database: Database) -> None:
    with database.reading() as connection:
        assert applied.load(connection) is None


def test_a_book_comes_back_equal(database: Database) -> None:
    with database.writing() as connection:
        applied.save(connection, book(), AT, "王主任")

    with database.reading() as connection:
        assert applied.load(connection) == book()


def test_only_what_changed_gets_a_new_version(database: Database) -> None:
    renamed = document()
    renamed["branches"][0]["office"]["short"] = "测试城"
    other = type(book()).model_validate(renamed)

    with database.writing() as connection:
        first = applied.save(connection, book(), AT, "王主任")
        again = applied.save(connection, book(), AT, "王主任")
        changed = applied.save(connection, other, AT, "王主任")

    assert first == ["common", "ceshi"]
    assert again == []
    assert changed == ["ceshi"]
