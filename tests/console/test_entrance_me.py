"""One's own account: password, one-time codes, sessions."""

from itertools import pairwise

import pyotp
import pytest
from starlette.testclient import TestClient

from duban.passwordrules import Profile
from state import accounts
from tests.console.conftest import House
from tests.console.entering import OTHER, PASSWORD, acts, code, encoded, known, log_in, person
from tests.console.pagereader import Page

SECRET = pyotp.random_base32()


def inside(house: House, password: str = PASSWORD) -> TestClient:
    browser = house.client()
    said = log_in(browser, password=password)
    assert said.status_code == 303
    return browser


def change(browser: TestClient, new: str, current: str = PASSWORD, again: str = "") -> object:
    form = Page(browser.get("/password").text).form("/password")
    return browser.post("/password", data=form.filled(current=current, new=new, again=again or new))


def test_a_changed_password_opens_and_the_old_one_does_not(house: House) -> None:
    person(house)

    said = change(inside(house), OTHER)

    assert said.headers["location"] == "/me"
    assert log_in(house.client(), password=OTHER).status_code == 303
    assert log_in(house.client()).status_code == 422
    assert ("account", "liwei同志（liwei）", "改了自己的密码") in acts(house)


def test_a_changed_password_ends_every_other_session_and_renews_ones_own(cottage: House) -> None:
    person(cottage)
    other, mine = inside(cottage), inside(cottage)
    before = mine.cookies["duban"]

    change(mine, OTHER)

    assert mine.cookies["duban"] != before
    assert mine.get("/me").status_code == 200
    assert other.get("/me").status_code == 303


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"new": "short"}, "至少要 12 个"),
        ({"new": "password1234"}, "太容易猜到"),
        ({"new": "测试市ceshi2026"}, "太容易猜到"),
        ({"new": PASSWORD}, "新密码和现在的一样"),
        ({"new": OTHER, "again": "another"}, "两次填的新密码不一样"),
        ({"new": OTHER, "current": "wrong"}, "现在的密码不对"),
    ],
)
def test_what_is_wrong_with_a_password_is_said_beside_it(
    cottage: House, fields: dict[str, str], said: str
) -> None:
    person(cottage)

    page = change(inside(cottage), **fields)

    assert page.status_code == 422
    assert said in page.text
    assert fields["new"] not in page.text or fields["new"] in "password"


def test_wrong_current_passwords_lock_like_those_of_the_log_in(cottage: House) -> None:
    person(cottage)
    browser = inside(cottage)
    for _ in range(5):
        change(browser, OTHER, current="wrong")

    said = change(browser, OTHER)

    assert "密码错了太多次" in said.text
    assert log_in(cottage.client()).status_code == 422


def test_whoever_got_a_password_has_to_change_it_before_anything_else(cottage: House) -> None:
    person(cottage, must_change=accounts.GIVEN, password_at=cottage.now)
    browser = inside(cottage)

    led = browser.get("/me")
    page = browser.get("/password").text
    change(browser, OTHER)

    assert led.headers["location"] == "/password"
    assert "别人替您设的" in page
    assert browser.get("/me").status_code == 200


def test_a_password_that_was_given_out_opens_for_two_weeks(cottage: House) -> None:
    person(cottage, must_change=accounts.GIVEN, password_at=cottage.now.replace(month=2, day=16))

    said = log_in(cottage.client())

    assert said.status_code == 422
    assert "初始密码已过期" in said.text


# --- 等保 ---


def test_under_dengbao_a_password_of_90_days_has_to_be_changed(house: House) -> None:
    house.site.settings.console.passwords = Profile.DENGBAO
    person(house, password_at=house.now.replace(year=2025, month=12, day=2))
    browser = inside(house)

    led = browser.get("/me")
    page = browser.get("/password").text
    change(browser, "mK7$xQp2")

    assert led.headers["location"] == "/password"
    assert "用满期限" in page
    assert browser.get("/me").status_code == 200


def test_under_asvs_it_never_gets_too_old(cottage: House) -> None:
    person(cottage, password_at=cottage.now.replace(year=2020))

    assert inside(cottage).get("/me").status_code == 200


def test_under_dengbao_the_last_five_do_not_come_again(cottage: House) -> None:
    cottage.site.settings.console.passwords = Profile.DENGBAO
    passwords = [f"mK{number}$xQp2" for number in range(6)]
    person(cottage, password=passwords[0])
    browser = inside(cottage, passwords[0])
    for before, after in pairwise(passwords[:5]):
        assert change(browser, after, current=before).status_code == 303

    fifth = change(browser, passwords[0], current=passwords[4])
    change(browser, passwords[5], current=passwords[4])
    sixth = change(browser, passwords[0], current=passwords[5])

    assert "最近 5 次" in fifth.text
    assert sixth.status_code == 303


