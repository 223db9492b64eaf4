"""A mail server that follows a script: at each step it answers, drops, hangs or talks nonsense."""

import asyncio
import ssl
import struct
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from ipaddress import ip_address
from pathlib import Path
from socket import SO_LINGER, SO_RCVBUF, SOL_SOCKET, socket
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Act(Enum):
    DROP = "close the connection"
    RESET = "cut the connection with a TCP reset"
    HANG = "say nothing more and read nothing more"
    GARBAGE = "an answer that is not SMTP"


@dataclass(frozen=True)
class Late:
    """The answer, after some seconds."""

    answer: str
    seconds: float


@dataclass(frozen=True)
class Last:
    """The answer, and then nothing but the end of the connection."""

    answer: str


@dataclass(frozen=True)
class Fault:
    """A deed that leaves a mark in Talk.said."""

    deed: "Deed"


Deed = str | bytes | Act | Late | Last | Fault
"""Text is an answer; bytes are written as they are, and after them the client has to hang up."""

USUAL: dict[str, Deed] = {
    "greeting": "220 script",
    "ehlo": "250-script\r\n250-SIZE 30000000\r\n250 HELP",
    "starttls": "220 go ahead",
    "auth": "235 welcome",
    "mail": "250 ok",
    "rcpt": "250 ok",
    "data": "354 go ahead",
    "dot": "250 2.0.0 taken",
    "rset": "250 ok",
    "quit": "221 bye",
}
ENVELOPE = ("mail", "rcpt")
FAULT = "FAULT"


