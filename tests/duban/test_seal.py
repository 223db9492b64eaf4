"""What a line and a seal are worth."""

import hmac
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from duban.seal import FIELDS, _signed, code, erased, is_erased, kept_leaf, leaf

KEY, OTHER = b"k" * 32, b"o" * 32
AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
LINE = (
    7,
    AT,
    "ceshi",
    3,
    None,
    "report",
    "张三",
    "notified",
    "reported",
    "已办",
    "link 10.0.0.8",
    "{}",
)


def changed(name: str, value: Any) -> tuple[Any, ...]:
    place = FIELDS.index(name)
    return (*LINE[:place], value, *LINE[place + 1 :])


@pytest.mark.parametrize("name", FIELDS)
def test_whatever_of_a_line_is_changed_changes_its_leaf(name: str) -> None:
    value = AT + timedelta(microseconds=1) if name == "at" else 99

    assert leaf(KEY, changed(name, value)) != leaf(KEY, LINE)


def test_an_instant_is_the_same_in_every_zone() -> None:
    local = AT.astimezone(timezone(timedelta(hours=8)))

    assert leaf(KEY, changed("at", local)) == leaf(KEY, LINE)


def test_a_line_without_a_detail_is_worth_what_it_was_before_there_were_details() -> None:
    before = LINE[:-1]

    assert leaf(KEY, (*before, None)) == hmac.digest(KEY, _signed(before), "sha256")


def test_a_detail_cannot_be_taken_away() -> None:
    assert leaf(KEY, changed("detail", None)) != leaf(KEY, LINE)


def test_words_cannot_move_from_one_column_to_the_next() -> None:
    one = (*LINE[:9], "a", "bc", None)
    two = (*LINE[:9], "ab", "c", None)

    assert leaf(KEY, one) != leaf(KEY, two)


@pytest.mark.parametrize(
    "other",
    [
        (OTHER, "", 1, AT, 1, [b"a" * 32]),
        (KEY, "x", 1, AT, 1, [b"a" * 32]),
        (KEY, "", 2, AT, 1, [b"a" * 32]),
        (KEY, "", 1, AT + timedelta(1), 1, [b"a" * 32]),
        (KEY, "", 1, AT, 2, [b"a" * 32]),
        (KEY, "", 1, AT, 1, [b"b" * 32]),
    ],
)
def test_whatever_of_a_seal_is_changed_changes_its_code(other: tuple[Any, ...]) -> None:
    assert code(*other) != code(KEY, "", 1, AT, 1, [b"a" * 32])


def test_an_erased_line_keeps_the_leaf_that_it_had() -> None:
    stub = changed("actor", "erased-1")

    gone = (*stub[:9], erased(KEY, stub, leaf(KEY, LINE)), *stub[10:])

    assert is_erased(str(gone[9]))
    assert kept_leaf([OTHER, KEY], gone) == leaf(KEY, LINE)


@pytest.mark.parametrize(
    ("name", "value"), [("act", "complete"), ("id", 8), ("to_state", None), ("detail", None)]
)
def test_what_is_left_of_an_erased_line_cannot_be_changed(name: str, value: Any) -> None:
    reason = erased(KEY, LINE, leaf(KEY, LINE))
    place = FIELDS.index(name)
    gone = [*LINE[:9], reason, *LINE[10:]]
    gone[place] = value

    assert kept_leaf([KEY], gone) is None


@pytest.mark.parametrize("reason", ["erased:", "erased:zz:zz", "erased:00:00", "erased:00"])
def test_a_line_that_only_says_that_it_was_erased_is_not_believed(reason: str) -> None:
    assert kept_leaf([KEY], (*LINE[:9], reason, *LINE[10:])) is None
