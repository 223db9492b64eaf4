"""Every line of the account can be told in Chinese."""

import re
from pathlib import Path

import pytest

from duban import acts
from duban.completion import Act
from duban.request import Kind

ROOT = Path(__file__).parents[2]
WRITTEN = re.compile(
    r'\bact="([a-z-]+)"|note_act\(\s*\w+,\s*[^,]+,\s*"([a-z-]+)"|_note\("([a-z-]+)"'
)


def written() -> set[str]:
    """Acts that stand in the code as words."""
    files = [file for room in ("state", "flows", "app") for file in (ROOT / room).rglob("*.py")]
    found = {
        word for file in files for pair in WRITTEN.findall(file.read_text("utf-8")) for word in pair
    }
    return (found | {one.value for one in (*Act, *Kind)}) - {""}


@pytest.mark.parametrize("act", sorted(written()))
def test_every_act_of_the_code_has_a_name(act: str) -> None:
    assert acts.label(act) != act


@pytest.mark.parametrize(
    ("act", "reason", "words"),
    [
        ("new", "2026-03-07", "时限 2026年3月7日"),
        ("new", "待公布", "时限 待公布"),
        ("moved", "2026-03-07 -> 待公布", "2026年3月7日 改为 待公布"),
        ("extension", "出差\n三天（延到 2026-03-20）", "出差\n三天（延到 2026年3月20日）"),
        ("grant", "（延到 2026-03-20）", "（延到 2026年3月20日）"),
        ("drop", "past", "已经过去，不再通知"),
        ("report", "erased:00:00", "应本人请求，内容已删除"),
        ("return", "材料不全", "材料不全"),
    ],
)
def test_a_reason_is_told_in_words(act: str, reason: str, words: str) -> None:
    assert acts.why(act, reason) == words


@pytest.mark.parametrize(
    ("via", "words"),
    [("console 10.0.0.8", "督办台 10.0.0.8"), ("link 10.0.0.8", "信中链接 10.0.0.8"), ("", "")],
)
def test_from_where_is_told_in_words(via: str, words: str) -> None:
    assert acts.where(via) == words
