"""The account as auditors read it."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import insert, update
from starlette.testclient import TestClient

from duban.account import Role
from duban.completion import Act
from flows.sealing import run
from state import assignments, erasure
from state.notes import note_act
from state.tables import assignment, event
from tests.console.conftest import OFFICE, House
from tests.console.pagereader import Page

ITEM = "ceshi/shui/2026/plan/shuili"
AUDIT, TABLE = f"/o/{OFFICE}/audit", f"/o/{OFFICE}/audit.csv"


def act(house: House, actor: str, reason: str, doing: Act = Act.REPORT) -> None:
    desk, _ = house.site.desk(OFFICE)
    with house.site.database.writing() as connection:
        assignments.act(
            connection,
            desk,
            ITEM,
            doing,
            at=house.now,
            today=house.now.date(),
            actor=actor,
            reason=reason,
            via="link 10.0.0.8",
        )


def note(house: House, act: str, actor: str, reason: str = "", office: str = OFFICE) -> None:
    with house.site.database.writing() as connection:
        note_act(connection, office, act, actor, "console 10.0.0.9", reason, house.now)


def auditor(house: House, *offices: str) -> TestClient:
    return house.browser(Role.AUDITOR, offices=offices)


def rows(browser: TestClient, query: str = "") -> list[dict[str, str]]:
    said = browser.get(f"{TABLE}?{query}")
    assert said.status_code == 200
    return list(csv.DictReader(io.StringIO(said.content.decode("utf-8-sig"))))


def test_a_line_says_who_did_what_to_which_item_from_where(house: House) -> None:
    act(house, "张三（自称，市水利局）", "材料见附件")

    words = Page(auditor(house).get(AUDIT).text).words

    facts = [
        "报送",
        "世界水日 · 方案报送",
        "市水利局",
        "张三（自称，市水利局）",
        "信中链接 10.0.0.8",
    ]
    assert [fact for fact in [*facts, "材料见附件", "待通知 → 已报送"] if fact not in words] == []


def test_the_newest_line_stands_first(house: House) -> None:
    for number in range(3):
        note(house, "account", f"第{number}人")

    words = Page(auditor(house).get(f"{AUDIT}?act=account").text).words

    assert words.index("第2人") < words.index("第1人") < words.index("第0人")


def test_older_lines_are_a_page_further_and_none_is_left_out(house: House) -> None:
    for number in range(120):
        note(house, "account", f"第{number:03}人")
    browser, path, seen = auditor(house), f"{AUDIT}?act=account", []

    while path:
        page = Page(browser.get(path).text)
        seen += [word for word in page.words.split() if word.endswith("人") and word[0] == "第"]
        path = next((to for to, word in page.links.items() if word.strip() == "更早的"), "")

    assert seen == [f"第{number:03}人" for number in reversed(range(120))]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("act=report", 1),
        ("actor=张三", 1),
        ("actor=%25", 0),
        ("item=ceshi/shui/2026/plan", 1),
        ("item=方案", 1),
        ("since=2026-03-02&until=2026-03-02", 1),
        ("since=2026-03-03", 0),
        ("until=2026-03-01", 0),
    ],
)
def test_filters_narrow(house: House, query: str, found: int) -> None:
    house.wind("2026-03-02T00:00")
    act(house, "张三（自称）", "x")

    assert (
        len(rows(auditor(house), f"{query}&actor=张三" if "actor" not in query else query)) == found
    )


def test_an_export_has_every_line_of_the_filter(cottage: House) -> None:
    many = [
        {"at": cottage.now, "office": OFFICE, "act": "account", "actor": f"{number}号"}
        for number in range(2500)
    ]
    with cottage.site.database.writing() as connection:
        connection.execute(insert(event), many)

    found = rows(auditor(cottage), "act=account")

    assert [row["办理人"] for row in found] == [f"{number}号" for number in reversed(range(2500))]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u200b=1", "＝1", "\x1b=1"]
)
def test_no_cell_of_an_export_is_a_formula(cottage: House, text: str) -> None:
    note(cottage, "account", text, text)

    (row,) = rows(auditor(cottage), "act=account")

    assert {cell[:1] for cell in (row["办理人"], row["说明"])} == {"'"}


def test_the_head_of_the_chain_and_what_waits_are_shown(cottage: House) -> None:
    browser = auditor(cottage)
    before = Page(browser.get(AUDIT).text).words
    run(cottage.site, cottage.now)
    note(cottage, "account", "某人")

    after = Page(browser.get(AUDIT).text).words

    assert "还没有封存过" in before
    assert "已封存至第 1 号（2026-03-02 10:00）" in after
    assert "还有 1 条等待封存" in after


def test_log_ins_are_shown_to_auditors_of_the_whole_site_only(cottage: House) -> None:
    note(cottage, "login", "某人", office="")

    everywhere = rows(auditor(cottage), "site=1")
    here = rows(cottage.browser(Role.AUDITOR, login="x", offices=(OFFICE,)), "site=1")

    assert [row["动作"] for row in everywhere] == ["登录"]
    assert "登录" not in {row["动作"] for row in here}


@pytest.mark.parametrize("query", ["since=2026-13-01", "until=x", "since=9999-12-31"])
def test_a_day_that_cannot_be_read_is_told(cottage: House, query: str) -> None:
    said = auditor(cottage).get(f"{AUDIT}?{query}")

    assert said.status_code == 422
    assert "日期" in said.text


@pytest.mark.parametrize("query", ["before=x", "before=-1", "before=99999999999999999999", "act=x"])
def test_nonsense_in_the_address_breaks_nothing(cottage: House, query: str) -> None:
    assert auditor(cottage).get(f"{AUDIT}?{query}").status_code == 200


def test_an_erased_line_says_so(cottage: House) -> None:
    note(cottage, "account", "张三丰", "家里有事")
    run(cottage.site, cottage.now)
    keys = cottage.site.secret.derived("seal")
    with cottage.site.database.writing() as connection:
        erasure.erase(connection, ["张三丰"], keys, at=cottage.now + timedelta(365))

    words = Page(auditor(cottage).get(f"{AUDIT}?act=account").text).words

    assert "应本人请求，内容已删除" in words
    assert "张三丰" not in words


async def test_an_erased_letter_is_still_in_the_outbox_and_says_what_became_of_it(
    cottage: House,
) -> None:
    await cottage.tick()
    run(cottage.site, cottage.now)
    address = "liaison@shuili.ceshi.example"
    with cottage.site.database.writing() as connection:
        connection.execute(update(assignment).values(state="completed"))
        keys = cottage.site.secret.derived("seal")
        erasure.erase(connection, [address], keys, at=cottage.now + timedelta(365))
    browser = cottage.browser(Role.SECRETARIAT)

    page = Page(browser.get(f"/o/{OFFICE}/outbox?words=erased").text)
    (letter,) = (to for to in page.links if to.startswith(f"/o/{OFFICE}/outbox/"))
    said = Page(browser.get(letter).text).words

    assert "应本人请求，内容已删除" in said
    assert address not in said
