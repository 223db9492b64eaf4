from pathlib import Path

import pytest

from tests.app.conftest import Duban

PLAN = "chongqing/shui/2026/plan/shuili"


@pytest.fixture
def applied(duban: Duban) -> Duban:
    assert duban("apply", "--yes").code == 0
    return duban


def test_the_shipped_calendar_has_no_fault(duban: Duban) -> None:
    said = duban("check")

    assert (said.code, said.out) == (0, "没有发现错误。\n")


def test_check_lists_what_districts_do_not_take_on(duban: Duban, home: Path) -> None:
    file = home / "calendar/offices/wulong/2026.yaml"
    text = file.read_text(encoding="utf-8")
    more = "declines:\n  - {activity: chongqing-2026.districts, step: year, reason: 与年报重复}\n"
    file.write_text(text + more, encoding="utf-8")

    said = duban("check")

    assert said.code == 0
    assert (
        "不承接：区纲要办 2026年“chongqing-2026.districts”的节点 year，理由：与年报重复" in said.out
    )


def test_a_fault_ends_check_with_1_and_names_file_line_and_suggestion(
    duban: Duban, home: Path
) -> None:
    file = home / "calendar/offices/chongqing/2026.yaml"
    text = file.read_text(encoding="utf-8")
    line = text[: text.index("lead: 市水利局\n")].count("\n") + 1
    file.write_text(text.replace("lead: 市水利局\n", "lead: 市水力局\n"), encoding="utf-8")

    said = duban("check", "--json")

    assert said.code == 1
    fault = said.json[0]
    assert (fault["file"], fault["line"]) == ("calendar/offices/chongqing/2026.yaml", line)
    assert "市水力局" in fault["message"]
    assert "市水利局" in fault["message"] + fault["hint"]


@pytest.mark.parametrize("command", ["plan", "apply", "preview --year 2026"])
def test_a_faulty_calendar_changes_nothing(duban: Duban, home: Path, command: str) -> None:
    (home / "config/ladders.yaml").write_text("ladders: 3\n", encoding="utf-8")

    said = duban(*command.split())

    assert said.code == 1
    assert "config/ladders.yaml:1" in said.err
    assert "Traceback" not in said.out + said.err


def test_plan_shows_what_apply_then_does_and_a_second_plan_is_empty(duban: Duban) -> None:
    planned = duban("plan", "--json").json

    changed = duban("apply", "--json").json

    assert len(changed["changes"]) == len(planned) > 300
    assert duban("plan", "--json").json == []


def test_run_before_apply_says_what_to_do(duban: Duban) -> None:
    said = duban("run")

    assert said.code == 3
    assert "duban apply" in said.err


def test_the_second_run_of_a_day_sends_nothing(applied: Duban, home: Path) -> None:
    first = applied("run", "--at", "2026-03-02T09:00", "--json")
    mails = len(list((home / "var/mail").glob("*.eml")))

    second = applied("run", "--at", "2026-03-02T09:00", "--json")

    assert first.code == second.code == 0
    assert len(first.json["letters"]) == mails > 0
    assert second.json["letters"] == []
    assert len(list((home / "var/mail").glob("*.eml"))) == mails


def test_a_skipped_day_is_made_up_for(applied: Duban) -> None:
    foreseen = {row["recipient"] for row in applied("preview", "--at", "2026-03-03", "--json").json}

    ran = applied("run", "--at", "2026-03-03T09:00", "--json").json["letters"]

    assert {letter["recipient"] for letter in ran} == foreseen
    assert len(ran) == len(foreseen)


def test_whoever_got_mail_one_day_is_previewed_for_the_next(applied: Duban) -> None:
    applied("run", "--at", "2026-03-02T09:00")
    foreseen = applied("preview", "--at", "2026-03-05", "--json").json

    ran = applied("run", "--at", "2026-03-05T09:00", "--json").json["letters"]

    assert (
        {row["recipient"] for row in foreseen} == {letter["recipient"] for letter in ran} != set()
    )


def test_preview_prints_the_agreed_shape(duban: Duban) -> None:
    rows = duban("preview", "--year", "2026", "--json").json

    assert set(rows[0]) == {"at", "office", "kind", "recipient", "department", "items"}
    assert {"activity", "step", "stage", "due", "certainty"} <= set(rows[0]["items"][0])
    kinds = {"notice", "reminder", "confirm", "escalation", "oversight"}
    assert {row["kind"] for row in rows} == kinds | {"digest", "account", "work"}


