"""The outbox: what became of each letter, and the brakes of the post."""

import re
import shutil

import pytest
from sqlalchemy import insert, select, update
from starlette.testclient import TestClient

from duban.account import Role
from state import servers
from state.tables import delivery, event, letter, letter_body
from tests.console.conftest import House
from tests.console.pagereader import Page

OUTBOX = "/o/ceshi/outbox"
LIAISON = "liaison@shuili.ceshi.example"


async def letters(house: House) -> dict[str, int]:
    """A morning's letters: number by recipient."""
    await house.tick()
    with house.site.database.reading() as connection:
        rows = connection.execute(select(letter.c.recipient, letter.c.id))
        return {row.recipient: row.id for row in rows}


def subjects(browser: TestClient, query: str = "") -> list[str]:
    links = Page(browser.get(f"{OUTBOX}?{query}").text).links
    return [words for link, words in links.items() if re.fullmatch(rf"{OUTBOX}/\d+", link)]


def mark(house: House, number: int, **values: object) -> None:
    with house.site.database.writing() as connection:
        connection.execute(update(delivery).where(delivery.c.letter_id == number).values(**values))


def acts(house: House) -> list[tuple[str, str, str]]:
    with house.site.database.reading() as connection:
        rows = connection.execute(
            select(event.c.act, event.c.actor, event.c.via).where(event.c.via != "")
        )
        return [(row.act, row.actor, row.via) for row in rows]


async def test_letters_are_listed_the_newest_first(house: House) -> None:
    sent = await letters(house)

    links = Page(house.browser(Role.MANAGER).get(OUTBOX).text).links

    numbers = [int(link.rpartition("/")[2]) for link in links if re.search(r"outbox/\d+$", link)]
    assert numbers == sorted(sent.values(), reverse=True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("words=shuili", True),
        ("words=市水利局", True),
        ("words=100%25", False),
        ("state=failed", True),
        ("state=queued", False),
        ("doubtful=1", True),
        ("since=2026-03-02&until=2026-03-02", True),
        ("since=2026-03-03", False),
        ("until=2026-03-01", False),
    ],
)
async def test_filters_leave_what_they_ask_for(house: House, query: str, found: bool) -> None:
    sent = await letters(house)
    mark(house, sent[LIAISON], state="failed", reply="550 没有这个人", possible_duplicates=1)

    said = house.browser(Role.MANAGER).get(f"{OUTBOX}?{query}").text

    assert (f"{OUTBOX}/{sent[LIAISON]}" in said) is found


def test_a_day_that_cannot_be_read_is_said_beside_it(cottage: House) -> None:
    said = cottage.browser(Role.MANAGER).get(f"{OUTBOX}?since=2026-13-01&words=x").text

    assert "看不懂日期“2026-13-01”" in said
    assert Page(said).forms[-1].fields["words"] == ["x"]


async def test_more_than_a_page_is_turned_by_numbers(house: House) -> None:
    sent = await letters(house)
    copy_letters(house, sent[LIAISON], 70)
    browser = house.browser(Role.MANAGER)

    first = browser.get(OUTBOX).text
    older = next(link for link, words in Page(first).links.items() if words == "更早的")
    second = subjects(browser, older.partition("?")[2])

    assert len(subjects(browser)) == 50
    assert len(second) == 70 + len(sent) - 50


def copy_letters(house: House, number: int, many: int) -> None:
    with house.site.database.writing() as connection:
        row = connection.execute(select(letter).where(letter.c.id == number)).one()._mapping
        how = connection.execute(select(delivery).where(delivery.c.letter_id == number)).one()
        for one in range(1000, 1000 + many):
            own = {"id": one, "key": f"k{one}", "message_id": f"<{one}@x.example>"}
            connection.execute(insert(letter).values({**row, **own}))
            connection.execute(insert(delivery).values({**how._mapping, "letter_id": one}))


async def test_a_letter_shows_its_items_and_what_the_server_said(house: House) -> None:
    sent = await letters(house)
    mark(house, sent[LIAISON], state="failed", reply="550 没有这个人")

    said = Page(house.browser(Role.MANAGER).get(f"{OUTBOX}/{sent[LIAISON]}").text).words

    assert "没有寄到：550 没有这个人" in said
    assert "世界水日 方案报送" in said


async def test_the_letter_itself_is_shown_in_a_frame_that_may_do_nothing(house: House) -> None:
    sent = await letters(house)
    browser = house.browser(Role.MANAGER)

    page = browser.get(f"{OUTBOX}/{sent[LIAISON]}").text
    itself = browser.get(f"{OUTBOX}/{sent[LIAISON]}/html")

    assert re.search(rf'<iframe[^>]+{sent[LIAISON]}/html" sandbox', page)
    assert "世界水日" in itself.text
    policy = itself.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert policy.endswith("sandbox")


