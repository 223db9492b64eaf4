"""Administrators keep accounts: and cannot make themselves anything, nor shut everybody out."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from adapters.settings import load_settings
from app.console.application import application
from duban.account import Role
from flows.premises import Site
from state import accounts
from tests.console.conftest import House
from tests.console.entering import OTHER, acts, encoded, known, log_in, person
from tests.console.pagereader import Page
from tests.sitting import REPOSITORY, at

ADMIN, SECRETARIAT, MANAGER, AUDITOR = (
    Role.ADMINISTRATOR,
    Role.SECRETARIAT,
    Role.MANAGER,
    Role.AUDITOR,
)


def fill(browser: TestClient, page: str, action: str, **values: object) -> object:
    """Fill in the form of that page and send it."""
    form = Page(browser.get(page).text).form(action)
    return browser.post(form.action, data={**form.fields, **values})


def add(browser: TestClient, login: str, **values: object) -> object:
    filled = {"name": "李卫", "roles": ["secretariat"], **values}
    return fill(browser, "/accounts/new", "/accounts/new", login=login, **filled)


def test_a_new_account_opens_with_the_password_that_was_shown_once(house: House) -> None:
    admin = house.browser(ADMIN)

    made = add(admin, "LiWei", offices=["ceshi"])
    password = re.search(r'class="given">([^<]+)<', made.text)[1]
    browser = house.client()
    said = log_in(browser, "liwei", password)

    assert said.headers["location"] == "/password"
    who = known(house).account
    assert (who.name, who.roles, who.offices) == ("李卫", {SECRETARIAT}, {"ceshi"})
    assert password not in admin.get(f"/accounts/{who.id}").text
    assert password not in str(acts(house))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"login": "李卫"}, "登录名用"),
        ({"login": "a"}, "登录名用"),
        ({"login": "administrator"}, "已经有人用了"),
        ({"name": ""}, "请写姓名"),
        ({"roles": []}, "至少选一个角色"),
        ({"roles": ["administrator", "secretariat"]}, "管账号的人不办事"),
        ({"roles": ["auditor", "secretariat"]}, "不能自己审自己"),
        ({"roles": ["emperor"]}, "至少选一个角色"),
        ({"offices": ["beijing"]}, "没有纲要办"),
    ],
)
def test_what_cannot_be_taken_comes_back_filled_in(
    cottage: House, values: dict[str, object], said: str
) -> None:
    admin = cottage.browser(ADMIN)
    filled = {"login": "liwei", "name": "李卫同志", **values}

    page = add(admin, **filled)

    assert page.status_code == 422
    assert said in page.text
    assert f'value="{filled["name"]}"' in page.text
    assert Page(page.text).form("/accounts/new").fields["login"] == [filled["login"]]


def test_roles_and_offices_change_what_a_session_may_at_once(house: House) -> None:
    who = person(house, "liwei", MANAGER)
    theirs, admin = house.client(), house.browser(ADMIN)
    log_in(theirs)

    path = f"/accounts/{who.id}"
    fill(admin, path, path, roles=["administrator"], name="李卫")

    assert theirs.get("/accounts").status_code == 200
    assert ("account", "administrator同志（administrator）") in [one[:2] for one in acts(house)]


def test_of_two_who_change_an_account_at_once_the_second_is_told(house: House) -> None:
    who = person(house, "liwei", MANAGER)
    admin, path = house.browser(ADMIN), f"/accounts/{who.id}"
    form = Page(admin.get(path).text).form(path)

    first = admin.post(path, data={**form.fields, "roles": ["auditor"]})
    second = admin.post(path, data={**form.fields, "roles": ["secretariat"]})

    assert (first.status_code, second.status_code) == (303, 409)
    assert known(house).account.roles == {AUDITOR}


def test_nobody_changes_his_own_roles(cottage: House) -> None:
    cottage.account("second", ADMIN)
    admin = cottage.browser(ADMIN)
    own = known(cottage, "administrator").account

    said = fill(admin, f"/accounts/{own.id}", f"/accounts/{own.id}", roles=["secretariat"])

    assert said.status_code == 409
    assert known(cottage, "administrator").account.roles == {ADMIN}


@pytest.mark.parametrize("act", ["disable", "reset", "code"])
def test_nobody_does_to_his_own_account_what_needs_no_password(cottage: House, act: str) -> None:
    cottage.account("second", ADMIN)
    admin = cottage.browser(ADMIN)
    own = known(cottage, "administrator").account

    said = admin.post(f"/accounts/{own.id}/{act}", data=token(admin))

    assert said.status_code == 409
    assert admin.get("/accounts").status_code == 200


def test_the_last_administrator_stays(house: House) -> None:
    admin = house.browser(ADMIN)
    disabled = person(house, "gone", ADMIN, disabled_at=house.now)
    other = person(house, "second", ADMIN)
    path = f"/accounts/{other.id}"
    assert admin.post(f"{path}/disable", data=token(admin)).status_code == 303
    assert admin.post(f"{path}/enable", data=token(admin)).status_code == 303
    theirs = house.client()
    log_in(theirs, "second")
    own = known(house, "administrator").account.id
    assert theirs.post(f"/accounts/{own}/disable", data=token(theirs)).status_code == 303

    said = [
        theirs.post(f"/accounts/{id}/disable", data=token(theirs)).status_code
        for id in (own, other.id, disabled.id)
    ]

    assert said == [409, 409, 409]
    assert not known(house, "second").account.disabled_at


def test_a_disabled_account_is_out_at_once(house: House) -> None:
    who = person(house)
    theirs, admin = house.client(), house.browser(ADMIN)
    log_in(theirs)

    first = admin.post(f"/accounts/{who.id}/disable", data=token(admin))
    again = admin.post(f"/accounts/{who.id}/disable", data=token(admin))
    out = theirs.get("/me")
    admin.post(f"/accounts/{who.id}/enable", data=token(admin))
    still = theirs.get("/me")

    assert (first.status_code, again.status_code) == (303, 409)
    assert out.headers["location"].startswith("/login")
    assert still.headers["location"].startswith("/login")
    assert log_in(house.client()).status_code == 303


def test_a_reset_ends_sessions_and_lock_and_is_done_once(house: House) -> None:
    who = person(house, failures=5, locked_until=house.now.replace(hour=11))
    admin, path = house.browser(ADMIN), f"/accounts/{who.id}"
    form = Page(admin.get(path).text).form("/reset")

    house.wind("2026-03-02T10:01")
    done = admin.post(f"{path}/reset", data=form.fields)
    again = admin.post(f"{path}/reset", data=form.fields)
    password = re.search(r'class="given">([^<]+)<', done.text)[1]

    assert (done.status_code, again.status_code) == (200, 409)
    assert log_in(house.client()).status_code == 422
    assert len(password) == 19


def test_a_locked_account_is_unlocked(cottage: House) -> None:
    who = person(cottage, failures=5, locked_until=cottage.now.replace(hour=11))
    admin, path = cottage.browser(ADMIN), f"/accounts/{who.id}"

    shown = admin.get(path).text
    said = fill(admin, path, "/unlock")
    again = admin.post(f"{path}/unlock", data=token(admin))

    assert "锁到 2026年3月2日 11:00" in shown
    assert (said.status_code, again.status_code) == (303, 409)
    assert log_in(cottage.client()).status_code == 303


def test_a_lost_telephone_is_forgotten(cottage: House) -> None:
    who = person(cottage, totp="JBSWY3DPEHPK3PXP")
    admin, path = cottage.browser(ADMIN), f"/accounts/{who.id}"

    said = fill(admin, path, "/code")
    again = admin.post(f"{path}/code", data=token(admin))

    assert (said.status_code, again.status_code) == (303, 409)
    assert log_in(cottage.client()).status_code == 303


@pytest.mark.parametrize("role", [SECRETARIAT, MANAGER, AUDITOR])
def test_only_administrators_keep_accounts(cottage: House, role: Role) -> None:
    browser = cottage.browser(role)

    assert browser.get("/accounts").status_code == 403
    assert "/accounts" not in Page(browser.get("/me").text).links


def test_an_administrator_decides_nothing(cottage: House) -> None:
    assert cottage.browser(ADMIN).get("/o/ceshi/audit").status_code == 403


# --- an administrator of some offices only ---


def test_an_administrator_of_one_office_keeps_its_accounts_only(house: House) -> None:
    site_wide = person(house, "everywhere", MANAGER)
    mine = person(house, "here", MANAGER, offices="ceshi")
    theirs = person(house, "there", MANAGER, offices="waidi")
    admin = house.browser(ADMIN, offices=("ceshi",))

    listed = Page(admin.get("/accounts").text).links
    said = [
        admin.post(f"/accounts/{one.id}/disable", data=token(admin)).status_code
        for one in (mine, theirs, site_wide)
    ]

    assert f"/accounts/{mine.id}" in listed
    assert f"/accounts/{theirs.id}" not in listed
    assert said == [303, 404, 404]


def test_an_administrator_of_one_office_gives_no_more_than_that(cottage: House) -> None:
    admin = cottage.browser(ADMIN, offices=("ceshi",))

    everywhere = add(admin, "liwei", offices=[])
    here = add(admin, "liwei", offices=["ceshi"])

    assert "请至少选一个纲要办" in everywhere.text
    assert here.status_code == 200


# --- the list ---


def test_the_list_has_pages_and_is_searched_by_login_and_name(house: House) -> None:
    with house.site.database.writing() as connection:
        for number in range(60):
            accounts.add(
                connection,
                f"p{number:02}",
                "赵_六" if number == 7 else "钱七",
                frozenset({MANAGER}),
                frozenset(),
                encoded(OTHER),
                at=house.now,
                by="test",
            )
    admin = house.browser(ADMIN)

    def listed(query: str) -> int:
        links = Page(admin.get(f"/accounts{query}").text).links
        return sum(bool(re.fullmatch(r"/accounts/\d+", link)) for link in links)

    assert [listed(query) for query in ("", "?page=2", "?page=3")] == [50, 11, 0]
    assert [listed(f"?words={words}") for words in ("P07", "赵_", "_", "%", "nobody")] == [
        1,
        1,
        1,
        0,
        0,
    ]


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "²"])
def test_a_page_that_is_no_number_is_the_first(cottage: House, page: str) -> None:
    assert "administrator" in cottage.browser(ADMIN).get(f"/accounts?page={page}").text


@pytest.mark.parametrize("id", ["0", "999999", "x", "9" * 30])
def test_an_account_that_is_not_there_is_not_found(cottage: House, id: str) -> None:
    admin = cottage.browser(ADMIN)

    assert admin.get(f"/accounts/{id}").status_code == 404
    assert admin.post(f"/accounts/{id}/disable", data=token(admin)).status_code == 404


def token(browser: TestClient) -> dict[str, list[str]]:
    return {"token": Page(browser.get("/me").text).form("/logout").fields["token"]}


def test_what_is_searched_for_is_shown_as_text(cottage: House) -> None:
    said = cottage.browser(ADMIN).get("/accounts?words=<script>alert(1)</script>%25(x)s")

    assert said.status_code == 200
    assert "<script>alert" not in said.text
    assert "&lt;script&gt;" in said.text


def test_the_list_asks_as_much_for_fifty_accounts_as_for_one(house: House) -> None:
    admin = house.browser(ADMIN)
    admin.get("/accounts")
    with asked(house) as few:
        admin.get("/accounts")
    for number in range(49):
        house.account(f"p{number:02}", MANAGER)

    with asked(house) as many:
        admin.get("/accounts")

    assert len(many) == len(few)


def test_an_office_that_is_no_more_may_stay_in_an_account(cottage: House) -> None:
    who = person(cottage, "liwei", MANAGER, offices="gone")
    admin, path = cottage.browser(ADMIN), f"/accounts/{who.id}"

    shown = admin.get(path).text
    said = fill(admin, path, path, name="李卫")

    assert "gone（日历里已没有）" in shown
    assert said.status_code == 303
    assert known(cottage).account.offices == {"gone"}


def test_accounts_are_kept_before_any_calendar_was_applied(
    migrated_file: Path, tmp_path: Path
) -> None:
    file = tmp_path / "duban.db"
    file.write_bytes(migrated_file.read_bytes())
    settings = load_settings(
        REPOSITORY, database=f"sqlite:///{file}", console={"secret_file": tmp_path / "secret"}
    )
    site = Site(settings, now=lambda: at("2026-03-02T10:00"))
    empty = House(site, lambda: TestClient(application(site), follow_redirects=False), site.now())
    with closing(site.database):
        admin = empty.browser(ADMIN)
        led = admin.get("/").headers["location"]
        made = add(admin, "liwei")

    assert led == "/accounts"
    assert "账号已开" in made.text


@contextmanager
def asked(house: House) -> Iterator[list[str]]:
    """Every question that reaches the database meanwhile."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("SELECT"):
            said.append(statement)

    engine = house.site.database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)
