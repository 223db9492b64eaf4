"""Parts of a mail: what stands between its boundaries, and what may stand in a header."""

import re
from binascii import b2a_base64
from dataclasses import dataclass
from hashlib import sha256
from struct import Struct
from urllib.parse import quote

LINE = 76
LONGEST_NAME = 120
NAME_PIECE = 56
"""Characters of a file's name that one line of its header takes."""

CONTENT_ID = re.compile(r"[a-z0-9.-]{1,40}@[a-z0-9.-]{1,20}", re.ASCII)
TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,70}", re.ASCII)
UNFIT = re.compile(r'[/\\:*?"<>|]')
"""What a file's name must not hold on some system."""
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
class Picture:
    """A PNG that the HTML shows by `cid:` and its id."""

    id: str
    """`chart@duban`: a Content-ID without its angle brackets."""
    png: bytes


@dataclass(frozen=True, slots=True)
class File:
    """What goes along as an attachment."""

    name: str
    """As people see it."""
    type: str
    content: bytes


def part(subtype: bytes, text: str) -> tuple[bytes, ...]:
    return (
        b'Content-Type: text/' + subtype + b'; charset="utf-8"',
        b"Content-Transfer-Encoding: base64",
        b"",
        *base64_lines(_crlf(text)),
    )  # fmt: skip


def _crlf(text: str) -> bytes:
    """With line ends as CRLF, as RFC 2045 asks of text before it is encoded."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        return text.replace("\n", "\r\n").encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadHeader("正文里有不完整的字符") from error


def base64_lines(raw: bytes) -> tuple[bytes, ...]:
    coded = b2a_base64(raw, newline=False)
    whole, rest = divmod(len(coded), LINE)
    lines = Struct(f"{LINE}s" * whole + f"{rest}s").unpack(coded)
    return lines if rest else lines[:-1]


def refuse(what: str, text: str) -> None:
    if found := HOSTILE.search(text):
        raise BadHeader(f"{what}里有不允许的字符 {found[0]!a}：{text[:80]!a}")


def boundary_of(message_id: str) -> str:
    """Never found in a base64 line, for its `_`; the same for the same message."""
    return f"=_{sha256(message_id.encode('utf-8', 'replace')).hexdigest()[:32]}"


def multipart(subtype: str, boundary: str, more: str = "") -> bytes:
    return f'Content-Type: multipart/{subtype};{more}\r\n boundary="{boundary}"'.encode("ascii")


def picture(picture: Picture) -> tuple[bytes, ...]:
    if not CONTENT_ID.fullmatch(picture.id):
        raise BadHeader(f"Content-ID 不合规：{picture.id[:80]!a}")
    return (
        b"Content-Type: image/png",
        b"Content-Transfer-Encoding: base64",
        b"Content-ID: <" + picture.id.encode("ascii") + b">",
        b"Content-Disposition: inline",
        b"",
        *base64_lines(picture.png),
    )  # fmt: skip


def attached(file: File) -> tuple[bytes, ...]:
    if not TYPE.fullmatch(file.type):
        raise BadHeader(f"附件的类型不合规：{file.type[:80]!a}")
    return (
        f"Content-Type: {file.type}".encode("ascii"),
        b"Content-Transfer-Encoding: base64",
        _disposition(file.name),
        b"",
        *base64_lines(file.content),
    )  # fmt: skip


def _disposition(name: str) -> bytes:
    """With the name by RFC 2231, cut where a line would be too long; never within a `%E5`."""
    refuse("附件名", name)
    blank = name != name.strip() or not name.strip(".")
    if blank or len(name) > LONGEST_NAME or UNFIT.search(name):
        raise BadHeader(f"附件名不合规：{name[:80]!a}")
    signs = [quote(sign, safe="") for sign in name]
    pieces = ["UTF-8''"]
    for sign in signs:
        if len(pieces[-1]) + len(sign) > NAME_PIECE:
            pieces.append("")
        pieces[-1] += sign
    if len(pieces) == 1:
        named = [f" filename*={pieces[0]}"]
    else:
        named = [f" filename*{number}*={piece}" for number, piece in enumerate(pieces)]
    return "\r\n".join(["Content-Disposition: attachment;", *_joined(named)]).encode("ascii")


def _joined(parameters: list[str]) -> list[str]:
    return [f"{one};" for one in parameters[:-1]] + parameters[-1:]
