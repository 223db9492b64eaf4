import threading
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from duban.agenda import agenda
from duban.completion import Act, IllegalMove, State
from duban.desk import Desk, desks
from duban.diff import compare
from state import assignments
from state.assignments import Conflict, Unknown
from state.database import Database
from state.tables import event
from tests.books import book

AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
KEY = "ceshi/shui/2026/plan/shuili"


@pytest.fixture
def desk(database: Database) -> Desk:
    made = desks(book())[0]
    diff = compare(made, agenda(made), ())
    with database.writing() as connection:
        assignments.apply(connection, diff, at=AT, actor="王主任")
    return made


def act(database: Database, desk: Desk, doing: Act, reason: str = "") -> State:
    with database.writing() as connection:
        return assignments.act(
            connection,
            desk,
            KEY,
            doing,
            at=AT,
            today=AT.date(),
            actor="李干事",
            reason=reason,
        ).state


def test_what_was_stored_comes_back_equal(database: Database, desk: Desk) -> None:
    with database.reading() as connection:
        stored = assignments.all_of(connection, "ceshi")

    assert not compare(desk, agenda(desk), stored)


def test_due_are_those_whose_day_has_come(database: Database, desk: Desk) -> None:
    with database.reading() as connection:
        early = assignments.due(connection, "ceshi", date(2026, 2, 13))
        today = assignments.due(connection, "ceshi", date(2026, 2, 14))

    assert early == []
    assert {item.asked.activity for item in today} == {"shui"}


def test_a_move_writes_who_when_and_why(database: Database, desk: Desk) -> None:
    act(database, desk, Act.COMPLETE, "已电话确认")

    with database.reading() as connection:
        last = connection.execute(select(event).order_by(event.c.id.desc())).first()
    assert last is not None
    assert (last.actor, last.at, last.reason) == ("李干事", AT, "已电话确认")
    assert (last.from_state, last.to_state) == ("planned", "completed")


def test_a_completed_item_is_not_due_any_more(database: Database, desk: Desk) -> None:
    act(database, desk, Act.COMPLETE)

    with database.reading() as connection:
        keys = {item.key for item in assignments.due(connection, "ceshi", date(2026, 12, 31))}
    assert KEY not in keys


def test_an_illegal_move_changes_nothing(database: Database, desk: Desk) -> None:
    with pytest.raises(IllegalMove, match="待通知"):
        act(database, desk, Act.RETURN)

    with database.reading() as connection:
        assert assignments.find(connection, KEY).state is State.PLANNED


def test_an_unknown_key_is_told(database: Database, desk: Desk) -> None:
    with database.reading() as connection, pytest.raises(Unknown, match="没有编号"):
        assignments.find(connection, "ceshi/shui/2026/plan/nobody")


def test_a_stale_change_is_a_conflict(database: Database, desk: Desk) -> None:
    with database.reading() as connection:
        before = assignments.find(connection, KEY)
    act(database, desk, Act.REPORT)

    with pytest.raises(Conflict, match="刚刚被别人改动"), database.writing() as connection:
        assignments.change(connection, (before, before))


def test_of_many_who_report_at_once_one_wins(database: Database, desk: Desk) -> None:
    barrier = threading.Barrier(8)
    results: list[str] = []

    def report() -> None:
        barrier.wait()
        try:
            results.append(act(database, desk, Act.REPORT).value)
        except IllegalMove:
            results.append("refused")

    threads = [threading.Thread(target=report) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["refused"] * 7 + ["reported"]