def test_preview_is_the_same_before_and_after_apply(duban: Duban) -> None:
    before = duban("preview", "--year", "2026", "--json").json
    duban("apply", "--yes")

    after = duban("preview", "--year", "2026", "--json").json

    assert after == before


def test_status_prints_state_due_and_lamp(applied: Duban) -> None:
    rows = {row["assignment"]: row for row in applied("status", "--json").json}

    assert rows[PLAN]["state"] == "planned"
    assert rows[PLAN]["due"] == "2026-03-06"
    assert {row["lamp"] for row in rows.values()} <= {"green", "yellow", "red", "grey"}
    assert rows["chongqing/kejizhou/2026/plan/keji"]["due"] is None


def test_status_can_be_asked_by_a_departments_short_name(applied: Duban) -> None:
    rows = applied("status", "--department", "市水利局", "--json").json

    assert rows
    assert {row["department"] for row in rows} == {"shuili"}


def test_answers_move_an_item_and_illegal_ones_are_refused(applied: Duban) -> None:
    applied("run", "--at", "2026-02-14T09:00")
    acknowledged = applied("acknowledge", PLAN, "--by", "张三", "--json").json
    reported = applied("report", PLAN, "--json").json
    returned = applied("return", PLAN, "--reason", "缺盖章", "--json").json

    refused = applied("return", PLAN)

    states = [rows[0]["state"] for rows in (acknowledged, reported, returned)]
    assert states == ["acknowledged", "reported", "returned"]
    assert refused.code == 4
    assert "现在是“退回”" in refused.err


def test_of_several_answers_all_or_none_are_taken(applied: Duban) -> None:
    said = applied("complete", PLAN, "chongqing/nothing")

    assert said.code != 0
    rows = {row["assignment"]: row for row in applied("status", "--json").json}
    assert rows[PLAN]["state"] == "planned"


def test_the_digest_lists_what_is_overdue(applied: Duban) -> None:
    applied("run", "--at", "2026-03-02T09:00")

    found = applied("digest", "--office", "chongqing", "--at", "2026-03-09", "--json").json

    assert found
    assert PLAN in {item["assignment"] for item in found[0]["items"]}
    assert all(item["days"] > 0 for item in found[0]["items"])


def test_each_digest_can_be_looked_at_by_itself(applied: Duban) -> None:
    applied("run", "--at", "2026-03-02T09:00")

    for which, kind in (("weekly", "digest"), ("account", "account"), ("work", "work")):
        found = applied("digest", "--only", which, "--at", "2026-03-09", "--json").json
        assert {(row["which"], row["kind"]) for row in found} == {(which, kind)}


def test_a_digest_that_there_is_not_is_named(applied: Duban) -> None:
    said = applied("digest", "--only", "yearly")

    assert said.code == 3
    assert "没有“yearly”这种通报" in said.err


def test_the_outbox_shows_what_the_server_said(applied: Duban) -> None:
    applied("run", "--at", "2026-03-02T09:00")

    rows = applied("outbox", "--at", "2026-03-02", "--json").json

    assert {row["state"] for row in rows} == {"accepted"}
    assert len({row["message_id"] for row in rows}) == len(rows)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["preview"], 2, "--year 2026"),
        (["run", "--at", "明天"], 2, "看不懂时间"),
        (["run", "--at", "9999-12-31"], 2, "2000年到2100年之间"),
        (["outbox", "--at", "0001-01-01"], 2, "2000年到2100年之间"),
        (["complete", "x/y"], 3, "没有编号"),
        (["status", "--office", "nowhere"], 2, "没有纲要办"),
    ],
)
def test_a_slip_gets_a_sentence_and_no_traceback(
    applied: Duban, arguments: list[str], code: int, words: str
) -> None:
    said = applied(*arguments)

    assert said.code == code
    assert words in said.err
    assert "Traceback" not in said.out + said.err


def test_an_unusable_database_is_explained(
    duban: Duban, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    (home / "note.txt").write_text("不是数据库" * 500, encoding="utf-8")
    monkeypatch.setenv("DUBAN_DATABASE", "sqlite:///note.txt")

    said = duban("status")

    assert said.code == 3
    assert "不是 duban 的数据库" in said.err


def test_every_command_has_help(duban: Duban) -> None:
    names = "check plan apply preview run status digest outbox serve doctor migrate demo rehearse"

    for name in (*names.split(), "acknowledge", "report", "return", "complete", "exempt"):
        said = duban(name, "--help")
        assert said.code == 0
        assert name in said.out


def test_migrate_can_be_repeated(duban: Duban) -> None:
    first, second = duban("migrate"), duban("migrate")

    assert (first.code, second.code) == (0, 0)
    assert "已是最新" in second.out
