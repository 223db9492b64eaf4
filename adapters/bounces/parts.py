"""A mail taken apart: headers and MIME parts, in bounded time and memory, whatever the bytes are.

Not the standard library's email package: on hostile mail it recurses without a limit, scans each line
once for every open level, and raises from odd places when headers are broken.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from adapters.bounces.charsets import decode, decode_words, transfer_decode

LIMIT = 1 << 20
"""Bytes of a mail that are looked at; a report says what it has to say in far less."""
HEAD = 1 << 16
VALUE = 4000
DEPTH = 6
PARTS = 60
TEXT = 1 << 17
"""Bytes of one part that are read as text."""

_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:(.*)", re.S)
_END = re.compile(rb"\r?\n[ \t]*\r?\n|\A[ \t]*\r?\n")
_LINE = re.compile(rb"\r?\n(?![ \t])")
_PARAMETER = re.compile(r';\s*([\w-]{1,40})(?:\*0?\*?)?\s*=\s*(?:"([^"]{0,300})"|([^\s;"]{1,300}))')
_KIND = re.compile(r"\s*([\w.+-]{1,60}/[\w.+-]{1,80})")


@dataclass(frozen=True, slots=True)
class Head:
    """Header fields in their order: name in lower case, value unfolded and readable."""

    fields: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """The first value; empty when there is none."""
        return next((value for known, value in self.fields if known == name), "")

    def has(self, *names: str) -> bool:
        return any(known in names for known, _ in self.fields)


@dataclass(frozen=True)
class Part:
    head: Head
    raw: bytes
    """The body as it was sent."""
    depth: int = 0
    ended: bool = True
    """Whether an empty line stood between head and body."""

    @cached_property
    def kind(self) -> str:
        """`text/plain` when nothing is said, as RFC 2045 has it (section 5.2)."""
        found = _KIND.match(self.head.get("content-type"))
        return found[1].lower() if found else "text/plain"

    @cached_property
    def parameters(self) -> dict[str, str]:
        found = _PARAMETER.findall(self.head.get("content-type")[:2000])
        return {name.lower(): quoted or bare for name, quoted, bare in found}

    @cached_property
    def content(self) -> bytes:
        """The body, its transfer encoding undone."""
        return transfer_decode(self.raw, self.head.get("content-transfer-encoding"))

    @cached_property
    def text(self) -> str:
        return decode(_whole(self.content), self.parameters.get("charset", ""))

    @cached_property
    def inner(self) -> "Part":
        """The mail, or only its headers, that stands in this part."""
        return take_apart(self.content.lstrip(b"\r\n"))

    @cached_property
    def parts(self) -> tuple["Part", ...]:
        """Of a multipart; what lies too deep is not looked at."""
        boundary = self.parameters.get("boundary", "").rstrip()
        if not self.kind.startswith("multipart/") or not boundary or self.depth >= DEPTH:
            return ()
        pieces = _split(self.raw, boundary.encode("utf-8", "replace"))
        return tuple(_part(piece, self.depth + 1) for _, piece in zip(range(PARTS), pieces))  # noqa: B905

    def leaves(self) -> Iterator["Part"]:
        """This part, or the leaves of its parts, in their order, not more than PARTS of them."""
        return (leaf for _, leaf in zip(range(PARTS), self._leaves()))  # noqa: B905

    def _leaves(self) -> Iterator["Part"]:
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part._leaves()


def take_apart(mail: bytes) -> Part:
    """The mail as a part; of a longer one only the first LIMIT bytes."""
    return _part(mail[:LIMIT], 0)


def read_head(text: bytes) -> Head:
    """The header fields at the beginning of `text`; lines that are none are passed over."""
    return Head(tuple(_fields(text)))


def _part(piece: bytes, depth: int) -> Part:
    end = _END.search(piece, 0, HEAD)
    if end is None:
        return Part(read_head(piece), b"", depth, ended=False)
    return Part(read_head(piece[: end.start()]), piece[end.end() :], depth)


def _fields(head: bytes) -> Iterator[tuple[str, str]]:
    for line in _LINE.split(head[:HEAD]):
        if found := _FIELD.match(line):
            value = decode(found[2][:VALUE])
            yield found[1].decode("ascii").lower(), decode_words(" ".join(value.split()))


def _split(body: bytes, boundary: bytes) -> Iterator[bytes]:
    """The pieces between lines of `--boundary`; the last one may lack its end."""
    edge = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r?\n|\Z)", re.M)
    start = None
    for found in edge.finditer(body):
        if start is not None:
            yield body[start : found.start()]
        if found[1]:
            return
        start = found.end()
    if start is not None:
        yield body[start:]


def _whole(raw: bytes) -> bytes:
    """At most TEXT bytes, cut at a line's end so that no character is split."""
    return raw if len(raw) <= TEXT else raw[: raw.rfind(b"\n", 0, TEXT) + 1] or raw[:TEXT]
