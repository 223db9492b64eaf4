"""`duban audit` at the front door."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.app.conftest import Duban

WHEN = "2026-03-02T09:00"
ITEM = "chongqing/shui/2026/plan/shuili"


@pytest.fixture
def sealed(duban: Duban, home: Path) -> Path:
    """A site whose account is sealed; its database."""
    duban("apply", "--yes")
    duban("run", "--at", WHEN)
    assert duban("audit", "seal").code == 0
    return home / "var/duban.db"


def change(database: Path, statement: str) -> None:
    connection = sqlite3.connect(database)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_an_account_that_nobody_touched_verifies(duban: Duban, sealed: Path) -> None:
    said = duban("audit", "verify")

    assert said.code == 0
    assert "没有发现改动" in said.out
    assert "每秒" in said.out


def test_before_the_first_seal_it_says_so(duban: Duban) -> None:
    duban("apply", "--yes")

    said = duban("audit", "verify")

    assert said.code == 0
    assert "还没有封存过流水" in said.out
    assert "还没有封存，无从核对" in said.out


def test_a_line_changed_in_the_database_is_named_with_its_seal(duban: Duban, sealed: Path) -> None:
    duban("report", ITEM)
    duban("audit", "seal")
    change(sealed, "UPDATE event SET reason = '改过' WHERE id = 5")

    said = duban("audit", "verify")

    assert said.code == 1
    assert "第 1 号封存（流水 1 至" in said.err
    assert "被改动过" in said.err


def test_an_account_written_anew_does_not_know_the_code_of_the_letter(
    duban: Duban, sealed: Path
) -> None:
    kept = duban("audit", "verify", "--json").json["head"]
    change(sealed, "DELETE FROM seal")
    change(sealed, "UPDATE event SET seal_id = NULL, actor = '别人'")
    duban("audit", "seal")

    whole = duban("audit", "verify")
    against = duban("audit", "verify", "--head", kept)

    assert whole.code == 0
    assert against.code == 1
    assert "没有给出的封存码" in against.err


def test_the_code_of_a_letter_is_found_again(duban: Duban, sealed: Path) -> None:
    kept = duban("audit", "verify", "--json").json["head"]
    duban("report", ITEM)
    duban("audit", "seal")

    said = duban("audit", "verify", "--head", kept.upper())

    assert (said.code, "到那时为止的流水都在" in said.out) == (0, True)


def test_a_secret_that_was_lost_is_told_from_an_account_that_was_changed(
    duban: Duban, sealed: Path, home: Path
) -> None:
    duban("report", ITEM)
    duban("audit", "seal")
    (home / "var/secret").unlink()

    said = duban("audit", "verify")

    assert said.code == 1
    assert "多半是密钥" in said.err


def test_json_tells_where_it_breaks(duban: Duban, sealed: Path) -> None:
    change(sealed, "DELETE FROM event WHERE id = 5")

    said = duban("audit", "verify", "--json")

    assert said.code == 1
    assert said.json["whole"] is False
    assert [one["seal"] for one in said.json["breaks"]] == [1]


def test_all_that_is_kept_about_a_person_is_written_into_a_file(
    duban: Duban, sealed: Path, home: Path
) -> None:
    with sqlite3.connect(sealed) as connection:
        (address,) = connection.execute("SELECT recipient FROM letter LIMIT 1").fetchone()
    connection.close()
    file = home / "person.json"

    said = duban("audit", "person", address, "--export", str(file), "--by", "王主任")

    kept = json.loads(file.read_text("utf-8"))
    assert said.code == 0
    assert [one["recipient"] for one in kept["letters"]] == [address]
    assert [one["email"] for one in kept["contacts"]] == [address]
    assert file.stat().st_mode & 0o077 == 0
    assert address not in actions(sealed)["export"]


def actions(database: Path) -> dict[str, str]:
    """The reason of the last line of each act."""
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT act, reason FROM event ORDER BY id").fetchall()
    connection.close()
    return dict(rows)


def test_an_export_overwrites_nothing(duban: Duban, sealed: Path, home: Path) -> None:
    file = home / "person.json"
    file.write_text("旧的", encoding="utf-8")

    said = duban("audit", "person", "某某", "--export", str(file))

    assert (said.code, file.read_text("utf-8")) == (2, "旧的")
    assert "换一个还没有的文件名" in said.err


def test_after_erasing_a_person_the_account_still_verifies(duban: Duban, sealed: Path) -> None:
    duban("exempt", ITEM, "--by", "张三丰", "--reason", "家里有事", "--at", WHEN)

    said = duban("audit", "person", "张三丰", "--erase", "--yes", "--at", "2027-03-02")

    verified = duban("audit", "verify", "--json").json
    assert said.code == 0
    assert "流水：删除 1 条" in said.out
    assert (verified["whole"], verified["erased"]) == (True, 1)
    assert "家里有事" not in str(actions(sealed))


def test_what_cannot_be_erased_yet_is_told(duban: Duban, sealed: Path) -> None:
    duban("report", ITEM, "--by", "张三丰")

    said = duban("audit", "person", "张三丰", "--erase", "--yes")

    assert "流水：删除 0 条，还不能删除 1 条" in said.out
    assert "不满六个月" in said.out


@pytest.mark.parametrize("word", ["x", "duban", " "])
def test_a_word_that_names_nobody_is_refused(duban: Duban, word: str) -> None:
    assert duban("audit", "person", word).code == 2
