"""A letter's text and HTML -> the exact bytes that go on the wire, always of one shape.

Not the standard library's email.message: that costs far more (benchmarks/mime.py), and on Python
3.11 and 3.12 an encoded word in a name or subject can make it write a header of the word's own.
"""

import re
from binascii import b2a_base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from struct import Struct

LINE = 76
BASE64_LINE = 57
"""Bytes that make one line of 76 base64 characters."""
WORD_BYTES = 45
"""Bytes that fit one encoded word: `=?utf-8?b?` + 60 + `?=` is 72 of the 75 that are allowed."""
LONGEST_TOKEN = 320

ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}", re.ASCII)
MESSAGE_ID = re.compile(r"<[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9.-]+>", re.ASCII)
TOKEN = re.compile(r"[!-~]+")
PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")
ATOMS = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
HOSTILE = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # control characters
    "\u2028\u2029"  # separators of lines and paragraphs
    "\u202a-\u202e\u2066-\u2069"  # overrides of direction, which make a name read as another
    "\ud800-\udfff]"  # halves of characters
    r"|=\?"  # the beginning of an encoded word
)


class BadHeader(ValueError):
    """What would stand in a header is refused; the message, in Chinese, says which and why."""


@dataclass(frozen=True, slots=True)
class Mail:
    """Everything that one mail says and to whom."""

    message_id: str
    """With its angle brackets."""
    date: datetime
    """Aware."""
    sender_name: str
    """May be empty, like recipient_name."""
    sender: str
    recipient_name: str
    recipient: str
    subject: str
    text: str
    html: str
    kind: str
    letter_id: str
    reply_to: str | None = None


def build(envelope: Mail) -> bytes:
    """The complete message, CRLF throughout; the same mail always gives the same bytes.

    Raises BadHeader before anything is built when a name, address or subject is not fit to be one.
    """
    boundary = _boundary(envelope.message_id)
    headers = [*_headers(envelope), *_mime_headers(boundary)]
    head = "\r\n".join(line for _, line in headers).encode("ascii")
    _check(head, [name for name, _ in headers])
    edge = b"--" + boundary.encode("ascii")
    return b"\r\n".join((
        head,
        b"",
        edge,
        *_part(b"plain", envelope.text),
        edge,
        *_part(b"html", envelope.html),
        edge + b"--",
        b"",
    ))  # fmt: skip


def _headers(mail: Mail) -> Iterator[tuple[str, str]]:
    yield "Date", _date(mail.date)
    yield "From", _sender(mail.sender_name, mail.sender)
    yield "To", _mailbox("To", "收件人", mail.recipient_name, mail.recipient)
    if mail.reply_to is not None:
        yield "Reply-To", _mailbox("Reply-To", "回复地址", "", mail.reply_to)
    yield "Subject", _subject(mail.subject)
    yield "Message-ID", _token("Message-ID", mail.message_id, MESSAGE_ID)
    yield "Auto-Submitted", "Auto-Submitted: auto-generated"
    yield "X-Auto-Response-Suppress", "X-Auto-Response-Suppress: All"
    yield "X-Duban-Kind", _token("X-Duban-Kind", mail.kind, TOKEN)
    yield "X-Duban-Letter", _token("X-Duban-Letter", mail.letter_id, TOKEN)


def _mime_headers(boundary: str) -> Iterator[tuple[str, str]]:
    yield "MIME-Version", "MIME-Version: 1.0"
    yield (
        "Content-Type",
        f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"',
    )


def _date(date: datetime) -> str:
    if date.tzinfo is None:
        raise BadHeader("日期没有时区")
    return f"Date: {_stamp(date, date.utcoffset())}"


@lru_cache(maxsize=16)
def _stamp(date: datetime, _offset: timedelta | None) -> str:
    """One a morning; the offset keeps apart the same instant in two zones, which are equal."""
    return format_datetime(date)