async def test_whoever_only_looks_is_not_given_the_key_of_a_link(house: House) -> None:
    sent = await letters(house)
    browser, number = house.browser(Role.MANAGER), sent[LIAISON]
    with house.site.database.reading() as connection:
        mime = connection.scalar(
            select(letter_body.c.mime).where(letter_body.c.letter_id == number)
        )

    shown = browser.get(f"{OUTBOX}/{number}").text + browser.get(f"{OUTBOX}/{number}/html").text

    assert mime is not None
    assert "/r/…" in shown
    assert not re.search(r"/r/[A-Za-z0-9_-]{10}", shown)
    assert browser.get(f"{OUTBOX}/{number}/eml").status_code == 403


async def test_the_secretariat_may_have_the_very_bytes(house: House) -> None:
    sent = await letters(house)

    said = house.browser(Role.SECRETARIAT).get(f"{OUTBOX}/{sent[LIAISON]}/eml")

    with house.site.database.reading() as connection:
        query = select(letter_body.c.mime).where(letter_body.c.letter_id == sent[LIAISON])
        assert said.content == connection.scalar(query)
    assert said.headers["Content-Disposition"].startswith("attachment")


def test_a_letter_that_does_not_exist_is_not_found(cottage: House) -> None:
    browser = cottage.browser(Role.SECRETARIAT)

    answers = [
        browser.get(f"{OUTBOX}/{n}{end}") for n in ("99", "x") for end in ("", "/html", "/eml")
    ]

    assert {one.status_code for one in answers} == {404}


def stop(house: House) -> None:
    with house.site.database.writing() as connection:
        servers.stop(connection, "catch", at=house.now, reason="一小时内已寄出 2000 封")


def test_a_stopped_post_says_why_and_is_released_once(house: House) -> None:
    stop(house)
    browser = house.browser(Role.SECRETARIAT, login="zhang")
    form = Page(browser.get(OUTBOX).text).form("/release")

    first = browser.post(form.action, data=form.filled())
    again = browser.post(form.action, data=form.filled())

    assert (first.status_code, again.status_code) == (303, 409)
    assert "发信已停" not in browser.get(OUTBOX).text
    assert [act for act, *_ in acts(house)] == ["release"]


def test_whoever_only_looks_sees_the_stop_and_has_no_button(cottage: House) -> None:
    stop(cottage)

    said = cottage.browser(Role.MANAGER).get(OUTBOX).text

    assert "一小时内已寄出 2000 封" in said
    assert not [form for form in Page(said).forms if form.action.endswith("/release")]


async def test_a_copied_database_is_confirmed_by_a_person_who_has_looked(house: House) -> None:
    await letters(house)
    shutil.rmtree(house.site.settings.seats)
    browser = house.browser(Role.SECRETARIAT)
    form = Page(browser.get(OUTBOX).text).form("/confirm")

    unsure = browser.post(form.action, data=form.filled())
    sure = browser.post(form.action, data=form.filled(sure="yes"))
    again = browser.post(form.action, data=form.filled(sure="yes"))

    assert (unsure.status_code, sure.status_code, again.status_code) == (422, 303, 409)
    assert "本机不发信" not in browser.get(OUTBOX).text


async def test_a_revoked_link_opens_nothing_and_is_revoked_once(house: House) -> None:
    sent = await letters(house)
    page = f"{OUTBOX}/{sent[LIAISON]}"
    browser = house.browser(Role.SECRETARIAT, login="zhang")
    form = Page(browser.get(page).text).form("/revoke")

    first = browser.post(form.action, data=form.filled())
    again = browser.post(form.action, data=form.filled())

    assert (first.status_code, again.status_code) == (303, 409)
    assert "这封信的链接已经停用" in browser.get(page).text
    assert acts(house) == [("revoke", "zhang同志（zhang）", "console testclient")]


async def test_all_links_of_a_recipient_are_revoked_together(house: House) -> None:
    sent = await letters(house)
    page = f"{OUTBOX}/{sent[LIAISON]}"
    browser = house.browser(Role.SECRETARIAT)
    form = Page(browser.get(page).text).forms[-1]

    said = browser.post(form.action, data=form.filled())

    assert said.status_code == 303
    assert "已停用寄给 liaison@shuili.ceshi.example 的 1 封信的链接" in browser.get(page).text
