"""One-time codes, by the test vectors of RFC 6238 (appendix B, SHA-1, the last six digits)."""

from base64 import b32encode
from datetime import UTC, datetime

import pytest

from adapters.totp import new_secret, picture, spaced, step_of

SECRET = b32encode(b"12345678901234567890").decode()
VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
]


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_the_codes_of_the_standard_are_known(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)

    assert step_of(SECRET, code, at, 0) == seconds // 30
    assert step_of(SECRET, f" {code[:3]} {code[3:]} ", at, 0) == seconds // 30


def test_a_code_is_not_good_after_its_step_was_used() -> None:
    at = datetime.fromtimestamp(1234567890, UTC)
    step = 1234567890 // 30

    assert step_of(SECRET, "005924", at, step - 1) == step
    assert step_of(SECRET, "005924", at, step) is None
    assert step_of(SECRET, "005924", at, step + 5) is None


@pytest.mark.parametrize(
    "code", ["", "5924", "００５９２４", "005924x", "风", "\ud800", "0" * 5000]
)
def test_what_is_no_code_fits_nothing(code: str) -> None:
    assert step_of(SECRET, code, datetime.fromtimestamp(1234567890, UTC), 0) is None


def test_a_secret_has_160_bits_and_is_shown_in_groups() -> None:
    secret = new_secret()

    assert len(secret) == 32
    assert new_secret() != secret
    assert spaced(secret).replace(" ", "") == secret
    assert picture(secret, "liwei", "督办台").startswith("data:image/svg+xml")
