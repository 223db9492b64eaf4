"""Entries changed as their author would: everything else stays as it was written."""

from pathlib import Path

import pytest

from adapters.yamledit import NotEditable, add, edited, find, put, remove
from tests.sites import CONTACTS, YEAR
from tests.sitting import REPOSITORY

FILES = sorted(
    file
    for room in ("config/contacts", "config/departments", "calendar/offices")
    for file in (REPOSITORY / room).rglob("*.yaml")
)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_the_shipped_files_stay_byte_for_byte(file: Path) -> None:
    text = file.read_text("utf-8")

    assert edited(text, file.name, lambda document: None) == text


def test_comments_and_style_stay_when_one_value_changes() -> None:
    text = "# 头\na: 1 # 一\nlist:\n  - {name: 甲, due: 2026-05-01} # 注\n  - name: '乙'\n"

    made = edited(text, "x.yaml", lambda document: put(document["list"][0], {"name": "丙"}))

    assert made == text.replace("甲", "丙")


def test_a_date_stays_as_it_was_written() -> None:
    text = "a: 2026-5-1\nb: yes\nc: 08:30\n"

    assert edited(text, "x.yaml", lambda document: put(document, {"d": "2026-06-01"})) == (
        text + "d: 2026-06-01\n"
    )


def test_an_entry_is_added_at_the_end() -> None:
    made = edited(
        YEAR, "x.yaml", lambda d: add(d, "activities", {"activity": "全国科普月", "lead": "市科协"})
    )

    assert made == YEAR + "  - activity: 全国科普月\n    lead: 市科协\n"


def test_an_entry_is_removed_and_the_others_stay() -> None:
    def change(document: object) -> None:
        found = find(document, "contacts", "email", "li@shui.cq.example")  # type: ignore[arg-type]
        assert found
        remove(document, "contacts", found)  # type: ignore[arg-type]

    made = edited(CONTACTS, "x.yaml", change)

    line = next(line for line in CONTACTS.splitlines(True) if "李四" in line)
    assert made == CONTACTS.replace(line, "")


def test_a_list_that_a_form_shows_joined_is_not_written_anew() -> None:
    text = "a: [市教委, 市科协]\n"

    assert edited(text, "x.yaml", lambda document: put(document, {"a": "市教委、市科协"})) == text


@pytest.mark.parametrize("text", ["", "- a\n", "a: [", "a: &x [*x]\n", "a: !!python/none x\n"])
def test_a_file_with_faults_is_not_touched(text: str) -> None:
    with pytest.raises(NotEditable):
        edited(text, "x.yaml", lambda document: None)
