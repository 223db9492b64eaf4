"""Files of the calendar in the console: faults at their lines, a diff, an apply, a way back."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from duban.account import Role
from state import tables
from tests.console.estate import CALENDAR, OFFICE, YEAR_FILE, Estate, make_estate
from tests.console.pagereader import Page
from tests.sites import DEPARTMENTS, YEAR


@pytest.fixture
def estate(database_url: str, tmp_path: Path) -> Iterator[Estate]:
    yield from make_estate(database_url, tmp_path)


@pytest.fixture
def farm(migrated_file: Path, tmp_path: Path) -> Iterator[Estate]:
    """The same on SQLite alone."""
    file = tmp_path / "duban.db"
    file.write_bytes(migrated_file.read_bytes())
    yield from make_estate(f"sqlite:///{file}", tmp_path)


def test_the_overview_lists_the_files_of_the_office_and_the_shared_ones(farm: Estate) -> None:
    words = farm.page(CALENDAR).words

    assert YEAR_FILE in words
    assert "config/offices.yaml" in words
    assert "王主任" in words
    assert "有改动未应用" not in words


def test_a_fault_is_told_at_its_line_with_a_suggestion(farm: Estate) -> None:
    said = farm.edit(YEAR_FILE, YEAR.replace("lead: 市水利局", "laed: 市水利局"))

    assert said.status_code == 422
    assert "第 5 行" in Page(said.text).words
    assert "<mark>5      laed: 市水利局</mark>" in said.text
    assert "是不是“lead”" in Page(said.text).words
    assert farm.text(YEAR_FILE) == YEAR


def test_a_rejected_text_comes_back_as_it_was_typed(farm: Estate) -> None:
    typed = "\n\n" + YEAR.replace("steps: day", "steps: dya")

    said = farm.edit(YEAR_FILE, typed)

    assert Page(said.text).form("/check").fields["text"] == [typed]


def test_a_change_is_shown_confirmed_and_in_force(estate: Estate) -> None:
    shown = estate.edit(YEAR_FILE, YEAR.replace("6月30日12:00", "7月10日12:00"))
    said = estate.confirm(shown)

    words = Page(shown.text).words
    assert "改期 3 项" in words
    assert "2026年7月10日" in words
    assert said.status_code == 303
    assert "7月10日12:00" in estate.text(YEAR_FILE)
    with estate.house.site.database.reading() as connection:
        asked = tables.assignment.c
        dates = connection.scalars(
            select(asked.due).where(asked.step == "report", asked.activity == "carbon-day")
        )
        assert {day.isoformat() for day in dates} == {"2026-07-10"}


def test_the_account_names_who_applied_it_and_from_where(estate: Estate) -> None:
    estate.confirm(estate.edit(YEAR_FILE, YEAR.replace("6月30日12:00", "7月10日12:00")))

    with estate.house.site.database.reading() as connection:
        rows = connection.execute(select(tables.event).where(tables.event.c.via != "")).all()
    assert {row.act for row in rows} == {"moved", "apply"}
    assert {row.via for row in rows} == {"console testclient"}
    assert {row.actor for row in rows} == {"secretariat同志（secretariat）"}


def test_nothing_is_written_before_it_is_confirmed(farm: Estate) -> None:
    farm.edit(YEAR_FILE, YEAR.replace("6月30日12:00", "7月10日12:00"))

    assert farm.text(YEAR_FILE) == YEAR
    assert "有改动未应用" not in farm.page(CALENDAR).words


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(farm: Estate) -> None:
    shown = farm.edit(YEAR_FILE, YEAR.replace("6月30日12:00", "7月10日12:00"))
    (farm.home / YEAR_FILE).write_text(YEAR + "# 别人加的\n", "utf-8")

    said = farm.confirm(shown)

    assert said.status_code == 409
    assert "别人改过" in Page(said.text).words
    assert "7月10日12:00" in said.text
    assert farm.text(YEAR_FILE) == YEAR + "# 别人加的\n"


def test_a_confirmation_that_is_repeated_changes_nothing(farm: Estate) -> None:
    shown = farm.edit(YEAR_FILE, YEAR.replace("6月30日12:00", "7月10日12:00"))
    farm.confirm(shown)

    assert farm.confirm(shown).status_code == 409


def test_a_result_that_is_another_than_was_shown_is_shown_again(farm: Estate) -> None:
    shown = farm.edit(YEAR_FILE, YEAR.replace("6月30日12:00", "7月10日12:00"))
    (farm.home / "config/departments/cq.yaml").write_text(
        DEPARTMENTS.replace("short: 市教委", "short: 市教育委"), "utf-8"
    )
    contacts = farm.home / "config/contacts/cq.yaml"
    contacts.write_text(contacts.read_text("utf-8").replace("市教委", "市教育委"), "utf-8")
    page = Page(shown.text)
    form = page.form("/apply")
    draft = form.fields["draft"][0].replace("市教委", "市教育委")

    said = farm.browser.post(form.action, data=form.filled(draft=draft))

    assert said.status_code == 409
    assert "请再看一遍" in Page(said.text).words
    assert farm.text(YEAR_FILE) == YEAR


def test_the_version_in_force_says_so_and_is_not_restored(estate: Estate) -> None:
    estate.confirm(estate.edit(YEAR_FILE, YEAR.replace("6月30日12:00", "7月10日12:00")))
    newest, before, *_ = [path for path in estate.page(CALENDAR).links if "/versions/" in path]

    assert "正在用的就是这一版" in estate.page(newest).words
    assert [form for form in estate.page(newest).forms if "/versions/" in form.action] == []
    assert "正在用的就是这一版" not in estate.page(before).words


@pytest.mark.parametrize("part", ["files", "about"])
def test_half_a_character_in_a_draft_is_told(farm: Estate, part: str) -> None:
    shown = farm.edit(YEAR_FILE, farm.text(YEAR_FILE).replace("市教委", "市科协"))
    form = Page(shown.text).form("/apply")
    half = {"files": '{"files": {"' + YEAR_FILE + '": "\\ud800"}}', "about": '{"about": "\\ud800"}'}
    draft = json.dumps({**json.loads(form.fields["draft"][0]), **json.loads(half[part])})

    said = farm.browser.post(form.action, data=form.filled(draft=draft))

    assert said.status_code == 422
    assert "草稿不完整" in Page(said.text).words


def test_a_version_is_rolled_back_with_its_comments(estate: Estate) -> None:
    commented = YEAR + "# 年中再核对\n"
    estate.confirm(estate.edit(YEAR_FILE, commented.replace("6月30日12:00", "7月10日12:00")))
    page = estate.page(CALENDAR)
    mine = [path for path in page.links if "/versions/" in path]

    shown = estate.send(estate.page(mine[1]), mine[1])
    said = estate.confirm(shown)

    assert "2026年6月30日" in Page(shown.text).words
    assert said.status_code == 303
    assert estate.text(YEAR_FILE) == YEAR


def test_a_version_shows_what_changed_in_the_files(estate: Estate) -> None:
    commented = YEAR + "# 年中再核对\n"
    estate.confirm(estate.edit(YEAR_FILE, commented.replace("6月30日12:00", "7月10日12:00")))

    newest = next(path for path in estate.page(CALENDAR).links if "/versions/" in path)
    words = estate.page(newest).words

    assert "比上一版增加 2 行，减少 1 行" in words
    assert "+# 年中再核对" in words


def test_when_applying_fails_the_files_are_as_they_were(
    farm: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = farm.edit(YEAR_FILE, YEAR.replace("6月30日12:00", "7月10日12:00"))
    with farm.house.site.database.writing() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER no BEFORE INSERT ON applied BEGIN SELECT RAISE(ABORT, 'no'); END"
        )

    said = farm.confirm(shown)

    assert said.status_code >= 500
    assert farm.text(YEAR_FILE) == YEAR


@pytest.mark.parametrize(
    "file",
    [
        "config/settings.yaml",
        "../secret.yaml",
        "calendar/offices/../../config/offices.yaml",
        "calendar/offices/cq/.hidden.yaml",
        "calendar/offices/other/2026.yaml",
    ],
)
def test_no_other_file_can_be_opened(farm: Estate, file: str) -> None:
    assert farm.browser.get(f"{CALENDAR}/file", params={"file": file}).status_code == 404


def test_an_account_of_one_office_changes_no_shared_file(farm: Estate) -> None:
    browser = farm.house.browser(Role.SECRETARIAT, login="district", offices=("cq",))

    shared = browser.get(f"{CALENDAR}/file?file=config/ladders.yaml")
    own = browser.get(f"{CALENDAR}/file?file={YEAR_FILE}")

    assert (shared.status_code, own.status_code) == (403, 200)


def test_an_account_of_one_office_applies_nothing_to_all(farm: Estate) -> None:
    farm.browser = farm.house.browser(Role.SECRETARIAT, login="district", offices=("cq",))
    ladders = farm.home / "config/ladders.yaml"
    ladders.write_text(ladders.read_text("utf-8").replace("5个工作日起", "6个工作日起"), "utf-8")

    said = farm.edit(YEAR_FILE, YEAR.replace("6月30日12:00", "7月10日12:00"))

    assert said.status_code == 403
    assert "共用" in Page(said.text).words


BOMBS = {
    "billion laughs": "a: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ),
    "deep": "activities: " + "[" * 20_000 + "]" * 20_000,
    "deep blocks": "\n".join(" " * n + "a:" for n in range(1200)),
    "merge": "a: &a {x: 1}\nb:\n  <<: *a\n",
    "tag": "activities: !!python/object/apply:os.system ['true']\n",
    "many": "activities:\n" + "- x\n" * 240_000,
    "long": "x" * 1_000_001,
    "huge": "x: " + "y" * 10_000_000,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_answered_with_a_clear_error(farm: Estate, bomb: str) -> None:
    page = farm.page(f"{CALENDAR}/file?file={YEAR_FILE}")

    said = farm.send(page, "/check", text=bomb)

    assert said.status_code == 422
    assert farm.text(YEAR_FILE) == YEAR


def test_whoever_may_not_configure_sees_none_of_it(farm: Estate) -> None:
    browser = farm.house.browser(Role.MANAGER)

    assert browser.get(CALENDAR).status_code == 403
    assert browser.get(f"{OFFICE}/calendar/compare").status_code == 403


def test_of_a_page_that_breaks_the_traceback_is_kept(
    farm: Estate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page = farm.home / "templates/console/calendar/overview.html"
    page.write_text("{{ nothing_of_that_name }}", "utf-8")

    said = farm.browser.get(CALENDAR)

    assert said.status_code == 500
    assert "nothing_of_that_name" not in said.text
    assert "nothing_of_that_name" in (tmp_path / "duban-error.log").read_text("utf-8")
