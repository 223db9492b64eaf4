"""Which copy of a database may send, and from where."""

from datetime import UTC, datetime

import pytest

from state import seats
from state.database import Database
from state.seats import Doubt, Seat

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
HERE, THERE = "machine:here", "machine:there"


def doubt(database: Database, place: str, kept: Seat | None) -> Doubt | None:
    with database.reading() as connection:
        return seats.doubt(connection, place, kept)


def turn(database: Database, place: str = HERE) -> Seat:
    with database.writing() as connection:
        return seats.take_turn(connection, place, at=AT)


def test_a_new_database_sends_from_where_it_is(database: Database) -> None:
    assert doubt(database, HERE, None) is None
    assert doubt(database, HERE, turn(database)) is None


def test_a_crash_between_database_and_file_is_no_doubt(database: Database) -> None:
    before = turn(database)
    turn(database)

    assert doubt(database, HERE, before) is None


@pytest.mark.parametrize(
    ("place", "change", "expected"),
    [
        (THERE, lambda kept: None, Doubt.STRANGER),
        (THERE, lambda kept: kept, Doubt.OTHER),
        (HERE, lambda kept: None, Doubt.NO_FILE),
        (HERE, lambda kept: Seat("another", kept.turn), Doubt.OTHER),
        (HERE, lambda kept: Seat(kept.token, kept.turn + 1), Doubt.RESTORED),
    ],
)
def test_a_copy_is_recognised(database: Database, place, change, expected) -> None:
    kept = change(turn(database))

    assert doubt(database, place, kept) is expected
    assert doubt(database, place, kept).label


def test_an_empty_database_where_another_one_has_sent_is_doubted(database: Database) -> None:
    assert doubt(database, HERE, Seat("old", 9)) is Doubt.OTHER


def test_a_person_settles_every_doubt(database: Database) -> None:
    turn(database)
    with database.writing() as connection:
        kept = seats.confirm(connection, THERE, at=AT, by="王主任")

    assert doubt(database, THERE, kept) is None


def test_after_a_confirmation_the_file_from_before_is_doubted(database: Database) -> None:
    before = turn(database)
    with database.writing() as connection:
        seats.confirm(connection, HERE, at=AT, by="王主任")

    assert doubt(database, HERE, before) is Doubt.OTHER
