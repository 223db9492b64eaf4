"""Small helpers for words that people typed."""

import difflib
import re
import unicodedata
from collections.abc import Iterable


def tidy(text: str) -> str:
    """Full-width digits and signs become plain ones, white space goes: `３ 月 ２２ 日` -> `3月22日`."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice most like `word`, or None when none is near enough to suggest."""
    options = list(choices)
    found = difflib.get_close_matches(word, options, n=1, cutoff=0.5)
    if found:
        return found[0]
    holding = [option for option in options if len(word) >= 2 and word in option]
    return min(holding, key=len) if holding else None