class Script:
    """`async with Script(rcpt="550 no such user") as server:`; a list of deeds is used up in turn,
    its last one again and again. Steps are USUAL's and `body`, which happens after some bytes.
    """

    def __init__(
        self,
        *,
        tls: ssl.SSLContext | None = None,
        implicit: bool = False,
        lenient: bool = False,
        **deeds,
    ):
        """`lenient`: it says 354 although every recipient was refused, as RFC 2920 allows."""
        self.tls, self.implicit, self.lenient = tls, implicit, lenient
        self.deeds: dict[str, list[Deed]] = {
            step: list(deed) if isinstance(deed, list) else [deed]
            for step, deed in {**USUAL, **deeds}.items()
        }
        self.said: list[str] = []
        """Commands in their order, over all connections."""
        self.talks: list[Talk] = []
        """One for each connection."""
        self.mails: list[bytes] = []
        """What came between 354 and the final dot, dots undoubled, whether accepted or not."""
        self.body = 0
        """Bytes of bodies that came."""
        self.connections = 0
        self.ended = Counter[str]()
        """How connections ended: `quit`, `cut`."""
        self._over = asyncio.Event()
        self._reached: dict[str, asyncio.Event] = {}
        self._talks: set[asyncio.Task] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        context = self.tls if self.implicit else None
        door = socket()
        door.setsockopt(SOL_SOCKET, SO_RCVBUF, 65536)  # so that megabytes do not fit the line
        door.bind(("127.0.0.1", 0))
        self._server = await asyncio.start_server(self._serve, sock=door, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_) -> None:
        self._over.set()
        self._server.close()
        if self._talks:
            await asyncio.wait(self._talks, timeout=2)
        for writer in self._writers:  # of clients that did not hang up
            writer.transport.abort()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def idle(self) -> None:
        """Until every connection has ended."""
        while self._talks:
            await asyncio.gather(*self._talks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._talks.add(task)
        self._writers.add(writer)
        self.connections += 1
        talk = Talk(self, reader, writer)
        self.talks.append(talk)
        try:
            await talk.run()
        except (_Over, OSError, asyncio.IncompleteReadError):
            self.ended["cut"] += 1
        finally:
            writer.transport.abort()
            del talk.reader, talk.writer
            self._writers.discard(writer)
            self._talks.discard(task)

    async def reached(self, step: str) -> None:
        """Until a client stands at `step`."""
        await self._reached.setdefault(step, asyncio.Event()).wait()

    @property
    def hangs(self) -> bool:
        """Somewhere the client has to run out of patience."""
        return any(Act.HANG in deeds for deeds in self.deeds.values())

    def deed(self, step: str) -> Deed | None:
        self._reached.setdefault(step, asyncio.Event()).set()
        deeds = self.deeds.get(step)
        if not deeds:
            return None
        return deeds.pop(0) if len(deeds) > 1 else deeds[0]

    async def until_over(self, most: float | None = None) -> None:
        """For `most` seconds at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(most):
                await self._over.wait()


class _Over(Exception):
    """This conversation ends here."""


class Talk:
    def __init__(self, script: Script, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self.script, self.reader, self.writer = script, reader, writer
        self.said: list[str] = []
        """Steps as they came; `body` when a body began, FAULT where a fault was done."""
        self._refused = False
        self._ahead = b""

    async def run(self) -> None:
        await self.do("greeting")
        while True:
            line = await self.line()
            self.script.said.append(line)
            step = line.split(" ")[0].lower()
            self.said.append(step)
            if self._out_of_order(step):
                continue
            answer = await self.do(step if step in self.script.deeds else "auth")
            self._refused = self._refused or (step in ENVELOPE and answer[:1] != "2")
            if step == "starttls" and answer.startswith("220"):
                await self.writer.start_tls(self.script.tls)
            if step == "data" and answer.startswith("354"):
                await self.take_body()
            if step == "quit":
                self.script.ended["quit"] += 1
                return

    def _out_of_order(self, step: str) -> bool:
        """What was written together with a refused command is refused as well (RFC 2920, 3.1)."""
        if step in ("mail", "rset", "ehlo"):
            self._refused = False
        if not self._refused or step not in ("rcpt", "data") or self.script.lenient:
            return False
        self.writer.write(b"503 5.5.1 out of order\r\n")
        return True

    async def do(self, step: str) -> str:
        return await self.perform(self.script.deed(step))

    async def perform(self, deed: Deed | None) -> str:
        if isinstance(deed, Fault):
            self.said.append(FAULT)
            deed = deed.deed
        if isinstance(deed, Late):
            await self.script.until_over(deed.seconds)
            deed = deed.answer
        if isinstance(deed, str):
            self.writer.write(deed.encode() + b"\r\n")
            await self.writer.drain()
            return deed
        await self.end(deed)
        raise _Over

    async def end(self, deed: Deed | None) -> None:
        """Deeds after which nothing more is said."""
        if deed is Act.RESET:
            line = self.writer.get_extra_info("socket")
            line.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        if deed is Act.HANG:
            await self.script.until_over()
        if deed is Act.GARBAGE:
            deed = b"\xff\xfe what?\r\n"
        if isinstance(deed, Last):
            self.writer.write(deed.answer.encode() + b"\r\n")
            self.writer.close() if self.script.tls else self.writer.write_eof()
        if isinstance(deed, bytes):
            self.writer.write(deed)
        if isinstance(deed, Last | bytes):
            await self.reader.read()

    async def take_body(self) -> None:
        """Behind its dot the next letter's commands may have come already (RFC 2920, 3.1)."""
        deed = self.script.deed("body")
        content, self._ahead = bytearray(b"\r\n" + self._ahead), b""
        searched = 0
        while (end := content.find(b"\r\n.\r\n", searched)) < 0:
            searched = max(0, len(content) - 4)
            part = await self.reader.read(1 << 20)
            if not part:
                raise _Over
            if len(content) == 2:
                self.said.append("body")
            content += part
            self.script.body += len(part)
            if deed is not None:
                await self.perform(deed)
                await self.script.until_over()
        self._ahead = bytes(content[end + 5 :])
        self.script.mails.append(bytes(content[: end + 2]).replace(b"\r\n..", b"\r\n.")[2:])
        await self.do("dot")

    async def line(self) -> str:
        line, end, rest = self._ahead.partition(b"\r\n")
        if not end:
            line, rest = line + await self.reader.readuntil(b"\r\n"), b""
        self._ahead = rest
        return line.decode().strip()


def certificate(
    folder: Path, name: str = "127.0.0.1", *, begins: int = -1, ends: int = 1
) -> tuple[ssl.SSLContext, Path]:
    """A server's context for the address `name`, and the PEM file of the authority to trust.

    It is good from the day `begins` to the day `ends` from now.
    """
    authority, authority_key = _sign("authority", None, None, None)
    leaf, key = _sign(name, ip_address(name), authority, authority_key, begins, ends)
    trusted, chain = folder / "authority.pem", folder / f"{name}.pem"
    trusted.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    chain.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + leaf.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return context, trusted


def _sign(name, address, issuer, issuer_key, begins=-1, ends=1):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    at = datetime.now(UTC)
    signer = (issuer_key or key).public_key()
    authority = issuer is None
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if authority else issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at + timedelta(days=begins))
        .not_valid_after(at + timedelta(days=ends))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer), False)
        .add_extension(
            x509.KeyUsage(True, False, False, False, False, authority, authority, False, False),
            critical=True,
        )
    )
    if address:
        names = x509.SubjectAlternativeName([x509.IPAddress(address)])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(issuer_key or key, hashes.SHA256()), key
