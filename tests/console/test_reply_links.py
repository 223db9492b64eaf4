"""The links in letters, from the outside: each kind leads somewhere, and nothing else opens."""

import random

import pytest

from adapters import links
from app.console.door import BROKEN_LINK
from tests.console.conftest import HOST, House
from tests.console.replying import fingerprint, link, mails, row, text

BOSS, DESK = "boss@kx.ceshi.example", "desk@kx.ceshi.example"


async def test_a_changed_token_opens_nothing_and_does_nothing(cottage: House) -> None:
    await cottage.tick()
    browser, token = cottage.client(), link(cottage).removeprefix("/r/")
    number, chance = row(cottage), random.Random(7)
    before = fingerprint(cottage)

    for place in range(len(token)):
        sign = chance.choice([one for one in "AZaz09-_" if one != token[place]])
        changed = token[:place] + sign + token[place + 1 :]
        path = f"/r/{changed}/{number}/acknowledge"
        assert browser.get(f"/r/{changed}").status_code == 404
        assert browser.post(path, data={"name": "张三"}).status_code == 404

    assert fingerprint(cottage) == before


async def test_what_comes_with_a_changed_token_is_not_even_read(cottage: House) -> None:
    await cottage.tick()

    said = cottage.client().post("/r/AAAA/1/report", headers={"content-length": str(1 << 40)})

    assert said.status_code == 404
    assert BROKEN_LINK in said.text


async def test_a_digest_leads_to_the_board_and_a_departments_letter_to_its_page(
    cottage: House,
) -> None:
    await cottage.tick()
    cottage.wind("2026-03-09T10:00")
    await cottage.tick()

    assert link(cottage, BOSS).startswith("/b/")
    assert link(cottage).startswith("/r/")


async def test_a_letter_to_the_office_leads_to_its_console(cottage: House) -> None:
    cottage.wind("2026-05-29T10:00")
    await cottage.tick()

    assert "【待确认】" in str(mails(cottage, DESK)[0]["Subject"])
    assert link(cottage, DESK) == "/o/ceshi/today"


async def test_without_an_address_letters_have_no_link(cottage: House) -> None:
    cottage.site.settings.console.url = ""

    await cottage.tick()

    said = text(mails(cottage, "liaison@shuili.ceshi.example")[0])
    assert "http" not in said
    assert "办理完成后，请直接回复本邮件" in said


async def test_letters_go_out_although_the_secret_cannot_be_read(cottage: House) -> None:
    cottage.site.__dict__.pop("secret", None)
    cottage.site.settings.console.secret_file.write_text("short", encoding="ascii")

    await cottage.tick()

    said = text(mails(cottage, "liaison@shuili.ceshi.example")[0])
    assert HOST not in said


@pytest.mark.parametrize("path", ["", "/1", "/1?do=report"])
async def test_a_link_is_told_to_nobody_and_kept_by_nobody(cottage: House, path: str) -> None:
    await cottage.tick()

    said = cottage.client().get(link(cottage) + path)

    assert said.headers["referrer-policy"] == "no-referrer"
    assert said.headers["cache-control"] == "no-store"
    assert said.headers["x-robots-tag"] == "noindex, nofollow"


async def test_a_token_is_in_no_log(cottage: House, capsys: pytest.CaptureFixture[str]) -> None:
    await cottage.tick()
    path = link(cottage)
    with cottage.site.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE assignment RENAME TO hidden")

    said = cottage.client().get(path)

    out = capsys.readouterr()
    assert said.status_code in (500, 503)
    assert "console" in out.out + out.err or "page broke" in out.out + out.err
    assert path.removeprefix("/r/") not in out.out + out.err + said.text


def test_no_token_can_be_longer_than_it_is(cottage: House) -> None:
    assert links.read(cottage.site.secret, "A" * 5000) is None
    assert cottage.client().get("/r/" + "A" * 5000).status_code == 404
