"""Cards of offices: what an applied document says of its office, without being read whole."""

from datetime import UTC, date, datetime

from duban.card import Card
from state import applied
from state.cards import cards
from state.database import Database
from tests.books import book
from tests.cascades import CITY, EAST, WEST, city
from tests.programmes import programme

AT = datetime(2026, 1, 5, tzinfo=UTC)
PHASES = [
    {"id": "one", "name": "启动", "start": "2026-01-01", "end": "2026-06-30"},
    {
        "id": "two",
        "name": "实施",
        "start": "2026-07-01",
        "end": "2026-12-31",
        "report": "结束后5天",
    },
]


def kept(database: Database, made: object) -> dict[str, Card]:
    with database.writing() as connection:
        applied.save(connection, made, AT, "王主任")
        rows = applied.newest(connection)
        found = cards(connection, [row for scope, row in rows.items() if scope != "common"])
    return {one.office.id: one for one in found.values()}


def test_a_card_says_what_the_office_is(database: Database) -> None:
    made = book()

    found = kept(database, made)

    assert found == {"ceshi": Card(made.branches[0].office)}


def test_a_card_says_which_departments_are_offices(database: Database) -> None:
    found = kept(database, city())

    assert found[CITY].linked == (("dongqu", EAST), ("xiqu", WEST))
    assert found[CITY].offices == (EAST, WEST)
    assert found[EAST].linked == ()


def test_a_card_says_when_phases_are_over(database: Database) -> None:
    found = kept(database, book(programmes=[programme(phases=PHASES)]))

    assert [(period, one.end) for period, one in found["ceshi"].phases] == [
        ("outline/one", date(2026, 6, 30)),
        ("outline/two", date(2026, 12, 31)),
    ]


def test_a_card_says_what_is_done_by_another_name(database: Database) -> None:
    entry = {"activity": "世界地球日", "lead": "区水利局", "steps": "day", "adopts": "世界水日"}
    task = {
        "id": "t",
        "kind": "重点任务",
        "name": "节水",
        "lead": "区水利局",
        "steps": "day",
        "adopts": "p.t",
    }
    made = city([entry])
    east = made.branches[1].model_copy(
        update={"programmes": book(programmes=[programme(tasks=[task])]).branches[0].programmes}
    )

    found = kept(database, made.model_copy(update={"branches": (made.branches[0], east)}))

    assert found[EAST].adopts == (("世界地球日", "世界水日"), ("outline.t", "p.t"))
