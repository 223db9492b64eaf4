"""One-time codes (TOTP, RFC 6238): six digits, a new one every 30 seconds."""

import hmac
from datetime import datetime

import pyotp
import segno

STEP = 30
DRIFT = 1
"""Steps that a telephone's clock may be off."""
MASK = 0
"""The chessboard. Each of the eight can be read; to try them all for the evenest takes most of the time."""


def new_secret() -> str:
    """160 bits in base32, as authenticator apps take them."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, at: datetime, used: int) -> int | None:
    """The step that `code` belongs to; None when it fits none after `used`: each is good once."""
    code = "".join(code.split())
    now = int(at.timestamp()) // STEP
    maker = pyotp.TOTP(secret)
    for step in range(max(now - DRIFT, used + 1), now + DRIFT + 1):
        if hmac.compare_digest(maker.generate_otp(step).encode(), code.encode("utf-8", "replace")):
            return step
    return None


def picture(secret: str, login: str, issuer: str) -> str:
    """The QR code that an app reads, as an address of an image (`data:`)."""
    address = pyotp.TOTP(secret, name=login, issuer=issuer).provisioning_uri()
    code = segno.make_qr(address, error="m", mask=MASK)
    return code.svg_data_uri(scale=5, border=3, light="#fff")


def spaced(secret: str) -> str:
    """For typing it in: `ABCD EFGH …`."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
