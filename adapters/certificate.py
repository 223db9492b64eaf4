"""A server's certificate: for whom it was made, by whom, and until when."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

ANY_TIME = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which the ssl module does not name."""


@dataclass(frozen=True, slots=True)
class Certificate:
    names: tuple[str, ...]
    """Hosts and addresses that it is good for, as they stand in it: `*.example.com`."""
    issuer: str
    begins: datetime
    ends: datetime


def certificate_of(encrypted: ssl.SSLObject) -> Certificate | None:
    """The other side's; None when it was not verified, for then nothing is known of it."""
    held: dict[str, Any] = encrypted.getpeercert() or {}
    if not held:
        return None
    names = [name for _, name in held.get("subjectAltName", ())]
    return Certificate(
        tuple(names) or _values(held["subject"], "commonName"),
        "".join(_values(held["issuer"], "organizationName")[:1])
        or "".join(_values(held["issuer"], "commonName")[:1]),
        _instant(held["notBefore"]),
        _instant(held["notAfter"]),
    )


def tolerant(trust: ssl.SSLContext) -> ssl.SSLContext:
    """Changes `trust` to accept a wrong name and a wrong time, to look at the certificate and no more."""
    trust.check_hostname = False
    trust.verify_flags = ssl.VerifyFlags(trust.verify_flags | ANY_TIME)
    return trust


def _values(parts: Any, wanted: str) -> tuple[str, ...]:
    return tuple(value for part in parts for key, value in part if key == wanted)


def _instant(text: str) -> datetime:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC)
