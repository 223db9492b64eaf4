"""Logging in and out."""

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from adapters.secret import text_of
from duban.account import Role
from state import accounts
from tests.console.conftest import House
from tests.console.entering import PASSWORD, acts, door, known, log_in, person
from tests.console.pagereader import Page


def test_login_and_password_open_the_page_that_was_asked_for(house: House) -> None:
    person(house)
    browser = house.client()

    asked = browser.get("/me?year=2026&lamp=red")
    form = Page(browser.get(asked.headers["location"]).text).form("/login")
    said = browser.post("/login", data=form.filled(login="LiWei ", password=PASSWORD))

    assert said.status_code == 303
    assert said.headers["location"] == "/me?year=2026&lamp=red"
    assert browser.get("/").headers["location"] == "/o/ceshi/today"


def test_the_account_tells_of_log_in_failure_and_log_out(cottage: House) -> None:
    person(cottage)
    browser = cottage.client()

    log_in(browser, password="something else")
    log_in(browser)
    token = Page(browser.get("/me").text).form("/logout").filled()
    browser.post("/logout", data=token)

    who = "liwei同志（liwei）"
    assert acts(cottage) == [
        ("login-failed", "未登录", "liwei：密码不对"),
        ("login", who, ""),
        ("logout", who, ""),
    ]


def test_whoever_logs_out_is_out(cottage: House) -> None:
    person(cottage)
    browser = cottage.client()
    log_in(browser)
    before = browser.cookies["duban"]

    said = browser.post("/logout", data=Page(browser.get("/me").text).form("/logout").filled())
    thief = cottage.client()
    thief.cookies.set("duban", before)

    assert said.headers["location"] == "/login"
    assert "duban" not in browser.cookies
    assert thief.get("/").headers["location"].startswith("/login")


def test_a_log_out_without_the_forms_token_is_refused(cottage: House) -> None:
    browser = cottage.browser(Role.MANAGER)

    said = browser.post("/logout")

    assert said.status_code == 403
    assert browser.get("/").headers["location"] == "/o/ceshi/board"


def test_a_failed_log_in_keeps_the_login_and_never_shows_the_password(cottage: House) -> None:
    person(cottage)

    said = log_in(cottage.client(), password="lost in the post")

    assert said.status_code == 422
    assert 'value="liwei"' in said.text
    assert "lost in the post" not in said.text
    assert "登录名或密码不对" in said.text


@pytest.mark.parametrize("padded", [f" {PASSWORD}", f"{PASSWORD} ", PASSWORD.upper()])
def test_a_password_is_taken_exactly_as_typed(cottage: House, padded: str) -> None:
    person(cottage)

    assert log_in(cottage.client(), password=padded).status_code == 422


def test_a_disabled_account_does_not_open(cottage: House) -> None:
    person(cottage, disabled_at=cottage.now)

    said = log_in(cottage.client())

    assert said.status_code == 422
    assert acts(cottage) == [("login-failed", "未登录", "liwei：账号已停用")]


def test_every_refusal_is_said_in_the_same_words(cottage: House) -> None:
    person(cottage, "liwei")
    person(cottage, "gone", disabled_at=cottage.now)
    person(cottage, "locked", locked_until=cottage.now.replace(hour=11))
    browser = cottage.client()

    pages = {
        login: Page(log_in(browser, login, password).text).words
        for login, password in [
            ("liwei", "wrong"),
            ("gone", PASSWORD),
            ("locked", PASSWORD),
            ("nobody", "wrong"),
        ]
    }

    assert len(set(pages.values())) == 1


def test_an_unknown_login_costs_as_much_as_a_wrong_password(
    cottage: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    person(cottage)
    looked: list[str] = []
    real = PasswordHasher.verify

    def counted(self: PasswordHasher, encoded: str, password: str) -> bool:
        looked.append(encoded.rsplit("$", 2)[0])
        return real(self, encoded, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)

    log_in(cottage.client(), "liwei", "wrong")
    log_in(cottage.client(), "nobody", "wrong")

    assert looked == ["$argon2id$v=19$m=19456,t=2,p=1"] * 2


def test_a_password_that_was_kept_too_weakly_is_kept_anew(cottage: House) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    who = person(cottage)
    with cottage.site.database.writing() as connection:
        accounts.change(connection, who.id, password=weak)

    log_in(cottage.client(), password="wrong")
    after_failure = known(cottage).password
    log_in(cottage.client())

    assert after_failure == weak
    assert known(cottage).password.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert log_in(cottage.client()).status_code == 303


# --- fixation ---


def test_a_log_in_begins_a_new_session_and_ends_the_old_one(house: House) -> None:
    person(house)
    browser = house.client()
    log_in(browser)
    first = browser.cookies["duban"]

    token = Page(browser.get("/me").text).form("/logout").fields["token"][0]
    log_in(browser, token=token)
    old = house.client()
    old.cookies.set("duban", first)

    assert browser.cookies["duban"] != first
    assert old.get("/").headers["location"].startswith("/login")


def test_a_cookie_that_somebody_planted_never_becomes_a_session(cottage: House) -> None:
    person(cottage)
    planted = "planted-by-somebody"
    browser = cottage.client()
    browser.cookies.set("duban", planted, domain="duban.test", path="/")

    log_in(browser)
    thief = cottage.client()
    thief.cookies.set("duban", planted)

    assert browser.get("/me").status_code == 200
    assert thief.get("/").headers["location"].startswith("/login")


# --- redirects ---


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
        "/ok\r\nSet-Cookie: a=b",
        "http:/evil.example",
        " //evil.example",
        "/login",
    ],
)
def test_nobody_is_led_away_after_the_log_in(cottage: House, path: str) -> None:
    person(cottage)

    said = log_in(cottage.client(), next=text_of(path.encode()))

    assert said.headers["location"] == "/"


