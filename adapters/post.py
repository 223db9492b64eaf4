"""The post: hands one mail at a time to the mail server, knowing at every moment how far it got.

aiosmtplib's own `send` cannot tell a drop before the body from one after it, so that only its
protocol is used: the steps, and what each answer means, are ours. See docs/promise.md.
"""

import asyncio
import re
import socket
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from aiosmtplib import SMTPResponseException, SMTPServerDisconnected

from adapters.line import Commands, Hold, Line
from adapters.mime import ADDRESS
from adapters.outcome import (
    SERVICE_CLOSING,
    Outcome,
    Step,
    Verdict,
    accepted,
    answered,
    broken,
    clean,
    failed,
    held,
)
from adapters.server import Server, Timeouts

__all__ = ["Outcome", "Parcel", "Post", "Server", "Step", "Timeouts", "Verdict"]

ENVID = re.compile(r"[A-Za-z0-9-]{0,100}")
Began = Callable[[], Awaitable[None]]

REFUSABLE = (Step.MAIL, Step.RCPT, Step.DATA, Step.DOT)
"""Where a refusal is about the letter, and the line lives on."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One mail to one recipient: bare addresses, and a message in ASCII with CRLF line ends."""

    sender: str
    recipient: str
    mime: bytes
    envid: str = ""
    """Comes back in delivery status notifications (RFC 3461); letters, digits and `-` only."""


class _NotBegun(Exception):
    """The caller could not record that the body is begun, so that it was not."""


