from pathlib import Path

import pytest

from adapters.seatfile import Place

HERE = "postgresql://duban:old@db.example/duban"


def name(database: str) -> str:
    return Place(Path("seats"), Path(), database).name


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (HERE, "postgresql://duban:n@ew@db.example/duban"),
        (HERE, "postgresql://another@db.example/duban"),
        (HERE, "postgresql://db.example/duban"),
        (
            "postgresql:///duban?host=/run&password=old&port=1",
            "postgresql:///duban?host=/run&password=new&port=1",
        ),
    ],
)
def test_a_new_password_makes_no_new_place(before: str, after: str) -> None:
    assert name(before) == name(after)


@pytest.mark.parametrize(
    "other",
    [
        "postgresql://duban:old@db2.example/duban",
        "postgresql://duban:old@db.example/other",
        "sqlite:////srv/a@b/duban.db",
    ],
)
def test_another_database_is_another_place(other: str) -> None:
    assert name(HERE) != name(other)


def test_a_sqlite_file_is_named_by_its_whole_path() -> None:
    assert name("sqlite:////srv/a@b/duban.db") != name("sqlite:////srv/c@b/duban.db")
