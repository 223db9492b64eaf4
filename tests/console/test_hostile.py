"""What bots, scanners and broken programs send: none of it breaks a page, and each is told what is wrong."""

from urllib.parse import quote

import pytest
from sqlalchemy import select

from app.console.formdata import PART, PART_BESIDE
from duban.account import Role
from state.tables import answer
from tests.console.conftest import OFFICE, House
from tests.console.pagereader import Page
from tests.console.replying import do, link, row, state

NUL = [
    "accounts?words=",
    f"o/{OFFICE}/items?department=",
    f"o/{OFFICE}/items?activity=",
    f"o/{OFFICE}/outbox?words=",
    f"o/{OFFICE}/audit?act=",
    f"o/{OFFICE}/audit?actor=",
    f"o/{OFFICE}/audit?item=",
    f"o/{OFFICE}/activity/",
    f"o/{OFFICE}/scores/",
]
MULTIPART = "multipart/form-data; boundary=x"


def test_no_database_is_asked_for_a_nul(house: House) -> None:
    browser = house.browser(*Role, login="all")

    said = {path: browser.get(f"/{path}a%00b").status_code for path in NUL}

    assert {path for path, status in said.items() if status not in (200, 404)} == set()


@pytest.mark.parametrize("page", ["0", "-1", "²", "9" * 30, "0000001" + "9" * 5000])
def test_a_page_that_cannot_be_is_another_page(cottage: House, page: str) -> None:
    browser = cottage.browser(*Role, login="all")

    for path in ("/accounts", f"/o/{OFFICE}/items", f"/o/{OFFICE}/departments"):
        assert browser.get(f"{path}?page={quote(page)}").status_code == 200


@pytest.mark.parametrize("origin", ["http://[", "http://evil.example", "", "x", "file://"])
def test_a_form_from_elsewhere_is_refused_however_its_origin_is_written(
    cottage: House, origin: str
) -> None:
    said = cottage.client().post("/login", headers={"Origin": origin})

    assert said.status_code == 403
    assert "来自别的网站" in said.text


@pytest.mark.parametrize("path", ["/login/", f"/o/{OFFICE}/today/", "//evil.example/login/"])
def test_nobody_is_sent_on_to_the_host_that_a_request_names(cottage: House, path: str) -> None:
    said = cottage.client().get(f"http://evil.example{path}")

    assert said.status_code == 404
    assert "location" not in said.headers


@pytest.mark.parametrize("charset", ["undefined", "idna", "utf-16", "no-such"])
def test_a_charset_that_decodes_nothing_is_told(cottage: House, charset: str) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\n\xff..\xfe\r\n--x--\r\n'

    said = cottage.client().post(
        "/login", content=body, headers={"Content-Type": f"{MULTIPART}; charset={charset}"}
    )

    assert said.status_code == 422


@pytest.mark.parametrize("kind", [MULTIPART, "application/x-www-form-urlencoded"])
def test_without_files_a_form_is_small(cottage: House, kind: str) -> None:
    said = cottage.client().post(
        "/login", content=b"a" * (PART + 1), headers={"Content-Type": kind}
    )

    assert said.status_code == 422
    assert "太大" in Page(said.text).words


async def test_what_cannot_be_seen_is_not_kept(house: House) -> None:
    await house.tick()
    said = "已\x1b[31m办\u202e结\x00\n𠮷😀"

    do(house.client(), f"{link(house)}/{row(house)}", "report", text=said)

    with house.site.database.reading() as connection:
        assert connection.scalar(select(answer.c.text)) == "已[31m办结\n𠮷😀"


async def test_ten_megabytes_of_text_are_no_report(house: House) -> None:
    await house.tick()

    said = do(
        house.client(), f"{link(house)}/{row(house)}", "report", text="水" * (PART_BESIDE // 3 + 1)
    )

    assert said.status_code == 422
    assert "文字太多" in Page(said.text).words
    assert state(house) == "notified"
