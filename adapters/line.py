"""A line to a mail server: one connection, opened and spoken on step by step.

It decides nothing: it says at which step it stands, and raises what happened there.
"""

import asyncio
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, cast

from aiosmtplib import SMTPException, SMTPResponse, SMTPResponseException, SMTPServerDisconnected
from aiosmtplib.auth import auth_crammd5_verify, auth_login_encode, auth_plain_encode
from aiosmtplib.esmtp import parse_esmtp_extensions
from aiosmtplib.protocol import SMTPProtocol

from adapters.outcome import SERVICE_CLOSING, Step
from adapters.server import CHUNK, Server

Commands = Sequence[tuple[Step, bytes]]
Answers = tuple[list[SMTPResponse], Exception | None]
GO_AHEAD = 354
LONGEST_ANSWER = 32768


class Hold(Exception):
    """The server cannot be used as it is configured; the message says why, in Chinese."""


class Line:
    """One connection. After anything but a proper answer it must be aborted, not used again."""

    def __init__(self, server: Server, trust: ssl.SSLContext | None) -> None:
        """`trust` is needed unless the server's tls is none."""
        self.server = server
        self._trust = trust
        self.step = Step.CONNECT
        self.offers: dict[str, str] = {}
        """What EHLO offered: extension in lower case -> parameters."""
        self.logins: list[str] = []
        self.begun = 0
        """Letters for which MAIL was said."""
        self.open_letter = False
        """A letter was begun and not ended, so that RSET must come before the next one."""
        self.confused = False
        """What was written together was not answered as one, so that the line cannot be kept."""
        self.ahead = False
        """The next letter's envelope was said already."""
        self._wire: Wire | None = None

    @property
    def wire(self) -> "Wire":
        if self._wire is None or not self._wire.is_connected:
            raise SMTPServerDisconnected("Connection lost")
        return self._wire

    @property
    def usable(self) -> bool:
        return self._wire is not None and self._wire.is_connected

    @property
    def babbling(self) -> bool:
        """The server said more than was asked, so that answers can no longer be told apart."""
        return self._wire is not None and self._wire.leftover and not self.ahead

    async def open(self) -> None:
        """Connect, encrypt and log in, as the server's settings say."""
        await self._dial()
        await self._greet()
        if self.server.tls == "starttls":
            await self._encrypt()
            await self._greet()
        if self.server.login:
            await self._log_in(*self.server.login)

    async def say(self, step: Step, *words: bytes, wanted: int = 250) -> SMTPResponse:
        """One command and its answer: SMTPResponseException unless its first digit is as wanted."""
        self.step = step
        wire = self.wire
        answer = await wire.execute_command(*words, timeout=self._patience)
        return _proper(answer, wanted, wire)

    @property
    def pipelining(self) -> bool:
        return "pipelining" in self.offers

    async def envelope(self, asked: Commands) -> None:
        """Commands of one letter, the last of them DATA: in one write where the server offers
        PIPELINING (RFC 2920), else one after the other. Returns at the 354.

        Raises for the first that was refused, with `step` standing there.
        """
        self.step = asked[0][0]
        if self.ahead and self._wire:
            self.ahead = self._wire.ahead = False
            await self._hear(self._wire, asked)
        elif self.pipelining:
            await self._together(asked)
        else:
            for one in asked:
                await self._together((one,))

    async def _together(self, asked: Commands) -> None:
        self.step = asked[0][0]
        wire = self.wire
        wire.write(_joined(asked))
        await self._hear(wire, asked)

    async def _hear(self, wire: "Wire", asked: Commands) -> None:
        got, fault = await wire.answers(len(asked), self._patience * len(asked))
        refused = next((n for n, answer in enumerate(got) if not _goes_on(asked[n][0], answer)), -1)
        self.step = asked[refused if refused >= 0 else min(len(got), len(asked) - 1)][0]
        if refused >= 0:
            self.confused = len(got) < len(asked) or got[-1].code == GO_AHEAD or wire.leftover
            raise SMTPResponseException(*got[refused])
        if fault:
            raise fault
        if wire.leftover:
            raise SMTPResponseException(-1, f"一问多答：{got[-1].message}")

    async def body(self, mime: bytes, ahead: Commands = ()) -> SMTPResponse:
        """Write the message and its final dot, and wait for the answer, whatever it is.

        `ahead`: the next letter's envelope, written along with it (RFC 2920, 3.1); its answers are
        heard when that is asked for. A large message goes without. When the answer comes before the
        dot was on its way, `step` is still BODY.
        """
        wire = self.wire  # lost already: then the step is still DATA, and nothing was written
        content = _dotted(mime)
        self.step = Step.BODY
        if len(content) <= CHUNK:
            self.ahead = wire.ahead = bool(ahead)
            wire.write(content + _joined(ahead))
            self.step = Step.DOT
            return _only(*await wire.answers(1, self.server.timeouts.dot))
        answer = asyncio.create_task(wire.answers(1, self.server.timeouts.longest(len(content))))
        try:
            await self._upload(wire, content, answer)
            return _only(*await asyncio.wait_for(answer, self.server.timeouts.dot))
        finally:
            _forget(answer)

    async def reset(self) -> bool:
        """Whether the line is fit for the next letter. A server that wants to be left alone (421)
        raises SMTPResponseException."""
        wire = self.wire
        try:
            _proper(
                await wire.execute_command(b"RSET", timeout=self.server.timeouts.farewell),
                250,
                wire,
            )
        except SMTPResponseException as answer:
            if answer.code == SERVICE_CLOSING:
                raise
            return False
        except (SMTPException, OSError):
            return False
        self.open_letter = False
        return True

    async def quit(self) -> None:
        """Say goodbye, if that takes no longer than a few seconds, and hang up."""
        try:
            with suppress(SMTPException, OSError):
                await self.wire.execute_command(b"QUIT", timeout=self.server.timeouts.farewell)
        finally:
            self.abort()

    def abort(self) -> None:
        """Cut the connection; what is still buffered is not sent."""
        if self._wire is not None and self._wire.transport is not None:
            cast(asyncio.WriteTransport, self._wire.transport).abort()

    # --- opening ---

    @property
    def _patience(self) -> float:
        return self.server.timeouts.reply

    async def _dial(self) -> None:
        loop, server = asyncio.get_running_loop(), self.server
        implicit = server.tls == "implicit"
        async with asyncio.timeout(server.timeouts.connect):
            _, self._wire = await loop.create_connection(
                lambda: Wire(loop),
                server.host,
                server.port,
                ssl=self._trust if implicit else None,
                server_hostname=server.host if implicit else None,
                happy_eyeballs_delay=0.25,
            )
        _proper(await self._wire.read_response(timeout=self._patience), 220, self._wire)

    async def _greet(self) -> None:
        name = self.server.hostname or self._own_name()
        answer = await self.say(Step.EHLO, b"EHLO", name.encode("ascii"))
        self.offers, self.logins = parse_esmtp_extensions(answer.message)

    def _own_name(self) -> str:
        name = socket.gethostname()
        if "." in name and name.isascii():
            return name
        transport = cast(asyncio.BaseTransport, self.wire.transport)
        address: str = transport.get_extra_info("sockname")[0]
        return f"[IPv6:{address}]" if ":" in address else f"[{address}]"

    async def _encrypt(self) -> None:
        self.step = Step.STARTTLS
        if "starttls" not in self.offers:
            raise Hold("服务器不支持 STARTTLS，不在明文连接上发信")
        if self._trust is None:
            raise Hold("没有可信的证书，无法加密")
        await self.wire.start_tls(self._trust, self.server.host, timeout=self._patience)

    async def _log_in(self, user: str, password: str) -> None:
        """By one mechanism only: another one after a refusal would be another wrong password."""
        self.step = Step.AUTH
        if "plain" in self.logins:
            proof = auth_plain_encode(user, password)
            await self.say(Step.AUTH, b"AUTH", b"PLAIN", proof)
        elif "login" in self.logins:
            name, proof = auth_login_encode(user, password)
            await self.say(Step.AUTH, b"AUTH", b"LOGIN", name, wanted=334)
            await self.say(Step.AUTH, proof)
        elif "cram-md5" in self.logins:
            challenge = await self.say(Step.AUTH, b"AUTH", b"CRAM-MD5", wanted=334)
            await self.say(Step.AUTH, auth_crammd5_verify(user, password, challenge.message))
        else:
            raise Hold("服务器不提供可用的登录方式（PLAIN、LOGIN、CRAM-MD5）")

    # --- speaking ---

    async def _upload(self, wire: "Wire", content: bytes, answer: "asyncio.Task[Answers]") -> None:
        """Write everything, or stop where the server answers or hangs up before the end."""
        wire.write_through()
        for start in range(0, len(content), CHUNK):
            wire.write(content[start : start + CHUNK])
            if start + CHUNK >= len(content):
                self.step = Step.DOT
            elif not await self._flushed(wire, answer):
                return

    async def _flushed(self, wire: "Wire", answer: "asyncio.Task[Answers]") -> bool:
        """Wait until the system took everything; False when the answer came first."""
        flushed = asyncio.create_task(wire.drain())
        patience = self.server.timeouts.block
        try:
            await asyncio.wait(
                (flushed, answer), timeout=patience, return_when=asyncio.FIRST_COMPLETED
            )
            if answer.done():
                return False
            if not flushed.done():
                raise TimeoutError
            await flushed
            return True
        finally:
            _forget(flushed)


