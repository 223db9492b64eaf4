"""Administrators' acts on accounts, two at a time."""

from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from duban.account import Account, Role
from state import accounts, keeping
from state.assignments import Conflict
from state.database import Database
from state.keeping import Keeper
from tests.sitting import at

NOW = at("2026-03-02T10:00")
SOON = 0.5
"""Seconds in which whoever does not wait is done."""


def administrator(database: Database, login: str) -> Account:
    with database.writing() as connection:
        return accounts.add(
            connection,
            login,
            login,
            frozenset({Role.ADMINISTRATOR}),
            frozenset(),
            "",
            at=NOW,
            by="test",
        )


def test_two_administrators_cannot_remove_each_other_at_once(database_url: str) -> None:
    database = Database(database_url)
    one, other = administrator(database, "one"), administrator(database, "other")

    def answer() -> None:
        with database.writing() as connection:
            keeping.disable(connection, Keeper(NOW, "other", account=other), one.id)

    with ThreadPoolExecutor(1) as pool:
        with database.writing() as connection:
            keeping.disable(connection, Keeper(NOW, "one", account=one), other.id)
            answering = pool.submit(answer)
            wait([answering], SOON)

        with pytest.raises(Conflict, match="最后一个"):
            answering.result()


def test_an_act_that_was_done_already_is_told(database_url: str) -> None:
    database = Database(database_url)
    administrator(database, "one")
    other = administrator(database, "other")
    keeper = Keeper(NOW, "root")

    with database.writing() as connection:
        keeping.disable(connection, keeper, other.id)

    with pytest.raises(Conflict, match="已经停用"), database.writing() as connection:
        keeping.disable(connection, keeper, other.id)
    with pytest.raises(accounts.NoAccount), database.writing() as connection:
        keeping.disable(connection, keeper, 999)
