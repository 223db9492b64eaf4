"""What a mail server was given lately, and how long it is left alone."""

from datetime import UTC, datetime, timedelta

from state import servers
from state.database import Database

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_an_unknown_server_is_open(database: Database) -> None:
    with database.reading() as connection:
        assert servers.find(connection, "smtp:25").open(AT)
        assert servers.allowance(connection, "smtp:25", {}, at=AT) is None


def test_no_span_of_the_limits_length_ever_holds_more(database: Database) -> None:
    sent: list[datetime] = []
    moment = AT
    while moment < AT + 3 * HOUR:
        with database.writing() as connection:
            free = servers.allowance(connection, "smtp:25", {HOUR: 10}, at=moment)
            taken = min(free or 0, 4)
            if taken:
                servers.count(connection, "smtp:25", taken, at=moment)
        sent += [moment] * taken
        moment += timedelta(minutes=7)

    assert len(sent) >= 24
    for first in sent:
        assert sum(first <= one <= first + HOUR for one in sent) <= 10


def test_what_was_not_tried_does_not_count(database: Database) -> None:
    with database.writing() as connection:
        servers.count(connection, "smtp:25", 9, at=AT)
        servers.count(connection, "smtp:25", -4, at=AT)
        assert servers.allowance(connection, "smtp:25", {HOUR: 10}, at=AT) == 5
        assert servers.allowance(connection, "other:25", {HOUR: 10}, at=AT) == 10


def test_old_counts_are_cleared_away(database: Database) -> None:
    with database.writing() as connection:
        servers.count(connection, "smtp:25", 9, at=AT)
        servers.count(connection, "smtp:25", 1, at=AT + timedelta(days=3))
        assert servers.given(connection, "smtp:25", AT - HOUR, AT + timedelta(days=3)) == 1


def test_trouble_while_it_rests_does_not_lengthen_the_rest_twice(database: Database) -> None:
    with database.writing() as connection:
        first = servers.rest(connection, "smtp:25", at=AT, reason="421")
        second = servers.rest(connection, "smtp:25", at=AT + timedelta(seconds=1), reason="421")

        assert first == AT + timedelta(minutes=5)
        assert second - first < timedelta(minutes=1)
        assert servers.find(connection, "smtp:25").rests == 1


def test_a_release_opens_what_rests_and_what_was_stopped(database: Database) -> None:
    with database.writing() as connection:
        servers.rest(connection, "a:25", at=AT, reason="421")
        servers.stop(connection, "b:25", at=AT, reason="535")
        servers.stop(connection, "b:25", at=AT, reason="another")
        released = servers.release(connection, at=AT)

        assert [(one.name, one.reason) for one in released] == [("a:25", "421"), ("b:25", "535")]
        assert servers.find(connection, "a:25").open(AT)
        assert servers.find(connection, "b:25").open(AT)
        assert servers.release(connection, at=AT) == []
