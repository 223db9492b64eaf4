"""A mailbox on an IMAP server, always encrypted. What was read is moved into a folder of ours; nothing
is ever deleted, and what people have not seen stays unseen."""

import imaplib
import re
import socket
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from adapters.bounces.mailbox import Mail, MailboxTrouble, Memory
from adapters.bounces.parts import LIMIT
from adapters.outcome import clean

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
TIMEOUT = 60.0

_SIZE = re.compile(rb"RFC822\.SIZE (\d{1,18})")
_VALIDITY = re.compile(rb"\d{1,10}")


@dataclass(frozen=True, slots=True)
class Account:
    """Where the mailbox is and how to log in."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: str = "implicit"
    """implicit or starttls."""
    mailbox: str = "INBOX"
    folder: str = "duban"
    ca: Path | None = None
    """PEM file to trust instead of the system's certificates."""
    timeout: float = TIMEOUT


class Imap:
    """Implements Mailbox. Mail that came before `since` is not looked at."""

    def __init__(self, account: Account, since: date) -> None:
        self.account, self.since = account, since
        self._open: imaplib.IMAP4 | None = None
        self._validity = ""

    @property
    def id(self) -> str:
        account = self.account
        return f"imap:{account.user}@{account.host}:{account.port}/{account.mailbox}"

    @property
    def server(self) -> imaplib.IMAP4:
        if self._open is None:
            raise MailboxTrouble("邮箱还没有打开")
        return self._open

    def __enter__(self) -> Self:
        with self._in_our_words():
            self._open = _dial(self.account)
            try:
                self._log_in()
                self._validity = self._select()
            except BaseException:
                self._hang_up()
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self._hang_up()

    def unread(self, memory: Memory) -> Iterator[Mail]:
        for uid in self._uids():
            stays = memory.stays(self._name(uid))
            if stays is None:
                if mail := self._fetch(uid):
                    yield mail
            elif not stays:
                self._move(uid)

    def put_away(self, mail: Mail) -> None:
        self._move(mail.name.partition(".")[2])

    # --- opening ---

    def _log_in(self) -> None:
        account, server = self.account, self.server
        if f"{account.user}{account.password}".isascii():
            server.login(_quoted(account.user), account.password)
        else:  # RFC 4616
            proof = f"\0{account.user}\0{account.password}".encode()
            server.authenticate("PLAIN", lambda _: proof)
        server.capabilities = tuple(
            _said(server.capability()).decode("ascii", "replace").upper().split()
        )
        if "ID" in server.capabilities:  # NetEase opens no mailbox without it
            server.xatom("ID", '("name" "duban" "version" "1")')

    def _select(self) -> str:
        """The mailbox's UIDVALIDITY, which is part of its mails' names (RFC 9051, section 2.3.1.1)."""
        _ok(self.server.select(_quoted(self.account.mailbox)), "打不开邮箱文件夹")
        validity = _said(self.server.response("UIDVALIDITY"))
        return validity.decode("ascii") if _VALIDITY.fullmatch(validity) else "0"

    def _hang_up(self) -> None:
        if self._open is not None:
            with suppress(imaplib.IMAP4.error, OSError):
                self._open.logout()
            with suppress(OSError):
                self._open.shutdown()
        self._open = None

    # --- reading ---

    def _uids(self) -> list[str]:
        day = f"{self.since.day}-{MONTHS[self.since.month - 1]}-{self.since.year}"
        with self._in_our_words():
            found = _ok(self.server.uid("SEARCH", "UNDELETED", "SINCE", day), "查不了邮箱")
        return [str(uid) for uid in _numbers(found)]

    def _fetch(self, uid: str) -> Mail | None:
        """None when somebody moved or deleted it since it was found."""
        wanted = f"(RFC822.SIZE BODY.PEEK[]<0.{LIMIT}>)"
        with self._in_our_words():
            answer = _ok(self.server.uid("FETCH", uid, wanted), "读不了邮件")
        literal = next((piece for piece in answer if isinstance(piece, tuple)), None)
        if literal is None:
            return None
        size = _SIZE.search(b" ".join([literal[0], *(p for p in answer if isinstance(p, bytes))]))
        raw = literal[1][:LIMIT]
        return Mail(self._name(uid), raw, int(size[1]) if size else len(raw))

    def _name(self, uid: str) -> str:
        return f"{self._validity}.{uid}"

    # --- putting away ---

    def _move(self, uid: str) -> None:
        folder = self.account.folder
        with self._in_our_words():
            if self._moved(uid):
                return
            self.server.create(_quoted(folder))
            if not self._moved(uid) and _numbers(self.server.uid("SEARCH", "UID", uid)[1]):
                raise MailboxTrouble(
                    f"不能把邮件移到邮箱的“{folder}”文件夹，请在邮箱里建好它，"
                    "或改 config/settings.yaml 的 bounces.folder"
                )

    def _moved(self, uid: str) -> bool:
        """By MOVE (RFC 6851); without it a copy, and the old one is marked as deleted; it is expunged
        only where that touches nothing else (RFC 4315)."""
        server, folder = self.server, _quoted(self.account.folder)
        if "MOVE" in server.capabilities:
            return server.uid("MOVE", uid, folder)[0] == "OK"
        if server.uid("COPY", uid, folder)[0] != "OK":
            return False
        server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in server.capabilities:
            server.uid("EXPUNGE", uid)
        return True

    # --- faults ---

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        account = self.account
        try:
            yield
        except (imaplib.IMAP4.error, OSError, UnicodeError, ValueError) as fault:
            raise MailboxTrouble(
                f"读不了邮箱 {account.user}（{account.host}:{account.port}）：{self._reason(fault)}"
            ) from None

    def _reason(self, fault: Exception) -> str:
        match fault:
            case ssl.SSLCertVerificationError():
                return f"服务器的证书不可信（{fault.verify_message}）"
            case ssl.SSLError():
                return f"加密握手失败（{fault.reason or fault}），请检查 bounces.tls 和端口"
            case TimeoutError():
                return "等待服务器超时"
            case socket.gaierror():
                return "找不到服务器，请检查 bounces.host"
            case ConnectionRefusedError():
                return "服务器拒绝连接，请检查 bounces.host 和 bounces.port"
        return clean(str(fault), _secrets(self.account)) or "连接中断"


