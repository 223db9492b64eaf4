"""Coming in, as a person does it in a browser."""

import re

import pyotp
from playwright.sync_api import Page, expect

from duban.account import Role
from tests.browser.conftest import PHONE, WIDTHS, Open
from tests.browser.town import PASSWORD, Town

OWN = "茉莉花 opens at seven"


def log_in(page: Page, town: Town, login: str, password: str) -> None:
    page.goto(f"{town.address}/login")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


@WIDTHS
def test_a_new_colleague_comes_in_changes_the_password_and_sets_up_codes(
    size: tuple[int, int], visitor: Open, town: Town
) -> None:
    page = visitor(size)
    town.account("liuyang", Role.ADMINISTRATOR)
    log_in(page, town, "liuyang", PASSWORD)
    page.get_by_role("link", name="新增账号").click()
    page.get_by_label("登录名").fill("liwei")
    page.get_by_label("姓名").fill("李卫")
    page.get_by_label("管理者").check()
    page.get_by_role("button", name="保存").click()
    given = page.locator("code").inner_text()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("status")).to_have_text("已退出")

    log_in(page, town, "liwei", given)
    expect(page.get_by_role("heading", name="改密码")).to_be_visible()
    page.get_by_label("现在的密码").fill(given)
    page.get_by_label("新密码", exact=True).fill(OWN)
    page.get_by_label("再填一次新密码").fill(OWN)
    page.get_by_role("button", name="改密码").click()

    page.get_by_role("link", name="开启动态口令").click()
    secret = page.locator("code").inner_text().replace(" ", "")
    page.get_by_label("六位数字").fill(pyotp.TOTP(secret).at(town.now))
    page.get_by_label("现在的密码").fill(OWN)
    page.get_by_role("button", name="开启动态口令").click()
    page.get_by_role("button", name="退出").click()
    town.wind("2026-03-02T09:01")

    log_in(page, town, "liwei", OWN)
    page.get_by_label("六位数字").fill(pyotp.TOTP(secret).at(town.now))
    page.get_by_role("button", name="登录").click()

    expect(page.get_by_role("status")).to_contain_text("上次登录")
    expect(page).to_have_url(re.compile(r"/o/cq/board$"))


def test_without_scripts_everything_at_the_entrance_works(visitor: Open, town: Town) -> None:
    town.account("liwei", Role.MANAGER)
    page = visitor(PHONE)
    page.context.route("**/*.js*", lambda route: route.abort())

    log_in(page, town, "liwei", "wrong")
    expect(page.get_by_role("alert")).to_contain_text("登录名或密码不对")
    expect(page.get_by_label("登录名")).to_have_value("liwei")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()

    expect(page.get_by_role("button", name="退出")).to_be_visible()


def test_a_session_on_another_machine_is_ended(visitor: Open, town: Town) -> None:
    town.account("liwei", Role.MANAGER)
    there, here = visitor(), visitor()
    for page in (there, here):
        log_in(page, town, "liwei", PASSWORD)

    here.goto(f"{town.address}/me")
    here.get_by_role("button", name="结束其他各处的登录").click()
    there.goto(f"{town.address}/me")

    expect(there).to_have_url(re.compile(r"/login\?next="))
    expect(here.get_by_role("heading", name="我的账号")).to_be_visible()
