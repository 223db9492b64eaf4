"""A look at the mail server: connect, encrypt, log in and hang up, without sending anything."""

import asyncio
import errno
import re
import socket
import ssl
from dataclasses import dataclass, field, replace
from enum import StrEnum

from aiosmtplib import SMTPResponseException

from adapters.certificate import Certificate, certificate_of, tolerant
from adapters.line import Hold, Line
from adapters.outcome import LOGIN_WANTED, Step, clean
from adapters.server import Server, Timeouts

PATIENCE = 10.0
"""Seconds for everything together."""


class Cause(StrEnum):
    """Why the look ended before its time."""

    NO_HOST = "no host"
    """Its name has no address."""
    REFUSED = "refused"
    """Nobody listens at that port."""
    UNREACHABLE = "unreachable"
    SILENT = "silent"
    """No connection, and no refusal either: a firewall, or a wrong address."""
    MUTE = "mute"
    """Connected, and then no greeting: it waits for TLS, as on port 465, or is overloaded."""
    NOT_TLS = "not tls"
    """It does not speak TLS from the first byte."""
    NO_STARTTLS = "no starttls"
    NO_AUTHORITIES = "no authorities"
    """The file of mail.ca cannot be read."""
    EXPIRED = "expired"
    NOT_YET = "not yet"
    WRONG_NAME = "wrong name"
    UNTRUSTED = "untrusted"
    HANDSHAKE = "handshake"
    """No TLS that both sides know."""
    WRONG_LOGIN = "wrong login"
    NO_MECHANISM = "no mechanism"
    ANSWERED = "answered"
    """Another answer than the one that is needed; it stands in `code` and `reply`."""
    NOT_SMTP = "not smtp"
    LOST = "lost"
    SLOW = "slow"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Probe:
    """What was seen. `step` is the last one that was begun."""

    step: Step
    cause: Cause | None = None
    """None: all went well."""
    code: int | None = None
    reply: str = ""
    """The server's words, or the system's."""
    offers: dict[str, str] = field(default_factory=dict)
    """What EHLO offered, in lower case -> parameters; after STARTTLS, what it offers then."""
    logins: tuple[str, ...] = ()
    protocol: str = ""
    """`TLSv1.3`; empty where nothing is encrypted."""
    certificate: Certificate | None = None
    """Also that of a server which was refused for its name or its time."""


async def probe(server: Server, patience: float = PATIENCE) -> Probe:
    """Raises nothing but CancelledError."""
    hasty = Timeouts(connect=patience, reply=patience, farewell=patience / 5)
    server = replace(server, timeouts=hasty)
    try:
        trust = None if server.tls == "none" else server.trust()
    except OSError as fault:
        return Probe(Step.CONNECT, Cause.NO_AUTHORITIES, reply=str(fault))
    found = await _look(Line(server, trust), patience)
    if found.cause not in (Cause.WRONG_NAME, Cause.EXPIRED, Cause.NOT_YET):
        return found
    nameless = replace(server, user=None, password=None)
    again = await _look(Line(nameless, tolerant(server.trust())), patience / 2)
    return replace(found, certificate=again.certificate)


async def _look(line: Line, patience: float) -> Probe:
    try:
        async with asyncio.timeout(patience):
            await line.open()
        seen = _seen(line)
        await line.quit()
        return seen
    except Exception as fault:
        return _ended(_seen(line), line, fault)
    finally:
        line.abort()


def _seen(line: Line) -> Probe:
    transport = line.wire.transport if line.usable else None
    encrypted = transport.get_extra_info("ssl_object") if transport else None
    return Probe(
        line.step,
        offers=dict(line.offers),
        logins=tuple(line.logins),
        protocol=(encrypted.version() or "") if encrypted else "",
        certificate=certificate_of(encrypted) if encrypted else None,
    )


def _ended(seen: Probe, line: Line, fault: Exception) -> Probe:
    secrets = line.server.secrets
    match fault:
        case SMTPResponseException(code=code, message=message) if 400 <= code <= 599:
            wrong = line.step is Step.AUTH and code in LOGIN_WANTED
            cause = Cause.WRONG_LOGIN if wrong else Cause.ANSWERED
            return replace(seen, cause=cause, code=code, reply=clean(message, secrets))
        case SMTPResponseException(message=message):
            return replace(seen, cause=Cause.NOT_SMTP, reply=clean(message, secrets))
    return replace(seen, cause=_cause(line, fault), reply=clean(_said(fault), secrets))


def _said(fault: Exception) -> str:
    match fault:
        case ssl.SSLCertVerificationError():
            return fault.verify_message
        case ssl.SSLError():
            return fault.reason or str(fault)
    return str(fault)


def _cause(line: Line, fault: Exception) -> Cause:
    match fault:
        case Hold():
            return Cause.NO_MECHANISM if line.step is Step.AUTH else Cause.NO_STARTTLS
        case ssl.SSLCertVerificationError():
            return CERTIFICATE.get(fault.verify_code, Cause.UNTRUSTED)
        case ssl.SSLEOFError():
            return Cause.LOST
        case ssl.SSLError():
            return Cause.NOT_TLS if (fault.reason or "") in PLAIN else Cause.HANDSHAKE
        case TimeoutError() if line.step is Step.CONNECT:
            return Cause.MUTE if line.usable else Cause.SILENT
        case TimeoutError():
            return Cause.SLOW
        case socket.gaierror():
            return Cause.NO_HOST
        case OSError() if number := _number(fault):
            return SYSTEM.get(number, Cause.OTHER)
        case ConnectionError():
            return Cause.LOST
    return Cause.OTHER


CERTIFICATE = {
    9: Cause.NOT_YET,
    10: Cause.EXPIRED,
    62: Cause.WRONG_NAME,
    64: Cause.WRONG_NAME,
}
"""OpenSSL's X509_V_ERR_*: not yet valid, expired, mismatch of the host's name, of its address."""

PLAIN = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST", "UNKNOWN_PROTOCOL")
"""OpenSSL's words for an answer that is not TLS at all."""

SYSTEM = {
    errno.ECONNREFUSED: Cause.REFUSED,
    errno.ENETUNREACH: Cause.UNREACHABLE,
    errno.EHOSTUNREACH: Cause.UNREACHABLE,
    errno.EADDRNOTAVAIL: Cause.UNREACHABLE,
    errno.ETIMEDOUT: Cause.SILENT,
    errno.ECONNRESET: Cause.LOST,
    errno.EPIPE: Cause.LOST,
    errno.ECONNABORTED: Cause.LOST,
}


def _number(fault: OSError) -> int:
    """asyncio makes one error without a number of those of several addresses; the first one counts."""
    if fault.errno:
        return fault.errno
    found = re.search(r"\[Errno (\d+)\]", str(fault))
    return int(found[1]) if found else 0
