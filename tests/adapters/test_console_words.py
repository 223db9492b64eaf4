"""Every text of the console stands in `_( )`, so that a catalogue can follow."""

import re
from pathlib import Path

import jinja2
import pytest

FOLDER = Path(__file__).parents[2] / "templates" / "console"
PAGES = sorted(FOLDER.rglob("*.html"))
HAN = re.compile(r"[\u4e00-\u9fff]+")
JINJA = jinja2.Environment(trim_blocks=True, lstrip_blocks=True)


def bare(source: str) -> list[str]:
    """Chinese that is written into the page as it is."""
    tokens = JINJA.lex(source)
    return [
        f"{line}: {''.join(HAN.findall(text))}"
        for line, kind, text in tokens
        if kind == "data" and HAN.search(text)
    ]


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(FOLDER)) for page in PAGES])
def test_every_chinese_text_of_a_page_is_in_the_catalogue(page: Path) -> None:
    assert bare(page.read_text("utf-8")) == []


def test_a_bare_text_is_found() -> None:
    assert bare('<p>{{ _("好") }}</p><p>不好</p>') == ["1: 不好"]
