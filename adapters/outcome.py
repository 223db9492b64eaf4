"""How handing over one mail ended: the reactions of docs/promise.md as pure functions."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

LONGEST_REPLY = 500
SERVICE_CLOSING = 421
TOO_BIG = 552
LOGIN_WANTED = frozenset({530, 534, 535, 538})
"""Replies about our own login, at whatever step they come (RFC 4954, section 6)."""

_UNFIT = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")
"""Blanks, control characters, and overrides of direction, which make a line read as another."""


class Verdict(StrEnum):
    ACCEPTED = "accepted"
    """The server answered 2xx after the final dot."""
    DEFERRED = "deferred"
    """Surely not accepted; to be tried again later."""
    FAILED = "failed"
    """Surely not accepted, for good."""
    HELD = "held"
    """Surely not accepted; a person must mend something first. Not to be counted as an attempt."""
    AMBIGUOUS = "ambiguous"
    """Perhaps accepted: the connection failed after the body was begun."""


class Step(StrEnum):
    """Where the conversation stood, in its order."""

    CONNECT = "connect"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"
    """After the caller recorded that the body is begun, before the final dot is on its way."""
    DOT = "dot"

    @property
    def about_server(self) -> bool:
        """Trouble at this step is every letter's trouble."""
        return self in _ABOUT_SERVER

    @property
    def after_body(self) -> bool:
        return self in (Step.BODY, Step.DOT)


_ABOUT_SERVER = (Step.CONNECT, Step.EHLO, Step.STARTTLS, Step.AUTH)


@dataclass(frozen=True, slots=True)
class Outcome:
    verdict: Verdict
    step: Step
    code: int | None
    """The server's; None when there was no proper reply."""
    reply: str
    """The server's words, or ours in Chinese when it said nothing; one line, no credentials."""
    server_wide: bool = False
    """Leave the whole server alone for a while, not just this letter."""
    stop: bool = False
    """Nothing may be tried again until a person has mended something."""
    rest: timedelta | None = None
    """How long the server wants to be left alone, where that is known."""


def accepted(code: int, reply: str) -> Outcome:
    return Outcome(Verdict.ACCEPTED, Step.DOT, code, reply)


def answered(step: Step, code: int, reply: str) -> Outcome:
    """What a reply means that is not the one which the step asks for."""
    if not 400 <= code <= 599:
        return broken(step, f"服务器的应答不合规：{code if code >= 0 else ''} {reply}")
    if code < 500:
        wide = code == SERVICE_CLOSING or step.about_server
        return Outcome(Verdict.DEFERRED, step, code, reply, server_wide=wide)
    if code in LOGIN_WANTED or _refuses_us(step, code):
        stop = code in LOGIN_WANTED
        return Outcome(Verdict.HELD, step, code, reply, server_wide=True, stop=stop)
    return Outcome(Verdict.FAILED, step, code, reply)


def _refuses_us(step: Step, code: int) -> bool:
    """A 5xx before RCPT is about the server or the sender, not about this letter (552 is)."""
    return step.about_server or (step is Step.MAIL and code != TOO_BIG)


def broken(step: Step, why: str) -> Outcome:
    """The conversation ended without an answer: dropped, timed out, or not SMTP."""
    if step.after_body:
        return Outcome(Verdict.AMBIGUOUS, step, None, why)
    return Outcome(Verdict.DEFERRED, step, None, why, server_wide=step.about_server)


def held(step: Step, why: str) -> Outcome:
    return Outcome(Verdict.HELD, step, None, why, server_wide=True)


def failed(step: Step, why: str) -> Outcome:
    return Outcome(Verdict.FAILED, step, None, why)


def clean(reply: str, secrets: tuple[str, ...] = ()) -> str:
    """One printable line of 500 characters at most, without any of `secrets`.

    Replies come with undecodable bytes as surrogates; those of Chinese providers may be GB 18030.
    """
    if not secrets and reply.isascii() and reply.isprintable() and len(reply) <= LONGEST_REPLY:
        return reply.strip()
    raw = reply.encode("utf-8", "surrogateescape")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    for secret in secrets:
        text = text.replace(secret, "***")
    return _UNFIT.sub(" ", text).strip()[:LONGEST_REPLY]