class Post:
    """The way to one server, as an async context manager; connects at the first letter.

    One connection serves letter after letter. It is cut, never mended, after anything but a proper
    answer. One letter at a time: a second `send` waits for the first.
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        self._turn = asyncio.Lock()
        self._line: Line | None = None
        self._announced: tuple[Parcel, Commands] | None = None
        self._trust: ssl.SSLContext | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        if kind is None:
            await self.quit()
        self.abort()

    async def send(
        self, parcel: Parcel, *, began: Began, following: Parcel | None = None
    ) -> Outcome:
        """Hand over one letter. `began` is awaited after the server's 354, before the first byte
        of the body: until it returns nothing can have been accepted, whatever happens.

        `following`: the letter that will be sent next on this line, if that is known; with PIPELINING
        its envelope goes out behind this one's body. It may be left unsent all the same.
        Raises nothing but CancelledError; an exception of `began` stops the letter as DEFERRED.
        """
        async with self._turn:
            try:
                fit = self._announced and self._announced[0] is parcel
                unfit = None if fit else _unfit(parcel)
                outcome = unfit or await self._send(parcel, began, following)
            except BaseException:
                self.abort()
                raise
        reply = clean(outcome.reply, self.server.secrets)
        return outcome if reply == outcome.reply else replace(outcome, reply=reply)

    @property
    def full(self) -> bool:
        """Whether the next letter will begin with a goodbye and a new connection."""
        return self._line is not None and self._line.begun >= self.server.messages

    async def quit(self) -> None:
        """Say goodbye and hang up; the next letter opens a new connection."""
        if self._line and not self._line.ahead:
            await self._line.quit()
        self.abort()
        self._line = None

    def abort(self) -> None:
        """Cut the connection; what is still buffered is not sent."""
        if self._line:
            self._line.abort()
        self._line = None

    async def _send(self, parcel: Parcel, began: Began, following: Parcel | None) -> Outcome:
        try:
            line = await self._ready(parcel)
            if too_big := _too_big(parcel, line):
                return too_big
            line = await self._address(line, parcel)
            await self._begin(began)
            return await self._deliver(line, parcel.mime, following)
        except SMTPResponseException as answer:
            outcome = answered(self._step, answer.code, answer.message)
            if not self._in_step(outcome):
                self.abort()
            return outcome
        except Exception as fault:  # whatever it was, the step says what can have become of it
            outcome = _reaction(self._step, fault)
            self.abort()
            return outcome

    @property
    def _step(self) -> Step:
        return self._line.step if self._line else Step.CONNECT

    def _in_step(self, refused: Outcome) -> bool:
        """Whether both sides still know where they are, so that the line can be kept."""
        if self._line is None or self._line.babbling or self._line.confused:
            return False
        return refused.step in REFUSABLE and refused.code not in (None, SERVICE_CLOSING)

    async def _ready(self, parcel: Parcel) -> Line:
        """The kept line if it is still good, else a new one."""
        line = self._line
        if line and line.ahead:
            if self._announced and self._announced[0] is parcel:
                return line
            self.abort()
            line = None
        if line:
            line.step = Step.CONNECT  # not where the last letter ended
        if line and line.begun >= self.server.messages:
            await self.quit()
        elif line and line.usable and (not line.open_letter or await line.reset()):
            return line
        return await self._open()

    async def _open(self) -> Line:
        self.abort()
        if self.server.tls != "none" and self._trust is None:
            self._trust = _trust(self.server)
        self._line = Line(self.server, self._trust)
        await self._line.open()
        return self._line

    async def _address(self, line: Line, parcel: Parcel) -> Line:
        """Up to the 354. Returns the line in use: a new one when the kept one turns out to be dead."""
        used = line.begun > 0
        try:
            await _envelope(line, self._commands(line, parcel))
        except SMTPServerDisconnected:
            if not used or line.step is not Step.MAIL:
                raise
            line = await self._open()
            await _envelope(line, _commands(line, parcel))
        return line

    def _commands(self, line: Line, parcel: Parcel) -> Commands:
        if line.ahead and self._announced:
            return self._announced[1]
        return _commands(line, parcel)

    def _goes_ahead(self, line: Line, following: Parcel) -> bool:
        return (
            line.pipelining
            and line.begun < self.server.messages
            and _unfit(following) is None
            and _too_big(following, line) is None
        )

    async def _begin(self, began: Began) -> None:
        try:
            await began()
        except Exception as fault:
            raise _NotBegun(f"没能记下“开始发送正文”，所以没有发送：{fault}") from fault

    async def _deliver(self, line: Line, mime: bytes, following: Parcel | None) -> Outcome:
        self._announced = None
        if following and self._goes_ahead(line, following):
            self._announced = following, _commands(line, following)
        answer = await line.body(mime, self._announced[1] if self._announced else ())
        line.open_letter = line.step is Step.BODY
        if answer.code // 100 != 2 or line.step is Step.BODY:
            raise SMTPResponseException(answer.code, answer.message)
        if line.babbling:
            self.abort()
        return accepted(answer.code, answer.message)


async def _envelope(line: Line, commands: Commands) -> None:
    line.begun += 1
    line.open_letter = True
    await line.envelope(commands)


def _commands(line: Line, parcel: Parcel) -> Commands:
    words = f"MAIL FROM:<{parcel.sender}>"
    if "size" in line.offers:
        words += f" SIZE={len(parcel.mime)}"
    if "dsn" in line.offers and parcel.envid:
        words += f" RET=HDRS ENVID={parcel.envid}"
    return (
        (Step.MAIL, f"{words}\r\n".encode("ascii")),
        (Step.RCPT, f"RCPT TO:<{parcel.recipient}>\r\n".encode("ascii")),
        (Step.DATA, b"DATA\r\n"),
    )


def _trust(server: Server) -> ssl.SSLContext:
    try:
        return server.trust()
    except OSError as fault:
        raise Hold(f"读不了证书文件：{fault}") from fault


def _unfit(parcel: Parcel) -> Outcome | None:
    """What no server should be given."""
    mime = parcel.mime
    if not ADDRESS.fullmatch(parcel.sender):
        return held(Step.MAIL, f"发件地址不合规：{parcel.sender!a}")
    if not ENVID.fullmatch(parcel.envid):
        return failed(Step.MAIL, f"信封编号不合规：{parcel.envid!a}")
    if not ADDRESS.fullmatch(parcel.recipient):
        return failed(Step.RCPT, f"收件地址不合规：{parcel.recipient!a}")
    breaks = mime.count(b"\r\n")
    if not mime.isascii() or not mime.endswith(b"\r\n"):
        return failed(Step.DATA, "邮件不是以 CRLF 结尾的 ASCII 文本")
    if not mime.count(b"\r") == mime.count(b"\n") == breaks:
        return failed(Step.DATA, "邮件里有单独的回车或换行")
    return None


def _too_big(parcel: Parcel, line: Line) -> Outcome | None:
    most = line.offers.get("size", "")
    if most.isascii() and most.isdigit() and 0 < int(most) < len(parcel.mime):
        return failed(Step.MAIL, f"邮件 {len(parcel.mime)} 字节，超过服务器的上限 {most} 字节")
    return None


def _reaction(step: Step, fault: Exception) -> Outcome:
    handshake = isinstance(fault, ssl.SSLError) and not isinstance(fault, ssl.SSLEOFError)
    if isinstance(fault, Hold) or (handshake and step.about_server):
        return held(step, _describe(fault))
    return broken(step, _describe(fault))


def _describe(fault: Exception) -> str:
    match fault:
        case ssl.SSLCertVerificationError():
            return f"服务器的证书不可信：{fault.verify_message}"
        case ssl.SSLError():
            return f"加密握手失败：{fault.reason or fault}"
        case TimeoutError():
            return "等待服务器超时"
        case socket.gaierror():
            return f"找不到服务器：{fault.strerror}"
        case ConnectionRefusedError():
            return "服务器拒绝连接"
        case SMTPServerDisconnected() | ConnectionError():
            return "连接中断"
        case Hold() | _NotBegun():
            return str(fault)
    return f"{type(fault).__name__}：{fault}"
