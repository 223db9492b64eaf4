"""How many things somebody has to guess who knows how people make passwords (after Wheeler, zxcvbn, 2016)."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise

from duban.commonwords import COMMON

_LEET = "@4031!$57+"
_SPOKEN = (str.maketrans(_LEET, "aaoeiisstt"), str.maketrans(_LEET, "aaoelisstt"))
_SHIFTED = str.maketrans("!@#$%^&*()", "1234567890")
_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
_STEPS = {pair for row in _ROWS for pair in pairwise(row)}
_YEAR = re.compile(r"(?:19|20)\d\d")
_DIGITS = re.compile(r"\d{1,4}")
_MARKS = re.compile(r"[^\w\s]{1,3}|\s+")


def pieces(password: str, own: Iterable[str] = ()) -> int:
    """The fewest pieces that make up `password`. A piece is a common word or one of `own`, with digits and
    marks for letters too; a run on the keyboard; one character again and again; a date; up to four digits
    or three marks; a repetition of all before it; or else a single character."""
    plain = password.casefold()
    block = _block(plain)
    repeated = 1 if block != plain else 0
    return _fewest(block, COMMON | {word.casefold() for word in own}) + repeated


def _block(text: str) -> str:
    """What `text` repeats from its beginning to its end; itself where it repeats nothing."""
    start = (text + text).find(text, 1)
    return text[:start] if text else ""


def _fewest(text: str, words: frozenset[str]) -> int:
    best = [0] + [len(text)] * len(text)
    for start in range(len(text)):
        for end in (start + 1, *_ends(text, start, words)):
            best[end] = min(best[end], best[start] + 1)
    return best[len(text)]


def _ends(text: str, start: int, words: frozenset[str]) -> Iterator[int]:
    """Where pieces end that begin at `start`."""
    ways = (text, *(text.translate(table) for table in _SPOKEN))
    for word in words:
        if any(way.startswith(word, start) for way in ways):
            yield start + len(word)
    yield from _run(text.translate(_SHIFTED), start)
    yield from _date(text, start)
    for kind in (_YEAR, _DIGITS, _MARKS):
        if found := kind.match(text, start):
            yield found.end()


def _run(text: str, start: int) -> Iterator[int]:
    """Three or more neighbours on the keyboard or in the alphabet, either way; or the same one."""
    for follows in (_up, _down, _same):
        end = start + 1
        while end < len(text) and follows(text[end - 1], text[end]):
            end += 1
        yield from range(start + 3, end + 1)


def _up(one: str, next: str) -> bool:
    return (one, next) in _STEPS


def _down(one: str, next: str) -> bool:
    return (next, one) in _STEPS


def _same(one: str, next: str) -> bool:
    return one == next


def _date(text: str, start: int) -> Iterator[int]:
    """A birthday: 19800101, 800101, 0101 is a matter of the digits."""
    for length, form in ((8, "%Y%m%d"), (6, "%y%m%d")):
        part = text[start : start + length]
        if len(part) == length and part.isdigit() and part.isascii() and _is_day(part, form):
            yield start + length


def _is_day(part: str, form: str) -> bool:
    try:
        return 1900 <= datetime.strptime(part, form).year < 2100  # noqa: DTZ007
    except ValueError:
        return False
