"""A broken template is found before anything is sent."""

import re
import shutil
from pathlib import Path

import pytest

from adapters.letters import LetterError, Letters
from duban.letter import Kind
from tests.letters import make_late, make_letter, make_office, make_section
from tests.pictures import TEMPLATES
from tests.rendering import EVERY_KIND, render


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATES, tmp_path / "letters"))


@pytest.mark.parametrize("missing", ["{{ letter.nobody }}", "{{ office.parent }}", "{{ nothing }}"])
def test_a_missing_value_is_an_error_that_names_template_and_line(
    folder: Path, missing: str
) -> None:
    (folder / "reminder/body.txt").write_text(f"第一行\n\n{missing}\n", "utf-8")

    with pytest.raises(LetterError, match=r"模板reminder/body\.txt第3行：缺少内容") as caught:
        Letters(folder).render(make_letter(), make_office())

    assert (caught.value.template, caught.value.line) == ("reminder/body.txt", 3)


@EVERY_KIND
def test_an_item_without_its_reason_is_an_error(kind: Kind) -> None:
    with pytest.raises(LetterError, match=rf"{kind.value}/body\.txt"):
        render(make_letter(make_section(kind, make_late(1, why=None))))


def test_a_broken_template_is_found_at_the_start(folder: Path) -> None:
    (folder / "digest/body.html").write_text("一\n{% if %}\n", "utf-8")

    with pytest.raises(LetterError, match=r"模板digest/body\.html第2行：写法有误"):
        Letters(folder)


@pytest.mark.parametrize(
    "name",
    ["base.html", "style.css", "also.txt", "closing.txt", "notice/subject.txt", "change/body.txt"],
)
def test_a_template_that_is_not_there_is_found_at_the_start(folder: Path, name: str) -> None:
    (folder / name).unlink()

    with pytest.raises(LetterError, match=re.escape(name)):
        Letters(folder)


def test_a_template_saved_in_another_encoding_is_found_at_the_start(folder: Path) -> None:
    (folder / "notice/body.txt").write_bytes("现将安排通知如下".encode("gb18030"))

    with pytest.raises(LetterError, match=r"模板notice/body\.txt：不是UTF-8编码"):
        Letters(folder)


def test_a_letter_that_says_nothing_is_an_error() -> None:
    with pytest.raises(LetterError, match=r"^函件.*没有内容"):
        render(make_letter(sections=()))
