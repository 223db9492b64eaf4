"""Helpers of the entrance's tests: accounts with a password, and what a browser does at the log-in."""

from functools import cache
from typing import Any

import pyotp
from sqlalchemy import select
from starlette.testclient import TestClient

from adapters import passwords
from duban.account import Account, Role
from state import accounts
from state.tables import event
from tests.console.conftest import House
from tests.console.pagereader import Page

PASSWORD = "tallow bucket 44 lanterns"
OTHER = "violet engine under 3 bridges"
encoded = cache(passwords.encode)


def person(
    house: House, login: str = "liwei", *roles: Role, password: str = PASSWORD, **values: Any
) -> Account:
    """With a password; `values` of the row besides."""
    made = house.account(login, *(roles or (Role.SECRETARIAT,)), password=encoded(password))
    with house.site.database.writing() as connection:
        if values:
            accounts.change(connection, made.id, **values)
        found = accounts.find_id(connection, made.id)
    assert found
    return found.account


def log_in(
    browser: TestClient, login: str = "liwei", password: str = PASSWORD, **fields: str
) -> Any:
    """By the form of the log-in page."""
    data = {**door(browser), "login": login, "password": password, **fields}
    return browser.post("/login", data=data)


def door(browser: TestClient) -> dict[str, list[str]]:
    """What the entrance's forms bring back; nothing for whoever is logged in."""
    page = Page(browser.get("/login").text)
    return {"door": page.form("/login").fields["door"]} if page.forms else {}


def known(house: House, login: str = "liwei") -> accounts.Credentials:
    with house.site.database.reading() as connection:
        found = accounts.find(connection, login)
    assert found
    return found


def acts(house: House) -> list[tuple[str, str, str]]:
    """(act, actor, reason) of the account about no item, the oldest first."""
    with house.site.database.reading() as connection:
        rows = connection.execute(select(event).where(event.c.office == "").order_by(event.c.id))
        return [(row.act, row.actor, row.reason) for row in rows]


def code(secret: str, house: House) -> str:
    return pyotp.TOTP(secret).at(house.now)