class Wire(SMTPProtocol):
    """aiosmtplib's protocol, with several answers in a row and two things that it keeps to itself."""

    _several: "_Several | None" = None
    ahead = False
    """Answers will come before they are asked for."""

    async def answers(self, count: int, patience: float) -> Answers:
        """Up to `count` answers in a row to what was written, and what ended them when they are fewer."""
        several = self._several = _Several(count, self._loop.create_future())
        timer = self._loop.call_later(patience, several.fail, TimeoutError())
        try:
            self._take(b"")
            if self.transport is None:
                self._end(None)
            await several.done
            return several.got, several.fault
        finally:
            timer.cancel()
            self._several = None

    def data_received(self, data: bytes) -> None:
        if self._several is not None:
            self._take(data)
        elif self.ahead and len(self._buffer) <= LONGEST_ANSWER:
            self._buffer.extend(data)
        else:
            super().data_received(data)

    def _take(self, data: bytes) -> None:
        several = self._several
        assert several is not None
        self._buffer.extend(data)
        try:
            while len(several.got) < several.count and not several.done.done():
                response = self._read_response_from_buffer() if self._buffer else None
                if response is None:
                    break
                several.got.append(response)
            else:
                several.finish()
            if len(self._buffer) > LONGEST_ANSWER:
                del self._buffer[:]
                raise SMTPResponseException(-1, "应答太长")
        except SMTPResponseException as fault:
            several.fail(fault)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._end(exc)

    def eof_received(self) -> bool:
        self._end(None)
        return super().eof_received()

    def _end(self, cause: Exception | None) -> None:
        if self._several is not None:
            fault = SMTPServerDisconnected("Connection lost")
            fault.__cause__ = cause
            self._several.fail(fault)

    @property
    def leftover(self) -> bool:
        """Bytes came after the answer."""
        return bool(self._buffer)

    async def drain(self) -> None:
        """Until the transport's buffer is below its limit; ConnectionResetError when it is lost."""
        await self._drain_helper()

    def write_through(self) -> None:
        """From now on `drain` waits until the buffer is empty.

        Not high=0: a TLS transport would then pause with nothing to send, and never go on.
        """
        cast(asyncio.WriteTransport, self.transport).set_write_buffer_limits(high=1, low=0)


