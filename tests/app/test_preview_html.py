"""`duban preview --html`: the file, where it is, and what is refused."""

from pathlib import Path

import pytest

from tests.app.conftest import Duban


def test_the_year_is_written_where_it_says_and_counts_every_mail(duban: Duban, home: Path) -> None:
    mails = duban("preview", "--year", "2026", "--json").json

    said = duban("preview", "--year", "2026", "--html", "out/2026.html")

    file = home / "out/2026.html"
    assert said.code == 0
    assert said.out == f"2026 年共 {len(mails)} 封，见 {file}\n"
    assert "市水利局" in file.read_text(encoding="utf-8")
    assert file.stat().st_size < 2_000_000


def test_one_office_is_drawn_alone(duban: Duban, home: Path) -> None:
    duban("preview", "--year", "2026", "--office", "wulong", "--html", "year.html")

    text = (home / "year.html").read_text(encoding="utf-8")
    assert 'id="wulong"' in text
    assert 'id="chongqing"' not in text


def test_the_page_is_the_same_before_and_after_apply(duban: Duban, home: Path) -> None:
    duban("preview", "--year", "2026", "--html", "before.html")
    duban("apply", "--yes")

    duban("preview", "--year", "2026", "--html", "after.html")

    assert (home / "after.html").read_bytes() == (home / "before.html").read_bytes()


@pytest.mark.parametrize("other", [["--at", "2026-03-02"], ["--year", "2026", "--json"]])
def test_a_page_of_anything_but_a_year_is_refused(
    duban: Duban, home: Path, other: list[str]
) -> None:
    said = duban("preview", *other, "--html", "x.html")

    assert said.code == 2
    assert "--html 画的是整年" in said.err
    assert not (home / "x.html").exists()


def test_a_place_that_cannot_be_written_gets_a_sentence(duban: Duban, home: Path) -> None:
    said = duban("preview", "--year", "2026", "--html", "config")

    assert said.code == 3
    assert "写不了 config" in said.err
    assert not (home / "duban-error.log").exists()
