"""Guessing at passwords and codes: locks, limits, and codes that are good once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest

from app.console.attempts import FROM_ONE, IN_ALL, Attempts
from state import accounts
from tests.console.conftest import House
from tests.console.entering import OTHER, acts, code, door, encoded, known, log_in, person
from tests.console.pagereader import Page
from tests.sitting import at

SECRET = pyotp.random_base32()
NOW = at("2026-03-02T10:00")


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(house: House) -> None:
    person(house)
    browser = house.client()
    for _ in range(5):
        log_in(browser, password="wrong")

    locked = log_in(browser)
    house.wind("2026-03-02T10:15")
    opened = log_in(browser)

    assert locked.status_code == 422
    assert opened.status_code == 303
    assert ("locked", "未登录", "liwei：连续错 5 次，锁 15 分钟") in acts(house)


def test_each_further_lock_lasts_longer_and_a_log_in_begins_anew(cottage: House) -> None:
    person(cottage)
    browser = cottage.client()
    spans = []
    for _ in range(4):
        for _ in range(5):
            log_in(browser, password="wrong")
        until = known(cottage).locked_until
        assert until
        spans.append((until - cottage.now) // timedelta(minutes=1))
        cottage.now = until

    log_in(browser)

    assert spans == [15, 30, 60, 60]
    assert known(cottage).failures == 0


def test_attempts_while_it_is_locked_do_not_lengthen_the_lock(cottage: House) -> None:
    until = NOW + timedelta(minutes=15)
    person(cottage, failures=5, locked_until=until)

    for _ in range(6):
        log_in(cottage.client(), password="wrong")

    assert known(cottage).locked_until == until
    assert known(cottage).failures == 5


def test_of_many_guesses_at_once_only_five_are_judged(house: House) -> None:
    person(house)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: log_in(house.client(), password="wrong"), range(12)))

    judged = [reason for _, _, reason in acts(house) if reason == "liwei：密码不对"]
    assert len(judged) == known(house).failures == 5


def test_one_address_may_try_thirty_times_in_ten_minutes(cottage: House) -> None:
    browser = cottage.client()
    token = door(browser)
    for _ in range(FROM_ONE):
        browser.post("/login/code", data={**token, "ticket": "x"})

    refused = log_in(browser)
    cottage.wind("2026-03-02T10:10")
    later = log_in(browser)

    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "601"
    assert "请 10 分钟后再试" in refused.text
    assert later.status_code == 422


def test_a_log_in_that_succeeds_clears_its_address(cottage: House) -> None:
    person(cottage)
    browser = cottage.client()

    said = log_in(browser)
    other = cottage.client()
    token = door(other)
    for _ in range(FROM_ONE - 1):
        other.post("/login/code", data={**token, "ticket": "x"})
    again = log_in(cottage.client())

    assert said.status_code == 303
    assert again.status_code == 303


def test_too_many_from_everywhere_close_the_door_except_to_known_addresses() -> None:
    attempts = Attempts()
    attempts.take("10.0.0.8", NOW)
    attempts.succeeded("10.0.0.8")
    for number in range(IN_ALL):
        assert attempts.take(f"203.0.113.{number % 200}", NOW) is None

    stranger, friend = attempts.take("198.51.100.1", NOW), attempts.take("10.0.0.8", NOW)
    later = attempts.take("198.51.100.1", NOW + timedelta(minutes=10))

    assert stranger == timedelta(minutes=10)
    assert (friend, later) == (None, None)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2:3::1", "2001:db8:1:2:4::2", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("10.0.0.1", "10.0.0.2", False),
    ],
)
def test_a_network_of_ipv6_counts_as_one_address(one: str, other: str, same: bool) -> None:
    attempts = Attempts()
    for _ in range(FROM_ONE):
        attempts.take(one, NOW)

    assert (attempts.take(other, NOW) is not None) is same


# --- the second step ---


def test_with_codes_the_password_alone_opens_nothing(house: House) -> None:
    person(house, totp=SECRET)
    browser = house.client()

    first = log_in(browser)
    form = Page(first.text).form("/login/code")
    inside = browser.get("/").headers["location"]
    second = browser.post("/login/code", data=form.filled(code=code(SECRET, house)))

    assert first.status_code == 200
    assert inside.startswith("/login")
    assert second.headers["location"] == "/"
    assert browser.get("/").headers["location"] == "/o/ceshi/today"


def test_a_code_is_good_once(house: House) -> None:
    person(house, totp=SECRET)
    used = code(SECRET, house)
    for _ in range(2):
        browser = house.client()
        form = Page(log_in(browser).text).form("/login/code")
        said = browser.post("/login/code", data=form.filled(code=used))

    assert said.status_code == 422
    assert "动态口令不对，或者已经用过" in said.text
    assert known(house).failures == 1


def test_of_many_who_bring_the_same_code_at_once_one_comes_in(house: House) -> None:
    person(house, totp=SECRET)
    browsers = [house.client() for _ in range(6)]
    forms = [Page(log_in(one).text).form("/login/code") for one in browsers]
    right = code(SECRET, house)

    def bring(number: int) -> int:
        data = forms[number].filled(code=right)
        return int(browsers[number].post("/login/code", data=data).status_code)

    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(bring, range(6)))

    assert said.count(303) == 1


@pytest.mark.parametrize(("seconds", "status"), [(-30, 303), (30, 303), (-60, 422), (90, 422)])
def test_a_telephone_may_be_off_by_half_a_minute(cottage: House, seconds: int, status: int) -> None:
    person(cottage, totp=SECRET)
    browser = cottage.client()
    form = Page(log_in(browser).text).form("/login/code")
    shown = pyotp.TOTP(SECRET).at(cottage.now + timedelta(seconds=seconds))

    said = browser.post("/login/code", data=form.filled(code=f"{shown[:3]} {shown[3:]}"))

    assert said.status_code == status


def test_five_wrong_codes_lock_the_account(cottage: House) -> None:
    person(cottage, totp=SECRET)
    browser = cottage.client()
    form = Page(log_in(browser).text).form("/login/code")
    for _ in range(5):
        browser.post("/login/code", data=form.filled(code="abc"))

    said = browser.post("/login/code", data=form.filled(code=code(SECRET, cottage)))

    assert said.status_code == 422
    assert browser.get("/").headers["location"].startswith("/login")


def test_a_second_step_ends_after_five_minutes(cottage: House) -> None:
    person(cottage, totp=SECRET)
    browser = cottage.client()
    form = Page(log_in(browser).text).form("/login/code")

    cottage.wind("2026-03-02T10:05")
    said = browser.post("/login/code", data=form.filled(code=code(SECRET, cottage)))

    assert said.status_code == 422
    assert "请重新登录" in said.text


def test_a_second_step_is_worth_nothing_after_the_password_was_changed(cottage: House) -> None:
    who = person(cottage, totp=SECRET)
    browser = cottage.client()
    form = Page(log_in(browser).text).form("/login/code")
    with cottage.site.database.writing() as connection:
        accounts.change(connection, who.id, password=encoded(OTHER))
    said = browser.post("/login/code", data=form.filled(code=code(SECRET, cottage)))

    assert said.status_code == 422


@pytest.mark.parametrize("ticket", ["", "AAAA", "x" * 4000, "%%%"])
def test_a_second_step_without_the_first_opens_nothing(cottage: House, ticket: str) -> None:
    person(cottage, totp=SECRET)

    browser = cottage.client()
    data = {**door(browser), "ticket": ticket, "code": code(SECRET, cottage)}
    said = browser.post("/login/code", data=data)

    assert said.status_code == 422
    assert "请重新登录" in said.text
    assert "duban" not in browser.cookies
