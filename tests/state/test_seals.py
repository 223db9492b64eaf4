"""The chain over the account, on both databases."""

import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, update

from duban.seal import Seal
from state import seals
from state.database import Database
from state.notes import note_act
from state.tables import event, seal

KEY, OLD = b"k" * 32, b"o" * 32
AT = datetime(2026, 3, 2, 1, 30, 0, 123456, tzinfo=UTC)


def say(database: Database, *reasons: str, at: datetime = AT) -> None:
    with database.writing() as connection:
        for reason in reasons:
            note_act(connection, "ceshi", "report", "张三", "link 10.0.0.8", reason, at)


def seal_all(database: Database, key: bytes = KEY) -> list[Seal]:
    made = []
    while True:
        with database.writing() as connection:
            one = seals.seal_new(connection, key, at=AT)
        if one is None:
            return made
        made.append(one)


def walk(database: Database, head: str = "", *keys: bytes) -> seals.Walk:
    with database.reading() as connection:
        return seals.walk(connection, keys or (KEY,), head)


def change(database: Database, statement: object) -> None:
    with database.writing() as connection:
        connection.execute(statement)  # type: ignore[call-overload]


@pytest.fixture
def sealed(database: Database) -> Database:
    """Three seals over six events."""
    for pair in (("一", "二"), ("三", "四"), ("五", "六")):
        say(database, *pair)
        seal_all(database)
    return database


def test_what_was_sealed_holds(sealed: Database) -> None:
    found = walk(sealed)

    assert (found.seals, found.events, found.unsealed, found.breaks) == (3, 6, 0, [])
    assert found.since == AT


def test_where_nothing_is_new_nothing_is_sealed(sealed: Database) -> None:
    assert seal_all(sealed) == []


def test_many_events_get_several_seals(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    say(database, *map(str, range(5)))
    monkeypatch.setattr(seals, "BATCH", 2)

    made = seal_all(database)

    assert [one.events for one in made] == [2, 2, 1]
    assert walk(database).breaks == []


def test_what_has_no_seal_yet_is_counted(sealed: Database) -> None:
    say(sealed, "七")

    found = walk(sealed)

    assert (found.unsealed, found.breaks) == (1, [])


@pytest.mark.parametrize(
    "values",
    [
        {"reason": "改过"},
        {"actor": "李四"},
        {"at": AT + timedelta(seconds=1)},
        {"act": "complete"},
        {"via": ""},
        {"office": "x"},
        {"to_state": "reported"},
    ],
)
def test_a_line_that_was_changed_is_found_in_its_seal(
    sealed: Database, values: dict[str, object]
) -> None:
    change(sealed, update(event).where(event.c.id == 3).values(values))

    (found,) = walk(sealed).breaks

    assert (found.seal, found.first, found.last, found.why) == (2, 3, 4, seals.CHANGED)


def test_a_line_that_was_taken_away_is_found(sealed: Database) -> None:
    change(sealed, delete(event).where(event.c.id == 4))

    (found,) = walk(sealed).breaks

    assert (found.seal, found.why) == (2, seals.FEWER.format(2, 1))


def test_a_seal_with_all_its_lines_taken_away_is_found(sealed: Database) -> None:
    change(sealed, delete(event).where(event.c.seal_id == 2))
    change(sealed, delete(seal).where(seal.c.id == 2))

    found = walk(sealed).breaks

    assert [(one.seal, one.why) for one in found] == [(2, seals.MISSING)]


def test_lines_without_their_seal_are_found(sealed: Database) -> None:
    change(sealed, delete(seal).where(seal.c.id == 3))

    found = walk(sealed).breaks

    assert [(one.seal, one.why) for one in found] == [(3, seals.STRANGE)]


def test_a_line_that_was_pushed_in_is_found(sealed: Database) -> None:
    row = {"at": AT, "office": "x", "act": "report", "actor": "x", "seal_id": 1}
    change(sealed, insert(event).values(row))

    (found,) = walk(sealed).breaks

    assert (found.seal, found.why) == (1, seals.FEWER.format(2, 3))


def test_a_seal_made_with_another_key_is_found(sealed: Database) -> None:
    say(sealed, "七")
    seal_all(sealed, OLD)

    assert [one.seal for one in walk(sealed).breaks] == [4]


def test_after_the_secret_was_changed_old_seals_hold_with_the_old_key(sealed: Database) -> None:
    say(sealed, "七")
    seal_all(sealed, OLD)

    assert walk(sealed, "", OLD, KEY).breaks == []


def test_a_code_that_was_kept_elsewhere_is_found_again(sealed: Database) -> None:
    with sealed.reading() as connection:
        head = seals.last(connection)
    assert head
    say(sealed, "七")
    seal_all(sealed)

    assert walk(sealed, head.code).asked == 3


def test_an_account_that_lost_its_end_does_not_know_the_code_that_was_mailed(
    sealed: Database,
) -> None:
    with sealed.reading() as connection:
        head = seals.last(connection)
    assert head
    change(sealed, delete(event).where(event.c.seal_id == 3))
    change(sealed, delete(seal).where(seal.c.id == 3))

    found = walk(sealed, head.code)

    assert (found.breaks, found.asked) == ([], None)


def test_many_who_seal_at_once_make_one_chain(database: Database) -> None:
    start = threading.Barrier(6)

    def work(number: int) -> None:
        start.wait(30)
        for one in range(5):
            say(database, f"{number}-{one}")
            seal_all(database)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    found = walk(database)
    assert (found.events, found.unsealed, found.breaks) == (30, 0, [])


def test_a_line_that_is_committed_late_is_sealed_later(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    with database.writing() as late:
        note_act(late, "ceshi", "report", "张三", "", "先取号，后提交", AT)
        say(database, "后取号，先提交")
        seal_all(database)

    seal_all(database)

    found = walk(database)
    with database.reading() as connection:
        numbers = list(connection.scalars(select(event.c.seal_id).order_by(event.c.id)))
    database.close()
    assert (numbers, found.breaks) == ([2, 1], [])


def test_only_sealing_and_erasing_write_to_lines_that_are_there() -> None:
    state = Path(seals.__file__).parent
    writes = re.compile(r"(update|delete)\(\s*event\s*\)|UPDATE event|DELETE FROM event")
    found = {file.name for file in state.rglob("*.py") if writes.search(file.read_text("utf-8"))}

    assert found == {"seals.py", "erasure.py"}
