"""A mail server that answers for what it takes: the mail's line is on disk before its 250.

`python -m tests.faults.sink LOG [--plain] [--dsn]` prints its port and ends with its standard input.
The log: `message-id recipient sha256` a line; what a client may not do stands there as `! what`.
"""

import argparse
import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Self

MESSAGE_ID = re.compile(rb"^message-id:[ \t]*(?:\r\n[ \t]+)?(<[^>\r\n]+>)", re.I | re.M)
ADDRESS = re.compile(rb"(?:from|to):<([^>]*)>", re.I)
END = b"\r\n.\r\n"
NOBODY: Callable[[str, int], None] = lambda _step, _body: None  # noqa: E731


class Sink:
    """`async with Sink(log) as sink:` serves at sink.port on loopback, in the loop of its caller.

    `watch(step, body)` is called at each step of each session, before what follows is done:
    connected, ehlo, mail, rcpt, data, 354 (is written), body (with the number of its bytes so
    far), dot, logged, 250 (is written), quit.
    """

    def __init__(
        self,
        log: Path,
        *,
        pipelining: bool = True,
        dsn: bool = False,
        watch: Callable[[str, int], None] = NOBODY,
    ) -> None:
        self.log, self.pipelining, self.watch = log, pipelining, watch
        offers = ["sink", "PIPELINING", "SIZE 30000000", "8BITMIME", "DSN", "HELP"]
        left_out = {"PIPELINING": not pipelining, "DSN": not dsn}
        kept = [offer for offer in offers if not left_out.get(offer)]
        self.ehlo = b"".join(
            f"250{'-' if offer != 'HELP' else ' '}{offer}\r\n".encode() for offer in kept
        )
        self.connections = 0
        self.most = 0
        """Connections that were open at once."""
        self.talks: set[_Talk] = set()
        self._lines: list[bytes] = []
        self._waiting: list[_Talk] = []

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._file = os.open(self.log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        self._server = await loop.create_server(lambda: _Talk(self), "127.0.0.1", 0, backlog=500)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_) -> None:
        self._server.close()
        for talk in list(self.talks):
            talk.transport.abort()
        await asyncio.sleep(0)
        os.close(self._file)

    def keep(self, lines: list[bytes], talk: "_Talk | None" = None) -> None:
        """Write the lines to disk; then, and not before, the talk goes on. Several share a sync."""
        if not self._lines:
            asyncio.get_running_loop().call_soon(self._flush)
        self._lines += lines
        if talk:
            self._waiting.append(talk)

    def _flush(self) -> None:
        lines, talks = self._lines, self._waiting
        self._lines, self._waiting = [], []
        os.write(self._file, b"".join(lines))
        os.fsync(self._file)
        for talk in talks:
            talk.kept()