@lru_cache(maxsize=16)
def _sender(name: str, address: str) -> str:
    return _mailbox("From", "发件人", name, address)


def _mailbox(header: str, what: str, name: str, address: str) -> str:
    if not ADDRESS.fullmatch(address) or "=?" in address:
        raise BadHeader(f"{what}的邮箱地址不合规：{address!a}")
    if not name:
        return _fold(f"{header}:", [address])
    _refuse(f"{what}姓名", name)
    plain = len(name) <= BASE64_LINE and ATOMS.fullmatch(name)
    words = [name] if plain else _encoded_words(name, room=LINE - len(header) - 2)
    return _fold(f"{header}:", [*words, f"<{address}>"])


def _subject(subject: str) -> str:
    if not subject:
        raise BadHeader("主题是空的")
    _refuse("主题", subject)
    plain = len(subject) <= BASE64_LINE and PLAIN.fullmatch(subject)
    words = [subject] if plain else _encoded_words(subject, room=LINE - len("Subject: "))
    return _fold("Subject:", words)


def _token(header: str, value: str, shape: re.Pattern[str]) -> str:
    if len(value) > LONGEST_TOKEN or not shape.fullmatch(value) or "=?" in value:
        raise BadHeader(f"{header} 不合规：{value[:80]!a}")
    return _fold(f"{header}:", [value])


def _refuse(what: str, text: str) -> None:
    if found := HOSTILE.search(text):
        raise BadHeader(f"{what}里有不允许的字符 {found[0]!a}：{text[:80]!a}")


def _encoded_words(text: str, room: int) -> list[str]:
    """RFC 2047 words, the first one fit for a line with `room` left; none splits a character."""
    raw = text.encode("utf-8")
    words, start, most = [], 0, (room - 12) // 4 * 3
    while start < len(raw):
        end = min(start + min(most, WORD_BYTES), len(raw))
        while end < len(raw) and raw[end] & 0xC0 == 0x80:
            end -= 1
        words.append(f"=?utf-8?b?{b2a_base64(raw[start:end], newline=False).decode('ascii')}?=")
        start, most = end, WORD_BYTES
    return words


def _fold(line: str, words: list[str]) -> str:
    """Words joined by spaces, a new line begun where the next word would pass column 76."""
    lines = [line]
    for word in words:
        if len(lines[-1]) + 1 + len(word) <= LINE:
            lines[-1] += f" {word}"
        else:
            lines.append(f" {word}")
    return "\r\n".join(lines)


def _boundary(message_id: str) -> str:
    """Never found in a base64 line, for its `_`; the same for the same message."""
    return f"=_{sha256(message_id.encode('utf-8', 'replace')).hexdigest()[:32]}"


def _part(subtype: bytes, text: str) -> tuple[bytes, ...]:
    return (
        b'Content-Type: text/' + subtype + b'; charset="utf-8"',
        b"Content-Transfer-Encoding: base64",
        b"",
        *_base64_lines(text),
    )  # fmt: skip


def _base64_lines(text: str) -> tuple[bytes, ...]:
    """With line ends as CRLF, as RFC 2045 asks of text before it is encoded."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        raw = text.replace("\n", "\r\n").encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadHeader("正文里有不完整的字符") from error
    coded = b2a_base64(raw, newline=False)
    whole, rest = divmod(len(coded), LINE)
    lines = Struct(f"{LINE}s" * whole + f"{rest}s").unpack(coded)
    return lines if rest else lines[:-1]


def _check(head: bytes, names: list[str]) -> None:
    """Reads the finished head again: exactly the headers that were meant, and no bare CR or LF."""
    lines = head.split(b"\r\n")
    found = [line.partition(b":")[0].decode("ascii") for line in lines if line[:1] != b" "]
    if found != names or head.count(b"\r") != len(lines) - 1 or head.count(b"\n") != len(lines) - 1:
        raise BadHeader(f"邮件头与预期不符：{found!a}")
