"""What machines ask the console."""

from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from adapters.settings import load_settings
from app.console.application import application
from flows.premises import Site
from state import pulses
from tests.console.conftest import HOST, House
from tests.sitting import REPOSITORY


def machine(house: House, address: str = "127.0.0.1") -> TestClient:
    app = application(house.site)
    return TestClient(app, base_url=HOST, client=(address, 1), raise_server_exceptions=False)


def beat(house: House, ago: timedelta) -> None:
    with house.site.database.writing() as connection:
        pulses.beat(connection, pulses.TICK, house.now - ago)


def test_the_process_answers(cottage: House) -> None:
    assert cottage.client().get("/healthz").text == "ok\n"


def test_a_site_in_order_is_ready(house: House) -> None:
    beat(house, timedelta(minutes=2))

    said = house.client().get("/readyz")

    checks = dict.fromkeys(["database", "tables", "calendar", "tick"], "ok")
    assert (said.status_code, said.json()) == (200, {"ready": True, "checks": checks})


def test_a_late_tick_is_told(cottage: House) -> None:
    beat(cottage, timedelta(hours=2))

    said = cottage.client().get("/readyz")

    assert (said.status_code, said.json()["checks"]["tick"]) == (503, "failed")


def test_without_a_calendar_it_is_not_ready(cottage: House) -> None:
    with cottage.site.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM applied")

    said = cottage.client().get("/readyz")

    assert (said.status_code, said.json()["checks"]["calendar"]) == (503, "failed")


def test_tables_of_another_version_are_told(cottage: House) -> None:
    with cottage.site.database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0004'")

    said = cottage.client().get("/readyz")

    assert said.json()["checks"] == {
        "database": "ok",
        "tables": "failed",
        "calendar": "unknown",
        "tick": "unknown",
    }


def test_a_database_out_of_reach_is_told_without_a_word_of_where_it_is(tmp_path: Path) -> None:
    settings = load_settings(
        REPOSITORY,
        database="postgresql://someone:secret@127.0.0.1:1/nothing",
        console={"secret_file": tmp_path / "secret"},
    )
    app = application(Site(settings))
    browser = TestClient(app, base_url=HOST, raise_server_exceptions=False)

    said = browser.get("/readyz")

    assert (said.status_code, said.json()["checks"]["database"]) == (503, "failed")
    assert not [word for word in ("someone", "secret", "127.0.0.1") if word in said.text]


def test_metrics_tell_letters_ticks_and_answers(house: House) -> None:
    beat(house, timedelta(minutes=2))
    browser = machine(house)
    browser.get("/healthz")

    text = browser.get("/metrics").text

    facts = ['duban_letters{state="queued"} 0.0', "duban_last_tick_seconds 120.0"]
    facts += ['duban_requests_total{door="/healthz",method="GET",status="200"} 1.0']
    facts += ['duban_request_seconds_count{door="/healthz",method="GET"} 1.0']
    assert [fact for fact in facts if fact not in text] == []


def test_metrics_name_doors_and_never_addresses(cottage: House) -> None:
    browser = machine(cottage)
    browser.get("/o/geheim/audit")
    browser.get("/nowhere/geheim")

    text = browser.get("/metrics").text

    assert 'door="/o/{office}/audit"' in text
    assert "geheim" not in text


@pytest.mark.parametrize("address", ["10.0.0.8", "testclient", "fe80::1"])
def test_metrics_are_not_there_for_other_machines(cottage: House, address: str) -> None:
    assert machine(cottage, address).get("/metrics").status_code == 404


def test_metrics_are_there_for_those_that_the_settings_name(cottage: House) -> None:
    cottage.site.settings.console.metrics = ("10.0.0.8",)

    assert machine(cottage, "10.0.0.8").get("/metrics").status_code == 200


def test_metrics_ask_the_database_once_in_ten_seconds(cottage: House) -> None:
    browser = machine(cottage)
    before = browser.get("/metrics").text

    beat(cottage, timedelta(minutes=2))
    after = browser.get("/metrics").text

    assert "duban_last_tick_seconds -1.0" in before
    assert "duban_last_tick_seconds -1.0" in after


def test_a_page_that_breaks_is_counted(cottage: House) -> None:
    browser = machine(cottage)
    with cottage.site.database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE pulse")

    browser.get("/metrics")
    with cottage.site.database.writing() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE pulse (name VARCHAR(40) PRIMARY KEY, at DATETIME NOT NULL)"
        )
    text = browser.get("/metrics").text

    assert 'duban_requests_total{door="/metrics",method="GET",status="503"} 1.0' in text
