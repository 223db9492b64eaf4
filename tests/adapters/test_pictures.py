"""A letter as a browser shows it: something to see, and no scrolling sideways on a phone."""

import re
import shutil
import subprocess
import zlib
from pathlib import Path

import pytest

from adapters.letters import Letters
from tests.letters import change, confirm, digest, make_letter, make_office, notice, reminder
from tests.pictures import CHROMIUM, PHONE, TEMPLATES, needed, take


def _has_cjk_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(("fc-list", ":lang=zh-cn"), capture_output=True, check=False).stdout)


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here"),
    pytest.mark.skipif(not _has_cjk_font(), reason="no Chinese font here"),
]


@pytest.fixture(scope="module")
def page() -> str:
    sections = (change(), notice(), reminder(), confirm(), digest())
    letter = make_letter(*sections, departments=("市水利局", "市科协"))
    return Letters(TEMPLATES).render(letter, make_office()).html


def test_a_letter_fits_a_phone_without_scrolling_sideways(page: str) -> None:
    width, height = needed(page, PHONE)

    assert width == PHONE
    assert height > 1000


def test_a_letter_fits_a_small_phone_whose_mail_reader_drops_style_sheets(page: str) -> None:
    bare = re.sub("<style>.*?</style>", "", page, flags=re.DOTALL)

    assert needed(bare, 360)[0] == 360


def test_a_picture_of_a_letter_is_not_blank(page: str, tmp_path: Path) -> None:
    take(page, PHONE, tmp_path / "letter.png")
    take("<body>", PHONE, tmp_path / "blank.png")

    assert _ink(tmp_path / "letter.png") > 0.03
    assert _ink(tmp_path / "blank.png") < 0.01


def _ink(picture: Path) -> float:
    """The share of a PNG's bytes that differ from the dot beside or above them, as its filters say."""
    png, data, place = picture.read_bytes(), b"", 8
    while place < len(png):
        size = int.from_bytes(png[place : place + 4], "big")
        if png[place + 4 : place + 8] == b"IDAT":
            data += png[place + 8 : place + 8 + size]
        place += size + 12
    dots = zlib.decompress(data)
    return 1 - dots.count(0) / len(dots)
