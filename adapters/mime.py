"""A letter's text and HTML -> the exact bytes that go on the wire: of one shape, and of another where
pictures or files go along.

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

from adapters.mimeparts import (
    LINE,
    BadHeader,
    File,
    Picture,
    attached,
    boundary_of,
    multipart,
    part,
    picture,
    refuse,
)

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
    pictures: tuple[Picture, ...] = ()
    files: tuple[File, ...] = ()


def build(envelope: Mail) -> bytes:
    """The complete message, CRLF throughout; the same mail always gives the same bytes.

    Raises BadHeader before anything is built when a name, address or subject is not fit to be one.
    """
    boundary = boundary_of(envelope.message_id)
    mixed = bool(envelope.files)
    headers = [*_headers(envelope), *_mime_headers("mixed" if mixed else "alternative", boundary)]
    head = "\r\n".join(line for _, line in headers).encode("ascii")
    _check(head, [name for name, _ in headers])
    edge = b"--" + boundary.encode("ascii")
    if mixed:
        return b"\r\n".join((head, b"", *_with_files(envelope, edge), b""))
    return b"\r\n".join((head, b"", *_alternative(envelope, edge), b""))


def _alternative(mail: Mail, edge: bytes) -> tuple[bytes, ...]:
    html = _related(mail) if mail.pictures else part(b"html", mail.html)
    return (edge, *part(b"plain", mail.text), edge, *html, edge + b"--")


def _with_files(mail: Mail, edge: bytes) -> Iterator[bytes]:
    """RFC 2046, 5.1.3: what is read first, then the files."""
    inner = boundary_of(f"{mail.message_id} alternative")
    yield edge
    yield multipart("alternative", inner)
    yield b""
    yield from _alternative(mail, b"--" + inner.encode("ascii"))
    for file in mail.files:
        yield edge
        yield from attached(file)
    yield edge + b"--"


def _related(mail: Mail) -> tuple[bytes, ...]:
    """RFC 2387: the HTML, then the pictures that it shows."""
    boundary = boundary_of(f"{mail.message_id} related")
    edge = b"--" + boundary.encode("ascii")
    shown = [line for one in mail.pictures for line in (edge, *picture(one))]
    head = multipart("related", boundary, ' type="text/html";')
    return (head, b"", edge, *part(b"html", mail.html), *shown, edge + b"--")


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


def _mime_headers(subtype: str, boundary: str) -> Iterator[tuple[str, str]]:
    yield "MIME-Version", "MIME-Version: 1.0"
    yield "Content-Type", multipart(subtype, boundary).decode("ascii")


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
    refuse(f"{what}姓名", name)
    plain = len(name) <= BASE64_LINE and ATOMS.fullmatch(name)
    words = [name] if plain else _encoded_words(name, room=LINE - len(header) - 2)
    return _fold(f"{header}:", [*words, f"<{address}>"])


def _subject(subject: str) -> str:
    if not subject:
        raise BadHeader("主题是空的")
    refuse("主题", subject)
    plain = len(subject) <= BASE64_LINE and PLAIN.fullmatch(subject)
    words = [subject] if plain else _encoded_words(subject, room=LINE - len("Subject: "))
    return _fold("Subject:", words)


def _token(header: str, value: str, shape: re.Pattern[str]) -> str:
    if len(value) > LONGEST_TOKEN or not shape.fullmatch(value) or "=?" in value:
        raise BadHeader(f"{header} 不合规：{value[:80]!a}")
    return _fold(f"{header}:", [value])


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


def _check(head: bytes, names: list[str]) -> None:
    """Reads the finished head again: exactly the headers that were meant, and no bare CR or LF."""
    lines = head.split(b"\r\n")
    found = [line.partition(b":")[0].decode("ascii") for line in lines if line[:1] != b" "]
    if found != names or head.count(b"\r") != len(lines) - 1 or head.count(b"\n") != len(lines) - 1:
        raise BadHeader(f"邮件头与预期不符：{found!a}")
