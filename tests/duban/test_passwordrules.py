from datetime import datetime, timedelta

import pytest

from duban.passwordrules import RULES, Profile, fault, too_late, too_old
from tests.sitting import at

ASVS, DENGBAO = RULES[Profile.ASVS], RULES[Profile.DENGBAO]
OWN = ("li.wei", "李卫同志", "重庆市纲要办", "chongqing")
NOW = at("2026-03-02T10:00")


@pytest.mark.parametrize(
    "password",
    [
        "correcthorsebatterystaple",
        "k7#mQp2vLw9x",
        "我家阳台上的茉莉花今年开得很早",
        "tallow bucket on the third floor",
        "山海有归期风雨自相逢，明日再见",
        "x7fK27fK2pd9",
        "🍎🌧️ two umbrellas, one apple",
    ],
)
def test_asvs_takes_any_long_one_that_nobody_guesses(password: str) -> None:
    assert fault(ASVS, password, OWN) == ""


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password2024!!",
        "P@ssw0rd2026",
        "p4$$w0rd!!!!!",
        "woaini1314520",
        "Woaini5201314",
        "1qaz2wsx3edc",
        "1qaz@WSX3edc",
        "qwertyuiop123",
        "QWERTY!@#$%^",
        "123456789012",
        "111111111111",
        "abcdefghijkl",
        "lkjhgfdsaqwe",
        "abababababab",
        "abcabcabcabc",
        "iloveyoumonkey",
        "zhangwei19880101",
        "zhangwei880101!",
        "wangfang@2026",
        "liwei@19900307",
        "li.wei2026!!",
        "chongqing2026",
        "李卫同志李卫同志李卫同志",
        "重庆市纲要办2026!!",
        "gangyaoban@2026",
        "Admin@123456",
        "admin123admin123",
        "mimashi123456",
        "beijing20080808",
        "qazwsxedc123",
        "5201314woaini",
        "nihaoma888888",
        "letmein-letmein",
        "1234567890ab",
        "138-2310-7746",
        "139230177462",
        "13923017746lw",
        "!@#$%^&*()!@",
        "            ",
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    assert "太容易猜到" in fault(ASVS, password, OWN)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "太短"),
        ("k7#mQp2vLw9", "太短"),
        ("k7#mQp2vLw9x", ""),
        ("风" * 11, "太短"),
        ("k7#mQp2vLw9x" * 10 + "12345678", ""),
        ("k7#mQp2vLw9x" * 10 + "123456789", "太长"),
    ],
)
def test_asvs_asks_for_12_to_128_characters_and_no_mixture(password: str, said: str) -> None:
    found = fault(ASVS, password, OWN)

    assert said in found
    assert bool(found) is bool(said)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("mK7$xQp", "太短"),
        ("mK7$xQp2", ""),
        ("mK7vxQp2", ""),
        ("m$7vx-p2", ""),
        ("MK$VXQP2", ""),
        ("mkvvxqp2", "至少三类"),
        ("MKVVXQPT", "至少三类"),
        ("73926158", "至少三类"),
        ("mKvvxQpt", "至少三类"),
        ("mkvvxqp风", "至少三类"),
        ("Admin@123", "太容易猜到"),
        ("Qwer!234", "太容易猜到"),
        ("Aa123456", "太容易猜到"),
        ("Abc@2026", "太容易猜到"),
        ("Shuili@2026", "太容易猜到"),
        ("Cqkx@2026", ""),
    ],
)
def test_dengbao_asks_for_8_characters_of_three_kinds(password: str, said: str) -> None:
    found = fault(DENGBAO, password, OWN)

    assert said in found
    assert bool(found) is bool(said)


@pytest.mark.parametrize(
    ("age", "old"), [(timedelta(days=89, hours=23), False), (timedelta(days=90), True)]
)
def test_a_password_of_dengbao_lasts_90_days(age: timedelta, old: bool) -> None:
    assert too_old(DENGBAO, NOW - age, NOW) is old
    assert not too_old(ASVS, NOW - age, NOW)


@pytest.mark.parametrize(
    ("set_at", "late"),
    [(None, False), (at("2026-02-16T10:01"), False), (at("2026-02-16T10:00"), True)],
)
def test_a_password_given_out_opens_for_14_days(set_at: datetime | None, late: bool) -> None:
    assert too_late(set_at, NOW) is late


def test_whoever_chooses_is_told_the_rules() -> None:
    assert "12 到 128 个字符" in ASVS.words
    assert "每 90 天" in DENGBAO.words
    assert "90" not in ASVS.words