@pytest.mark.parametrize("next", ["%%%", "AAA=", "_w", "/o/ceshi/today", "a" * 5000])
def test_what_is_no_path_of_ours_leads_to_the_first_page(cottage: House, next: str) -> None:
    person(cottage)

    said = log_in(cottage.client(), next=next)

    assert said.headers.get("location", "/") == "/"
    assert said.status_code in (303, 422)


def test_whoever_is_logged_in_is_led_on_from_the_log_in(cottage: House) -> None:
    browser = cottage.browser(Role.MANAGER)

    said = browser.get(f"/login?next={text_of(b'/o/ceshi/board?m=3')}")

    assert said.headers["location"] == "/o/ceshi/board?m=3"


# --- other sites, and the cookie ---


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_a_log_in_from_another_site_is_refused(cottage: House, headers: dict[str, str]) -> None:
    person(cottage)

    browser = cottage.client()
    data = {**door(browser), "login": "liwei", "password": PASSWORD}
    said = browser.post("/login", data=data, headers=headers)

    assert said.status_code == 403
    assert "duban" not in browser.cookies


@pytest.mark.parametrize("headers", [{"Origin": "null"}, {"Origin": "http://duban.test"}, {}])
@pytest.mark.parametrize("forged", ["", "x", "风"])
def test_a_log_in_that_another_page_made_up_is_refused_though_no_browser_says_so(
    cottage: House, headers: dict[str, str], forged: str
) -> None:
    person(cottage)
    elsewhere = door(cottage.client())
    browser = cottage.client()
    browser.get("/login")

    said = [
        browser.post(
            "/login", data={**given, "login": "liwei", "password": PASSWORD}, headers=headers
        )
        for given in ({}, {"door": forged}, elsewhere)
    ]

    assert [one.status_code for one in said] == [422, 422, 422]
    assert "duban" not in browser.cookies
    assert acts(cottage) == []


def test_forms_of_our_own_pages_say_that_they_come_from_nowhere_and_are_taken(
    cottage: House,
) -> None:
    person(cottage)
    browser = cottage.client()
    browser.headers.update({"Origin": "null", "Sec-Fetch-Site": "same-origin"})

    assert log_in(browser).status_code == 303


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(cottage: House) -> None:
    person(cottage)

    cookie = log_in(cottage.client()).headers["set-cookie"]

    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_under_https_the_cookie_travels_nowhere_else(cottage: House) -> None:
    cottage.site.settings.console.url = "https://duban.test"
    person(cottage)
    browser = TestClient(cottage.client().app, "https://duban.test", follow_redirects=False)

    said = log_in(browser)

    cookie = said.headers["set-cookie"]
    assert cookie.startswith("__Host-duban=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))


def test_a_session_ends_after_twelve_hours_used_or_not(cottage: House) -> None:
    person(cottage)
    browser = cottage.client()
    log_in(browser)

    for hour in range(10, 22):
        for minute in ("05", "25", "45"):
            cottage.wind(f"2026-03-02T{hour}:{minute}")
            last = browser.get("/")
    cottage.wind("2026-03-02T22:01")
    ended = browser.get("/")

    assert last.headers["location"] == "/o/ceshi/today"
    assert ended.headers["location"].startswith("/login")


def test_old_sessions_are_forgotten_when_somebody_logs_in(house: House) -> None:
    who = person(house)
    log_in(house.client())

    house.wind("2026-03-02T10:31")
    log_in(house.client())

    with house.site.database.reading() as connection:
        left = accounts.sessions(connection, who, since=house.now.replace(year=2025))
    assert len(left) == 1


def test_after_the_log_in_one_is_told_of_the_last_one_and_of_failures(cottage: House) -> None:
    person(cottage, seen_at=cottage.now.replace(day=1, hour=9, minute=5))
    browser = cottage.client()
    log_in(browser, password="wrong")

    log_in(browser)
    page = browser.get("/me").text

    assert "上次登录：2026年3月1日 09:05" in page
    assert "有 1 次登录失败" in page
    assert known(cottage).failures == 0


def test_half_characters_in_a_form_break_nothing(cottage: House) -> None:
    person(cottage)
    body = '--x\r\nContent-Disposition: form-data; name="password"\r\n\r\n+2AA-\r\n--x--\r\n'

    said = cottage.client().post(
        "/login",
        content=body.encode(),
        headers={"Content-Type": "multipart/form-data; boundary=x; charset=utf-7"},
    )

    assert said.status_code == 422