def _dial(account: Account) -> imaplib.IMAP4:
    trust = ssl.create_default_context(cafile=account.ca)
    if account.tls == "implicit":
        return imaplib.IMAP4_SSL(
            account.host, account.port, ssl_context=trust, timeout=account.timeout
        )
    server = imaplib.IMAP4(account.host, account.port, timeout=account.timeout)
    try:
        server.starttls(trust)
    except BaseException:
        server.shutdown()
        raise
    return server


def _secrets(account: Account) -> tuple[str, ...]:
    """The password in each form in which a server might repeat it, the longest first."""
    proof = f"\0{account.user}\0{account.password}".encode()
    words = (b64encode(proof).decode("ascii"), b64encode(account.password.encode()).decode("ascii"))
    return (*words, account.password) if account.password else ()


def _ok(answer: tuple[str, list[Any]], what: str) -> list[Any]:
    kind, data = answer
    if kind != "OK":
        words = b" ".join(piece for piece in data if isinstance(piece, bytes))
        raise imaplib.IMAP4.error(f"{what}：{words.decode('utf-8', 'replace')}")
    return data


def _said(answer: tuple[str, list[Any]]) -> bytes:
    """The last line of the answer; empty when there is none."""
    return next((line for line in reversed(answer[1]) if isinstance(line, bytes)), b"")


def _numbers(found: list[Any]) -> list[int]:
    """What a search found, in order."""
    words = {word for line in found if isinstance(line, bytes) for word in line.split()}
    return sorted(int(word) for word in words if word.isdigit())


def _quoted(name: str) -> str:
    r"""As IMAP writes it: `"` and `\` escaped, other characters in modified UTF-7 (RFC 3501, 5.1.3)."""
    coded = re.sub(r"&|[^ -~]+", _utf7, name)
    return '"' + re.sub(r'(["\\])', r"\\\1", coded) + '"'


def _utf7(found: re.Match[str]) -> str:
    if found[0] == "&":
        return "&-"
    coded = b64encode(found[0].encode("utf-16-be", "replace")).decode("ascii")
    return "&" + coded.rstrip("=").replace("/", ",") + "-"
