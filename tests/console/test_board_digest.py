"""The link of a digest opens exactly what the digest said, beside how it stands now."""

import re

from sqlalchemy import select

from adapters.catcher import read_mails
from duban.account import Role
from duban.completion import Act
from state.tables import event, letter
from tests.books import book, contact
from tests.console.conftest import House, people
from tests.console.pagereader import Page
from tests.console.test_board import PLAN, act

BOSS = "boss@kx.ceshi.example"
HEAD = "head@shuili.ceshi.example"


async def link(house: House) -> str:
    """The digest of 9 March: the plan of 6 March is overdue."""
    await house.tick()
    house.wind("2026-03-09T10:00")
    await house.tick()
    folder = house.site.settings.path(house.site.settings.mail.folder)
    mail = [one for one in read_mails(folder) if one.recipient == BOSS][-1]
    found = re.search(r"/b/[\w-]+", mail.part("plain"))
    assert found, mail.part("plain")
    return found[0]


async def test_it_shows_what_was_said_without_a_log_in(house: House) -> None:
    path = await link(house)

    said = Page(house.client().get(path).text).words

    assert "1 项工作逾期，涉及 1 个部门" in said
    assert "2026年3月6日（星期五）" in said
    assert "已逾期 1 个工作日 已通知 已通知 红灯" in said


async def test_what_happened_since_stands_beside_what_was_said(house: House) -> None:
    path = await link(house)
    house.wind("2026-03-10T10:00")
    act(house, PLAN, Act.REPORT)

    said = Page(house.client().get(path).text).words

    assert "已通知 已报送 绿灯" in said


async def test_it_changes_nothing(house: House) -> None:
    path = await link(house)
    with house.site.database.reading() as connection:
        before = len(connection.execute(select(event.c.id)).all())

    for method in ("GET", "HEAD", "POST"):
        house.client().request(method, path)

    with house.site.database.reading() as connection:
        assert len(connection.execute(select(event.c.id)).all()) == before


async def test_it_leads_to_the_whole_board_behind_the_log_in(cottage: House) -> None:
    path = await link(cottage)

    page = Page(cottage.client().get(path).text)

    assert page.links["/o/ceshi/board"] == "登录看完整看板"
    assert cottage.browser(Role.MANAGER).get("/o/ceshi/board").status_code == 200


async def test_the_link_of_another_letter_opens_no_digest(house: House) -> None:
    path = await link(house)
    folder = house.site.settings.path(house.site.settings.mail.folder)
    texts = [one.part("plain") for one in read_mails(folder)]
    replies = re.findall(r"/r/([\w-]+)", "".join(texts))

    answers = [house.client().get(f"/b/{token}") for token in replies]

    assert path
    assert {one.status_code for one in answers} == {404}


async def test_a_revoked_link_opens_nothing(house: House) -> None:
    path = await link(house)
    with house.site.database.reading() as connection:
        query = select(letter.c.id).where(letter.c.recipient == BOSS)
        number = connection.scalars(query).all()[-1]
    browser = house.browser(Role.SECRETARIAT)
    form = Page(browser.get(f"/o/ceshi/outbox/{number}").text).form("/revoke")

    browser.post(form.action, data=form.filled())

    assert house.client().get(path).status_code == 410


async def test_it_tells_the_rate_that_the_letter_told(house: House) -> None:
    path = await link(house)
    house.wind("2026-03-10T10:00")
    act(house, PLAN, Act.REPORT)

    said = Page(house.client().get(path).text).words

    assert "3月2日至3月8日应报送 1 项，按时 0 项，按时率 0%" in said


async def test_the_link_of_a_heads_account_shows_his_department_alone(house: House) -> None:
    head = contact("市水利局", HEAD, "分管领导")
    house.apply(book(contacts=[*people(), head]))
    await house.tick()
    house.wind("2026-04-01T10:00")
    await house.tick()
    folder = house.site.settings.path(house.site.settings.mail.folder)
    mails = [one for one in read_mails(folder) if one.recipient == HEAD]
    found = re.search(r"/b/[\w-]+", mails[-1].part("plain"))
    assert found, mails[-1].part("plain")

    said = Page(house.client().get(found[0]).text).words

    assert "月度清单" in said
    assert "3月1日至3月31日应报送 1 项，按时 0 项" in said
    assert "市水利局" in said
    assert "市科协" not in said
