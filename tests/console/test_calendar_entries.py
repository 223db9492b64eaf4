"""Activities, contacts and holidays by forms: YAML is written for those who write none."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from duban.account import Role
from state import tables
from tests.console.estate import CALENDAR, OFFICE, YEAR_FILE, Estate, make_estate
from tests.console.pagereader import Page
from tests.notices import NOTICES, framed
from tests.sites import CONTACTS, OBSERVANCES, YEAR

NEW = f"{CALENDAR}/entry?year=2026"
WATER = f"{CALENDAR}/entry?year=2026&activity=世界水日"
SHUI = f"{OFFICE}/departments/shui"
LI = f"{SHUI}?contact=li@shui.cq.example"
CONTACT_FILE = "config/contacts/cq.yaml"


@pytest.fixture
def estate(database_url: str, tmp_path: Path) -> Iterator[Estate]:
    yield from make_estate(database_url, tmp_path)


@pytest.fixture
def farm(migrated_file: Path, tmp_path: Path) -> Iterator[Estate]:
    file = tmp_path / "duban.db"
    file.write_bytes(migrated_file.read_bytes())
    yield from make_estate(f"sqlite:///{file}", tmp_path)


def mailed(estate: Estate) -> dict[str, str]:
    """Subject by recipient."""
    with estate.house.site.database.reading() as connection:
        rows = connection.execute(select(tables.letter.c.recipient, tables.letter.c.subject))
        return {row.recipient: row.subject for row in rows}


async def test_an_activity_added_by_the_form_is_noticed_in_the_next_tick(estate: Estate) -> None:
    shown = estate.send(
        estate.page(NEW),
        "/entry",
        activity="植树行动",
        rule="4月1日",
        lead="市教委",
        support="市科协",
        choice="day",
    )
    said = estate.confirm(shown)
    await estate.house.tick()

    assert "新增" in Page(shown.text).words
    assert said.status_code == 303
    assert "植树行动" in mailed(estate)["wang@jiao.cq.example"]
    assert estate.text(YEAR_FILE).startswith(YEAR)
    assert estate.text("calendar/observances.yaml").startswith(OBSERVANCES)


def test_the_form_shows_what_the_file_says(farm: Estate) -> None:
    fields = farm.page(WATER).form("/entry").fields

    assert fields["activity"] == ["世界水日"]
    assert fields["support"] == ["市科协、市教委"]
    assert fields["choice"] == ["day"]


def test_another_lead_changes_one_line(farm: Estate) -> None:
    farm.confirm(farm.send(farm.page(WATER), "/entry", lead="市教委", support="市科协"))

    assert farm.text(YEAR_FILE) == YEAR.replace("lead: 市水利局", "lead: 市教委").replace(
        "support: 市科协、市教委", "support: 市科协"
    )


def test_a_local_date_moves_what_follows_from_it(farm: Estate) -> None:
    shown = farm.send(
        farm.page(WATER), "/entry", start="2026-04-20", end="2026-04-21", source="渝发〔2026〕1号"
    )
    farm.confirm(shown)

    assert "改期" in Page(shown.text).words
    assert "start: 2026-04-20" in farm.text(YEAR_FILE)


def test_steps_of_its_own_get_ids_and_keep_them(farm: Estate) -> None:
    page = farm.page(f"{CALENDAR}/entry?year=2026&activity=全国低碳日")
    form = page.form("/entry")
    fields = form.filled()
    fields["step-name"][1], fields["step-due"][1] = "总结报送", "结束后60天"
    fields["step-who"], fields["step-answer"] = ["全部"] * 7, ["报送"] * 7

    farm.confirm(farm.browser.post(form.action, data=fields))

    text = farm.text(YEAR_FILE)
    assert "{id: report, name: 情况报送, due: 6月30日12:00}" in text
    assert "{id: s1, name: 总结报送, due: 结束后60天}" in text


def test_an_activity_is_taken_out_and_its_items_withdrawn(farm: Estate) -> None:
    form = next(one for one in farm.page(WATER).forms if one.action.endswith("/entry"))
    shown = farm.browser.post(f"{form.action}/remove", data=form.filled())

    farm.confirm(shown)

    assert "撤销" in Page(shown.text).words
    assert "世界水日" not in farm.text(YEAR_FILE)


def test_what_is_wrong_in_the_form_comes_back_filled_in(farm: Estate) -> None:
    said = farm.send(farm.page(NEW), "/entry", activity="世界水曰", lead="市火利局", choice="day")

    page = Page(said.text)
    assert said.status_code == 422
    assert "市火利局" in page.words
    assert 'aria-describedby="lead-wrong"' in said.text
    assert page.form("/entry").fields["activity"] == ["世界水曰"]
    assert page.form("/entry").fields["lead"] == ["市火利局"]
    assert farm.text(YEAR_FILE) == YEAR


def test_a_day_that_cannot_be_read_comes_back_beside_its_field(farm: Estate) -> None:
    said = farm.send(
        farm.page(NEW),
        "/entry",
        activity="世界水日",
        lead="市水利局",
        choice="day",
        start="2026/5/23",
    )

    assert said.status_code == 422
    assert 'aria-describedby="start-wrong"' in said.text
    assert Page(said.text).form("/entry").fields["start"] == ["2026/5/23"]
    assert Page(said.text).form("/entry").fields["lead"] == ["市水利局"]


def test_a_contact_with_a_day_that_cannot_be_read_comes_back(farm: Estate) -> None:
    said = farm.send(farm.page(LI), "/contact", since="5月23日", name="李新")

    assert said.status_code == 422
    assert 'aria-describedby="since-wrong"' in said.text
    assert Page(said.text).form("/contact").fields["name"] == ["李新"]


def test_a_rule_that_cannot_be_read_is_told(farm: Estate) -> None:
    said = farm.send(
        farm.page(NEW), "/entry", activity="植树行动", rule="春天", lead="市教委", choice="day"
    )

    assert said.status_code == 422
    assert "春天" in Page(said.text).words


def test_an_account_of_one_office_adds_known_activities_only(farm: Estate) -> None:
    farm.browser = farm.house.browser(Role.SECRETARIAT, login="district", offices=("cq",))
    new = {"lead": "市教委", "choice": "day"}

    known = farm.send(farm.page(NEW), "/entry", activity="全国科普月", **new)
    own = farm.send(farm.page(NEW), "/entry", activity="植树行动", rule="4月1日", **new)

    assert (known.status_code, own.status_code) == (200, 403)


def test_the_list_shows_dates_with_their_certainty(farm: Estate) -> None:
    words = farm.page(f"{CALENDAR}/entries?year=2026").words

    assert "2026年3月22日（星期日） 规则推算" in words


# --- people ---


async def test_a_new_address_gets_the_next_letter(estate: Estate) -> None:
    shown = estate.send(estate.page(LI), "/contact", email="new@shui.cq.example", name="李新")
    estate.confirm(shown)

    await estate.house.tick()

    assert "new@shui.cq.example" in mailed(estate)
    assert "li@shui.cq.example" not in mailed(estate)
    assert estate.text(CONTACT_FILE) == CONTACTS.replace("李四", "李新").replace(
        "li@shui", "new@shui"
    )


async def test_a_substitute_gets_the_mail_of_somebody_on_leave(estate: Estate) -> None:
    estate.confirm(
        estate.send(
            estate.page(SHUI), "/contact", name="钱七", email="qian@shui.cq.example", role="AB岗"
        )
    )
    form = estate.page(LI).form("/contact")
    fields = form.filled()
    fields["from"][0], fields["to"][0] = "2026-03-01", "2026-03-10"
    estate.confirm(estate.browser.post(form.action, data=fields))

    await estate.house.tick()

    assert "qian@shui.cq.example" in mailed(estate)
    assert "li@shui.cq.example" not in mailed(estate)
    assert "请假到2026年3月10日" in estate.page(SHUI).words


def test_an_address_that_is_none_comes_back_with_the_reason(farm: Estate) -> None:
    said = farm.send(farm.page(SHUI), "/contact", name="钱七", email="钱七", role="联络员")

    page = Page(said.text)
    assert said.status_code == 422
    assert 'aria-describedby="email-wrong"' in said.text
    assert page.form("/contact").fields["email"] == ["钱七"]
    assert farm.text(CONTACT_FILE) == CONTACTS


def test_a_contact_is_taken_out(farm: Estate) -> None:
    form = farm.page(f"{OFFICE}/departments/@office?contact=zhao@kx.cq.example").form("/contact")

    said = farm.browser.post(f"{form.action}/remove", data=form.filled())

    assert farm.confirm(said).status_code == 303
    assert "赵六" not in farm.text(CONTACT_FILE)


def test_a_department_ends(farm: Estate) -> None:
    shown = farm.send(farm.page(f"{OFFICE}/departments/kexie"), "/validity", until="2026-03-31")
    farm.confirm(shown)

    assert "until: 2026-03-31" in farm.text("config/departments/cq.yaml")


def test_a_returned_letter_and_silence_are_shown(estate: Estate) -> None:
    with estate.house.site.database.writing() as connection:
        for n, (who, state) in enumerate(
            [("li@shui", "failed"), *[("wang@jiao", "accepted")] * 3, ("zhang@kx", "accepted")]
        ):
            number = connection.execute(
                tables.letter.insert().values(
                    key=f"k{n}",
                    office="cq",
                    day=estate.house.now.date(),
                    kind="notice",
                    recipient=f"{who}.cq.example",
                    recipient_name="某",
                    departments="",
                    subject="通知",
                    message_id=f"<{n}@kx>",
                    written_at=estate.house.now,
                )
            ).inserted_primary_key[0]
            connection.execute(
                tables.delivery.insert().values(
                    letter_id=number,
                    office="cq",
                    state=state,
                    try_at=estate.house.now,
                    reply="550 no such user" if state == "failed" else None,
                )
            )

    assert "退信" in estate.page(SHUI).words
    assert "550 no such user" in estate.page(SHUI).words
    assert "半年没有动静" in estate.page(f"{OFFICE}/departments/jiao").words
    assert "半年没有动静" not in estate.page(f"{OFFICE}/departments/kexie").words


def test_who_answered_by_another_way_than_a_link_is_not_silent(estate: Estate) -> None:
    test_a_returned_letter_and_silence_are_shown(estate)
    with estate.house.site.database.writing() as connection:
        mine = tables.assignment.c.department == "jiao"
        item = connection.scalar(select(tables.assignment.c.id).where(mine))
        said = {"assignment_id": item, "act": "report", "actor": "李经办", "office": "cq"}
        connection.execute(tables.event.insert().values(at=estate.house.now, **said))

    assert "半年没有动静" not in estate.page(f"{OFFICE}/departments/jiao").words


def test_managers_look_and_change_nothing(farm: Estate) -> None:
    manager = farm.house.browser(Role.MANAGER)

    page = Page(manager.get(SHUI).text)

    assert "李四" in page.words
    assert [form.action for form in page.forms if "departments" in form.action] == []
    assert manager.get(f"{OFFICE}/departments").status_code == 200


def test_a_department_that_is_not_there_is_not_found(farm: Estate) -> None:
    assert farm.browser.get(f"{OFFICE}/departments/nobody").status_code == 404


# --- holidays ---


def test_a_notice_with_faults_comes_back_with_them(farm: Estate) -> None:
    said = farm.send(farm.page(f"{CALENDAR}/workdays"), "/workdays", text="二、春节：放假。")

    assert said.status_code == 422
    assert Page(said.text).form("/workdays").fields["text"] == ["二、春节：放假。"]


def test_a_notice_is_read_shown_and_applied(estate: Estate) -> None:
    shown = estate.send(
        estate.page(f"{CALENDAR}/workdays"), "/workdays", text=framed(2025, *NOTICES[2025])
    )
    said = estate.confirm(shown)

    assert "读懂的 2025 年放假安排" in Page(shown.text).words
    assert "2025-01-26" in Page(shown.text).words
    assert said.status_code == 303
    assert "国庆节" in estate.text("calendar/workdays/2025.yaml")


def test_holidays_are_shared_and_not_for_one_office(farm: Estate) -> None:
    farm.browser = farm.house.browser(Role.SECRETARIAT, login="district", offices=("cq",))
    token = farm.page(f"{OFFICE}/departments").forms[0].fields["token"]

    said = farm.browser.post(
        f"{CALENDAR}/workdays", data={"token": token, "text": framed(2025, *NOTICES[2025])}
    )

    assert said.status_code == 403
