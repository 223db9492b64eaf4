"""What departments do through a link: once each, by a person, with their name, from the form shown."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from duban.account import Role
from duban.completion import Act
from state.tables import assignment, request
from tests.console.conftest import House
from tests.console.pagereader import Page
from tests.console.replying import EVENT, PLAN, do, events, fingerprint, form, link, row, state


async def test_acknowledging_moves_the_item_and_names_who_says_he_did_it(house: House) -> None:
    await house.tick()
    browser = house.client()

    said = do(browser, f"{link(house)}/{row(house)}", "acknowledge")

    (noted,) = events(house, "acknowledge")
    assert (said.status_code, state(house)) == (303, "acknowledged")
    assert (noted.actor, noted.via) == ("张三（自称，市水利局）", "link testclient")
    assert noted.letter_id is not None


async def test_the_browser_remembers_the_name_and_the_list_takes_one_click(cottage: House) -> None:
    await cottage.tick()
    browser, path = cottage.client(), link(cottage)

    browser.post(f"{path}/name", data={"name": "李四"})
    found = Page(browser.get(path).text).form(f"/{row(cottage, EVENT)}/acknowledge")
    said = browser.post(found.action, data=found.filled())

    assert said.headers["location"] == path
    assert events(cottage, "acknowledge", EVENT)[0].actor == "李四（自称，市水利局）"


@pytest.mark.parametrize(
    "name", ["", "   ", "王主任（纲要办）", "x" * 31, "<b>张三</b>", "张\u200b三"]
)
async def test_an_act_needs_a_name_that_is_one(cottage: House, name: str) -> None:
    await cottage.tick()
    page = f"{link(cottage)}/{row(cottage)}"

    said = do(cottage.client(), page, "report", name=name, text="方案已印发")

    assert said.status_code == 422
    assert "姓名" in said.text
    assert "方案已印发" in said.text
    assert state(cottage) == "notified"


async def test_the_same_form_sent_again_does_nothing_and_says_what_happened(house: House) -> None:
    await house.tick()
    browser = house.client()
    action, filled = form(browser, f"{link(house)}/{row(house)}", "report", text="方案已印发")
    browser.post(action, data=filled)
    before = fingerprint(house)

    again = browser.post(action, data=filled)

    assert again.status_code == 409
    assert "现在是“已报送”" in again.text
    assert "张三（自称，市水利局）报送" in again.text
    assert "方案已印发" in again.text
    assert fingerprint(house) == before


async def test_a_form_from_before_a_return_does_not_report_again(cottage: House) -> None:
    await cottage.tick()
    browser, page = cottage.client(), f"{link(cottage)}/{row(cottage)}"
    do(browser, page, "report", text="一")
    _decide(cottage, Act.RETURN)
    action, old = form(browser, page, "report", text="二")
    browser.post(action, data=old)
    _decide(cottage, Act.RETURN)

    again = browser.post(action, data=old)

    assert again.status_code == 409
    assert len(events(cottage, "report")) == 2


@pytest.mark.parametrize("mark", ["", "x", "é", "A" * 22])
async def test_a_form_without_its_mark_is_refused(cottage: House, mark: str) -> None:
    await cottage.tick()
    action, filled = form(cottage.client(), f"{link(cottage)}/{row(cottage)}", "acknowledge")

    said = cottage.client().post(action, data={**filled, "mark": mark})

    assert said.status_code == 409
    assert state(cottage) == "notified"


async def test_a_form_of_another_site_is_refused(cottage: House) -> None:
    await cottage.tick()
    browser = cottage.client()
    action, filled = form(browser, f"{link(cottage)}/{row(cottage)}", "acknowledge")

    said = browser.post(action, data=filled, headers={"origin": "https://evil.example"})

    assert said.status_code == 403
    assert state(cottage) == "notified"


async def test_of_fifty_at_once_one_succeeds_and_is_written_once(house: House) -> None:
    await house.tick()
    action, filled = form(house.client(), f"{link(house)}/{row(house)}", "acknowledge")
    clients = [house.client() for _ in range(50)]

    with ThreadPoolExecutor(50) as pool:
        codes = list(pool.map(lambda one: one.post(action, data=filled).status_code, clients))

    assert sorted(codes) == [303] + [409] * 49
    assert len(events(house, "acknowledge")) == 1


async def test_an_extension_waits_for_its_decision_with_everything_that_was_said(
    house: House,
) -> None:
    await house.tick()
    browser, page = house.client(), f"{link(house)}/{row(house)}"

    said = do(
        browser, page, "extension", reason="场地未定", progress="完成一半", wanted="2026-03-20"
    )

    (asked,) = _requests(house)
    assert said.status_code == 303
    assert (asked.kind, asked.state, asked.reason) == ("extension", "open", "场地未定")
    assert (asked.progress, asked.wanted.isoformat()) == ("完成一半", "2026-03-20")
    assert "申请延期，等纲要办答复" in Page(browser.get(page).text).words


async def test_a_second_request_waits_for_the_first(cottage: House) -> None:
    await cottage.tick()
    browser, page = cottage.client(), f"{link(cottage)}/{row(cottage)}"
    action, filled = form(browser, page, "not-ours", reason="应由市科协办理")
    do(browser, page, "transfer", reason="职责调整", towards="kexie")

    said = browser.post(action, data=filled)

    assert said.status_code == 409
    assert "申请转办" in said.text
    assert "应由市科协办理" in said.text
    assert len(_requests(cottage)) == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"wanted": ""}, "延到哪一天"),
        ({"wanted": "2026-03-01"}, "晚于现在的时限"),
        ({"wanted": "明天"}, "看不懂日期"),
        ({"reason": ""}, "为什么要延期"),
        ({"progress": ""}, "办到什么程度"),
        ({"reason": "长" * 1001}, "太长"),
    ],
)
async def test_a_faulty_request_comes_back_as_it_was_filled_in(
    cottage: House, fields: dict[str, str], said: str
) -> None:
    await cottage.tick()
    good = {"reason": "场地未定", "progress": "完成一半", "wanted": "2026-03-20"}
    page = f"{link(cottage)}/{row(cottage)}"

    answer = do(cottage.client(), page, "extension", **(good | fields))

    kept = Page(answer.text).form("/extension").fields
    assert answer.status_code in (409, 422)
    assert said in answer.text
    assert {name: kept[name][0] for name in good} == good | fields
    assert _requests(cottage) == []


@pytest.mark.parametrize(
    ("fields", "towards"),
    [
        ({"towards": "kexie"}, "kexie"),
        ({"person": "李四", "email": "li@shuili.ceshi.example"}, "李四 <li@shuili.ceshi.example>"),
    ],
)
async def test_an_item_is_passed_on_to_a_department_or_a_colleague(
    cottage: House, fields: dict[str, str], towards: str
) -> None:
    await cottage.tick()
    page = f"{link(cottage)}/{row(cottage)}"

    do(cottage.client(), page, "transfer", reason="职责调整", **fields)

    assert _requests(cottage)[0].towards == towards


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"towards": "shuili"},
        {"towards": "nobody"},
        {"towards": "市科协"},
        {"towards": "kexie", "person": "李四"},
        {"person": "李四"},
        {"person": "李四", "email": "li"},
        {"person": "李四" * 50, "email": "li@shuili.ceshi.example"},
    ],
)
async def test_passing_on_needs_somebody_else(cottage: House, fields: dict[str, str]) -> None:
    await cottage.tick()
    page = f"{link(cottage)}/{row(cottage)}"

    said = do(cottage.client(), page, "transfer", reason="职责调整", **fields)

    assert said.status_code == 422
    assert _requests(cottage) == []


async def test_what_only_has_to_be_known_asks_for_no_report(cottage: House) -> None:
    await cottage.tick()

    page = Page(cottage.client().get(f"{link(cottage)}/{row(cottage, EVENT)}").text)

    acts = [one.action.rpartition("/")[2] for one in page.forms]
    assert "report" not in acts
    assert "acknowledge" in acts


async def test_the_whole_way_from_notice_to_done(house: House) -> None:
    await house.tick()
    browser, page = house.client(), f"{link(house)}/{row(house)}"

    do(browser, page, "acknowledge")
    do(browser, page, "report", text="第一稿")
    _decide(house, Act.RETURN)
    do(browser, page, "report", text="第二稿")
    _decide(house, Act.COMPLETE)

    shown = Page(browser.get(page).text)
    assert state(house) == "completed"
    assert shown.forms == []
    assert all(words in shown.words for words in ("第一稿", "第二稿", "退回", "办结"))


async def test_the_console_gives_out_no_page_for_the_links_session(cottage: House) -> None:
    await cottage.tick()
    browser = cottage.browser(Role.SECRETARIAT)

    do(browser, f"{link(cottage)}/{row(cottage)}", "acknowledge")

    assert events(cottage, "acknowledge")[0].actor == "张三（自称，市水利局）"


def _decide(house: House, act: Act) -> None:
    from state import assignments

    desk, _ = house.site.desk("ceshi")
    with house.site.database.writing() as connection:
        assignments.act(
            connection,
            desk,
            PLAN,
            act,
            at=house.now,
            today=house.now.date(),
            actor="王主任",
            via="console 10.0.0.8",
        )


def _requests(house: House) -> list[object]:
    query = select(request).join(assignment, assignment.c.id == request.c.assignment_id)
    with house.site.database.reading() as connection:
        return list(connection.execute(query.where(assignment.c.key == PLAN)))