class _Several:
    """Answers that are waited for together."""

    def __init__(self, count: int, done: "asyncio.Future[None]") -> None:
        self.count, self.done = count, done
        self.got: list[SMTPResponse] = []
        self.fault: Exception | None = None

    def finish(self) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def fail(self, fault: Exception) -> None:
        if not self.done.done():
            self.fault = fault
            self.done.set_result(None)


def _dotted(mime: bytes) -> bytes:
    """As it stands between 354 and the answer: leading dots doubled, and the final dot."""
    doubled = mime.replace(b"\r\n.", b"\r\n..")
    return (b"." if mime.startswith(b".") else b"") + doubled + b".\r\n"


def _joined(commands: Commands) -> bytes:
    return b"".join(command for _, command in commands)


def _goes_on(step: Step, answer: SMTPResponse) -> bool:
    return answer.code == GO_AHEAD if step is Step.DATA else answer.code // 100 == 2


def _only(got: list[SMTPResponse], fault: Exception | None) -> SMTPResponse:
    if fault:
        raise fault
    return got[0]


def _proper(answer: SMTPResponse, wanted: int, wire: Wire) -> SMTPResponse:
    if wire.leftover:
        raise SMTPResponseException(-1, f"一问多答：{answer.message}")
    if answer.code // 100 != wanted // 100:
        raise SMTPResponseException(answer.code, answer.message)
    return answer


def _forget(task: "asyncio.Task[Any]") -> None:
    """End it, and let nobody be told that its exception was never looked at."""
    if task.done() and not task.cancelled():
        task.exception()
    task.cancel()
