"""The embedded mail catcher: a real SMTP server that keeps every mail and passes none on."""

import asyncio
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from functools import cached_property
from ipaddress import ip_address
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from weakref import WeakSet

from aiosmtpd.smtp import SMTP

SUFFIX = ".eml"


@dataclass(frozen=True)
class Caught:
    """One mail for one recipient, as it came over the line."""

    sender: str
    """Of the envelope, as is `recipient`."""
    recipient: str
    mime: bytes
    path: Path | None = None
    """The file that holds it, when the catcher has a folder."""

    @cached_property
    def message(self) -> Message:
        """Parsed, with its headers still encoded: the newer parser takes five times as long."""
        return message_from_bytes(self.mime)

    @cached_property
    def headers(self) -> dict[str, str]:
        """Decoded, by name; of a name that stands twice, the first."""
        found: dict[str, str] = {}
        for name, value in self.message.items():
            found.setdefault(name, _decoded(value))
        return found

    @property
    def recipient_name(self) -> str:
        """From the To header; empty when only the address is known."""
        return _decoded(parseaddr(self.message.get("To", ""))[0])

    def part(self, subtype: str) -> str:
        """The text of the first `plain` or `html` part; empty when there is none."""
        for part in self.message.walk():
            if part.get_content_type() == f"text/{subtype}":
                content = part.get_payload(decode=True)
                assert isinstance(content, bytes)
                return content.decode(part.get_content_charset("utf-8"), "replace")
        return ""

    @property
    def shown(self) -> str:
        """The `html` part with the pictures that it shows in it, so that it stands by itself."""
        html = self.part("html")
        for part in self.message.walk():
            id = part.get("Content-ID", "").strip(" <>")
            if id and part.get_content_type() == "image/png":
                coded = b64encode(part.get_payload(decode=True) or b"").decode("ascii")  # type: ignore[arg-type]
                html = html.replace(f"cid:{id}", f"data:image/png;base64,{coded}")
        return html

    @property
    def files(self) -> list[str]:
        """Names of what is attached."""
        parts = (part for part in self.message.walk() if not part.is_multipart())
        named = (part for part in parts if part.get_content_disposition() == "attachment")
        return [_decoded(part.get_filename("")) for part in named]


class Catcher:
    """`async with Catcher(folder) as catcher:` mail to catcher.host and catcher.port is in
    catcher.caught once the server has answered 250, and in folder/NNNN.eml if a folder is given.

    Runs in the loop of its caller, on the loopback interface and nowhere else.
    """

    def __init__(self, folder: Path | None = None, host: str = "127.0.0.1", port: int = 0) -> None:
        """Port 0 takes a free one. Raises ValueError when `host` is not a loopback address."""
        if not _is_loopback(host):
            raise ValueError(f"收件箱只能开在本机回环地址上，不能是 {host}")
        self.host, self.port, self.folder = host, port, folder
        self.caught: list[Caught] = []
        self._numbers: Iterator[int] = count(1)
        self._server: asyncio.Server | None = None
        self._talks: WeakSet[Any] = WeakSet()

    async def __aenter__(self) -> Self:
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._numbers = count(1 + max(map(_number, mail_files(self.folder)), default=0))
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._talk, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        for talk in self._talks:
            if talk.transport is not None:
                talk.transport.abort()
        await asyncio.sleep(0)  # lets them end

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Called by aiosmtpd. Only what could be kept is accepted."""
        for recipient in envelope.rcpt_tos:
            try:
                path = self._file(envelope.content)
            except OSError as fault:
                return f"452 4.3.1 cannot keep it: {fault.strerror}"
            self.caught.append(Caught(envelope.mail_from, recipient, envelope.content, path))
        return "250 2.0.0 kept"

    def _talk(self) -> Any:
        loop = asyncio.get_running_loop()
        talk = SMTP(self, loop=loop, hostname="duban", ident="catcher")
        self._talks.add(talk)
        return talk

    def _file(self, mime: bytes) -> Path | None:
        if self.folder is None:
            return None
        path = self.folder / f"{next(self._numbers):04}{SUFFIX}"
        with path.open("xb") as file:
            file.write(mime)
        return path


def mail_files(folder: Path) -> list[Path]:
    """The mails that a catcher left in a folder, in the order in which they came."""
    return sorted((path for path in folder.glob(f"*{SUFFIX}") if _number(path)), key=_number)


def read_mails(folder: Path) -> list[Caught]:
    """Those mails again; the envelope is taken from the From and To headers."""
    return [_read(path) for path in mail_files(folder)]


def _read(path: Path) -> Caught:
    mail = Caught("", "", path.read_bytes(), path)
    sender, recipient = (parseaddr(mail.message.get(name, ""))[1] for name in ("From", "To"))
    return Caught(sender, recipient, mail.mime, path)


def _decoded(value: str) -> str:
    """RFC 2047 words as text, on one line."""
    try:
        text = str(make_header(decode_header(value)))
    except (LookupError, ValueError):
        text = str(value)
    return " ".join(text.splitlines()).strip()


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _number(path: Path) -> int:
    """0 for a file that is not one of ours."""
    return int(path.stem) if path.stem.isascii() and path.stem.isdigit() else 0
