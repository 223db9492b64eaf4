"""Links: what was sealed here opens, and nothing else does."""

import random
from datetime import date
from uuid import UUID

import pytest

from adapters import links
from adapters.links import Link
from adapters.secret import Secret, bytes_of, text_of

SECRET = Secret((b"k" * 32,))
NUMBER = UUID("6f1ef0a8-6a0e-5b0c-9c57-0c7d7e1f6d5a")
MESSAGE_ID = f"<{NUMBER}@kx.cq.example>"
UNTIL = date(2026, 6, 30)
TOKEN = links.make(SECRET, MESSAGE_ID, UNTIL)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def test_a_token_holds_the_letter_and_its_last_day() -> None:
    assert links.read(SECRET, TOKEN) == Link(NUMBER, UNTIL)
    assert len(TOKEN) == 48


def test_the_same_letter_has_the_same_token() -> None:
    assert links.make(SECRET, MESSAGE_ID, UNTIL) == TOKEN


@pytest.mark.parametrize("place", range(36))
def test_not_one_bit_may_be_changed(place: int) -> None:
    sealed = bytes_of(TOKEN)
    assert sealed

    changed = [
        text_of(sealed[:place] + bytes([sealed[place] ^ (1 << bit)]) + sealed[place + 1 :])
        for bit in range(8)
    ]

    assert [links.read(SECRET, one) for one in changed] == [None] * 8


def test_of_ten_thousand_mutations_none_opens() -> None:
    chance = random.Random(5)

    mutated = [_mutated(chance) for _ in range(10_000)]

    assert [one for one in mutated if links.read(SECRET, one) is not None] == []


def _mutated(chance: random.Random) -> str:
    """Signs replaced, left out, doubled, swapped, added, turned round; never the token itself."""
    signs = list(TOKEN)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(signs))
        change = chance.randrange(6)
        if change == 0:
            signs[place] = chance.choice(LETTERS)
        elif change == 1:
            del signs[place]
        elif change == 2:
            signs.insert(place, chance.choice(LETTERS + "=%/+ .\n\0é"))
        elif change == 3:
            other = chance.randrange(len(signs))
            signs[place], signs[other] = signs[other], signs[place]
        elif change == 4:
            signs[place] = signs[place].swapcase()
        else:
            signs = signs[place:] + signs[:place]
    made = "".join(signs)
    return made if made != TOKEN else TOKEN[:-1]


@pytest.mark.parametrize("made", ["", "=", "A", "A" * 48, "é" * 48, TOKEN + "=", TOKEN + "\n"])
def test_what_is_no_token_opens_nothing(made: str) -> None:
    assert links.read(SECRET, made) is None


def test_another_sites_token_opens_nothing() -> None:
    assert links.read(Secret((b"x" * 32,)), TOKEN) is None


@pytest.mark.parametrize("purpose", ["reply", "form", "seal"])
def test_what_was_sealed_for_something_else_opens_nothing(purpose: str) -> None:
    made = text_of(SECRET.seal(purpose, NUMBER.bytes + (2000).to_bytes(4, "big")))

    assert links.read(SECRET, made) is None


def test_a_token_of_the_old_secret_opens_while_that_one_is_believed() -> None:
    assert links.read(Secret((b"n" * 32, b"k" * 32)), TOKEN) == Link(NUMBER, UNTIL)


def test_a_sealed_day_beyond_the_calendar_is_its_last() -> None:
    made = text_of(SECRET.seal(links.PURPOSE, NUMBER.bytes + b"\xff" * 4))

    assert links.read(SECRET, made) == Link(NUMBER, date.max)