class _Talk(asyncio.Protocol):
    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.buffer = bytearray()
        self.scanned = 0
        self.in_body = self.held = self.over = False
        self.sender: bytes | None = None
        self.recipients: list[bytes] = []

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        self.sink.talks.add(self)
        self.sink.connections += 1
        self.sink.most = max(self.sink.most, len(self.sink.talks))
        self.sink.watch("connected", 0)
        transport.write(b"220 sink\r\n")

    def connection_lost(self, _fault: Exception | None) -> None:
        self.over = True
        self.sink.talks.discard(self)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        self._work()

    def _work(self) -> None:
        while not (self.held or self.over):
            if not (self._body() if self.in_body else self._command()):
                return

    def _command(self) -> bool:
        line, mark, rest = self.buffer.partition(b"\r\n")
        if not mark:
            return False
        if rest and not (self.sink.pipelining and line[:4].upper() in (b"MAIL", b"RCPT", b"RSET")):
            self._report(f"more was said before the answer to {bytes(line[:4])!r}")
        self.buffer = rest
        verb = bytes(line[:4]).upper()
        answer = self.VERBS.get(verb)
        self.transport.write(answer(self, bytes(line)) if answer else b"502 5.5.2 what?\r\n")
        if verb == b"DATA" and self.in_body:
            self.sink.watch("354", 0)
        return True

    def _ehlo(self, _line: bytes) -> bytes:
        self.sink.watch("ehlo", 0)
        return self.sink.ehlo

    def _mail(self, line: bytes) -> bytes:
        self.sink.watch("mail", 0)
        if self.sender is not None:
            self._report("MAIL in the middle of a mail")
            return b"503 5.5.1 a mail is open\r\n"
        self.sender = self._address(line)
        return b"250 2.1.0 ok\r\n"

    def _rcpt(self, line: bytes) -> bytes:
        self.sink.watch("rcpt", 0)
        if self.sender is None:
            return b"503 5.5.1 no MAIL\r\n"
        self.recipients.append(self._address(line))
        return b"250 2.1.5 ok\r\n"

    def _data(self, _line: bytes) -> bytes:
        self.sink.watch("data", 0)
        if not self.recipients:
            return b"503 5.5.1 no RCPT\r\n"
        if self.buffer:
            self._report("the body came before 354")
        self.in_body, self.scanned = True, 0
        return b"354 go ahead\r\n"

    def _rset(self, _line: bytes) -> bytes:
        self._end_mail()
        return b"250 2.0.0 ok\r\n"

    def _quit(self, _line: bytes) -> bytes:
        self.sink.watch("quit", 0)
        self.over = True
        asyncio.get_running_loop().call_soon(self.transport.close)
        return b"221 2.0.0 bye\r\n"

    VERBS = {  # noqa: RUF012
        b"EHLO": _ehlo,
        b"MAIL": _mail,
        b"RCPT": _rcpt,
        b"DATA": _data,
        b"RSET": _rset,
        b"QUIT": _quit,
    }

    def _body(self) -> bool:
        self.sink.watch("body", len(self.buffer))
        end = self.buffer.find(END, max(0, self.scanned - len(END)))
        self.scanned = len(self.buffer)
        if end < 0:
            return False
        mime = bytes(self.buffer[: end + 2])
        del self.buffer[: end + len(END)]
        self.sink.watch("dot", len(mime))
        self._take((b"\r\n" + mime).replace(b"\r\n..", b"\r\n.")[2:])
        return True

    def _take(self, mime: bytes) -> None:
        found = MESSAGE_ID.search(mime.partition(b"\r\n\r\n")[0])
        name = found[1] if found else b"<none>"
        if mime.count(b"\n") != mime.count(b"\r\n") or mime.count(b"\r") != mime.count(b"\r\n"):
            self._report("a bare CR or LF in the body")
        digest = sha256(mime).hexdigest().encode()
        self.held = True
        self.sink.keep([b"%s %s %s\n" % (name, to, digest) for to in self.recipients], self)

    def kept(self) -> None:
        """The mail is on disk."""
        self._end_mail()
        if self.over:
            return
        self.sink.watch("logged", 0)
        self.transport.write(b"250 2.0.0 kept\r\n")
        self.sink.watch("250", 0)
        self._work()

    def _end_mail(self) -> None:
        self.in_body = self.held = False
        self.sender, self.recipients = None, []

    def _address(self, line: bytes) -> bytes:
        found = ADDRESS.search(line)
        if not found:
            self._report(f"no address: {line!r}")
        return found[1] if found else b"none"

    def _report(self, what: str) -> None:
        self.sink.keep([f"! {what}\n".encode()])


class SinkProcess:
    """A sink in a process of its own: `with SinkProcess(log) as sink:` serves at sink.port."""

    def __init__(self, log: Path, *flags: str) -> None:
        self.log, self.flags = log, flags

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.sink", str(self.log), *self.flags],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.port = int(self._process.stdout.readline())
        return self

    def __exit__(self, *_) -> None:
        with self._process:
            self._process.stdin.close()
            self._process.wait(timeout=10)


async def _serve(log: Path, pipelining: bool, dsn: bool) -> None:
    async with Sink(log, pipelining=pipelining, dsn=dsn) as sink:
        print(sink.port, flush=True)
        over = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(sys.stdin, lambda: sys.stdin.buffer.read1(1) or over.set())
        await over.wait()


if __name__ == "__main__":
    said = argparse.ArgumentParser()
    said.add_argument("log", type=Path)
    said.add_argument("--plain", action="store_true", help="offer no PIPELINING")
    said.add_argument("--dsn", action="store_true", help="offer DSN")
    args = said.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(args.log, not args.plain, args.dsn))