# --- one-time codes ---


def test_codes_are_on_when_one_of_them_was_shown_to_work(house: House) -> None:
    person(house)
    browser = inside(house)
    page = Page(browser.get("/me/code").text)
    secret = page.words.split("照这个填：")[1].split(" 填验证器")[0].replace(" ", "")

    off = known(house).totp
    said = browser.post(
        "/me/code", data=page.form("/me/code").filled(code=code(secret, house), current=PASSWORD)
    )

    assert off == ""
    assert said.headers["location"] == "/me"
    assert known(house).totp == secret
    assert 'name="ticket"' in log_in(house.client()).text


def test_a_code_or_password_that_is_wrong_turns_nothing_on_and_keeps_the_secret(
    cottage: House,
) -> None:
    person(cottage)
    browser = inside(cottage)
    form = Page(browser.get("/me/code").text).form("/me/code")

    said = browser.post("/me/code", data=form.filled(code="000", current="wrong"))

    assert said.status_code == 422
    assert "口令不对" in said.text
    assert "现在的密码不对" in said.text
    assert Page(said.text).form("/me/code").fields["sealed"] == form.fields["sealed"]
    assert known(cottage).totp == ""


def test_a_secret_of_somebody_elses_page_is_refused(cottage: House) -> None:
    person(cottage, "liwei")
    person(cottage, "wangfang")
    theirs = cottage.client()
    log_in(theirs, "wangfang")
    sealed = Page(theirs.get("/me/code").text).form("/me/code").fields["sealed"][0]
    browser = inside(cottage)

    form = Page(browser.get("/me/code").text).form("/me/code")
    said = browser.post("/me/code", data=form.filled(sealed=sealed, code="1", current=PASSWORD))

    assert said.status_code == 403


def test_codes_are_turned_off_with_the_password(cottage: House) -> None:
    who = person(cottage)
    browser = inside(cottage)
    with cottage.site.database.writing() as connection:
        accounts.change(connection, who.id, totp=SECRET)
    form = Page(browser.get("/me/code").text).form("/me/code/off")

    refused = browser.post("/me/code/off", data=form.filled(current="wrong"))
    done = browser.post("/me/code/off", data=form.filled(current=PASSWORD))
    twice = browser.post("/me/code/off", data=form.filled(current=PASSWORD))

    assert [one.status_code for one in (refused, done, twice)] == [422, 303, 409]
    assert known(cottage).totp == ""


def test_the_picture_of_the_secret_is_no_address_outside(cottage: House) -> None:
    person(cottage)

    page = inside(cottage).get("/me/code").text

    assert 'src="data:image/svg+xml' in page


# --- sessions ---


def test_another_session_of_mine_can_be_ended(house: House) -> None:
    person(house)
    other, mine = inside(house), inside(house)
    form = Page(mine.get("/me").text).form("/me/sessions")

    said = mine.post("/me/sessions", data=form.fields)
    again = mine.post("/me/sessions", data=form.fields)

    assert said.status_code == 303
    assert again.status_code == 409
    assert other.get("/me").status_code == 303
    assert mine.get("/me").status_code == 200


def test_all_my_other_sessions_end_and_nobody_elses(cottage: House) -> None:
    person(cottage, "liwei")
    person(cottage, "wangfang", password=OTHER)
    theirs = cottage.client()
    log_in(theirs, "wangfang", OTHER)
    others, mine = [inside(cottage), inside(cottage)], inside(cottage)

    mine.post("/me/sessions/others", data=Page(mine.get("/me").text).form("others").fields)

    assert [one.get("/me").status_code for one in others] == [303, 303]
    assert [one.get("/me").status_code for one in (mine, theirs)] == [200, 200]


@pytest.mark.parametrize(
    "path", ["/password", "/me/sessions", "/me/sessions/others", "/me/code", "/me/code/off"]
)
def test_a_form_without_its_token_changes_nothing(cottage: House, path: str) -> None:
    person(cottage)
    browser = inside(cottage)

    said = browser.post(path, data={"current": PASSWORD, "new": OTHER, "again": OTHER})

    assert said.status_code == 403
    assert known(cottage).password == encoded(PASSWORD)
