"""What holds for every page: who is let in, from where, and what is said when something is wrong."""

import pytest

from duban.account import Role
from tests.console.conftest import House


def test_without_a_session_every_inner_page_leads_to_the_log_in(cottage: House) -> None:
    said = cottage.client().get("/")

    assert said.status_code == 303
    assert said.headers["location"].startswith("/login?next=")


def test_with_one_office_the_first_page_is_its_day(cottage: House) -> None:
    said = cottage.browser(Role.SECRETARIAT).get("/")

    assert said.headers["location"] == "/o/ceshi/today"


def test_a_session_ends_when_it_is_not_used(cottage: House) -> None:
    browser = cottage.browser(Role.MANAGER)

    cottage.wind("2026-03-02T10:29")
    kept = browser.get("/")
    cottage.wind("2026-03-02T11:05")
    ended = browser.get("/")

    assert kept.headers["location"] == "/o/ceshi/board"
    assert ended.headers["location"].startswith("/login")


@pytest.mark.parametrize("name", ["Content-Security-Policy", "Referrer-Policy", "X-Frame-Options"])
def test_every_answer_carries_the_headers_of_safety(cottage: House, name: str) -> None:
    browser = cottage.client()

    assert all(name in browser.get(path).headers for path in ("/", "/nowhere", "/static/style.css"))


def test_an_address_that_does_not_exist_is_told_in_chinese(cottage: House) -> None:
    said = cottage.client().get("/nowhere")

    assert said.status_code == 404
    assert "没有这一页" in said.text
