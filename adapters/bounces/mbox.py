"""An mbox file, as mail servers write under /var/mail: read forwards, never changed.

The name of a mail is its place and its digest, so that the last name that is remembered says from
where to go on, and whether the file is still the same.
"""

import fcntl
import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from adapters import clock
from adapters.bounces.mailbox import Mail, MailboxTrouble, Memory
from adapters.bounces.parts import LIMIT

BATCH = 50
BATCH_BYTES = 8 << 20
CHUNK = 1 << 16
PATIENCE = 10.0
"""Seconds to wait for a lock."""
STALE = 500
"""Seconds after which a lock file of an unknown program counts as forgotten; Postfix has the same."""

BLANK = (b"\n", b"\r\n")

_FROM = re.compile(rb"From .{0,400}?\d\d:\d\d")
_NAME = re.compile(r"(\d{1,18})-(\d{1,18})-([0-9a-f]{32})")


class Mbox:
    """Implements Mailbox. Locked, as Postfix does by default, by fcntl and by a lock file beside it,
    only while a few mails are read, so that no delivery waits for long."""

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        self.path, self.patience = path, patience

    @property
    def id(self) -> str:
        return f"mbox:{self.path.resolve()}"

    def __enter__(self) -> Self:
        if not self.path.is_file():
            raise MailboxTrouble(
                f"没有邮箱文件 {self.path}，请检查路径（config/settings.yaml 的 bounces.path）"
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None: ...

    def unread(self, memory: Memory) -> Iterator[Mail]:
        last, again = memory.last(), True
        while batch := self._batch(last, again=again):
            for mail in batch:
                if memory.stays(mail.name) is None:
                    yield mail
            last, again = batch[-1].name, False

    def put_away(self, mail: Mail) -> None:
        """Everything stays in the file."""

    def _batch(self, last: str, *, again: bool) -> list[Mail]:
        """The next few mails after `last`; from the beginning, if `again`, when the file is another."""
        with self._locked() as file:
            start = _after(file, last)
            if start is None:
                if not again:
                    return []
                start = 0
            return _some(_mails(file, start))

    @contextmanager
    def _locked(self) -> Iterator[BinaryIO]:
        until = time.monotonic() + self.patience
        try:
            with self.path.open("rb") as file, _lock_file(self.path, until):
                _until(until, self.path, lambda: _lock(file))
                yield file
        except OSError as fault:
            raise MailboxTrouble(f"读不了邮箱文件 {self.path}：{fault.strerror}") from None


def _some(mails: Iterator[Mail]) -> list[Mail]:
    batch, held = [], 0
    for mail in mails:
        batch.append(mail)
        held += len(mail.raw)
        if len(batch) >= BATCH or held >= BATCH_BYTES:
            break
    return batch


def _after(file: BinaryIO, last: str) -> int | None:
    """Where to go on after the mail named `last`; None when the file no longer holds it there."""
    found = _NAME.fullmatch(last)
    if not found:
        return None if last else 0
    start, end = int(found[1]), int(found[2])
    if end < start or _digest(file, start, end) != found[3]:
        return None
    line = _skip_blank(file, end)
    return file.tell() - len(line) if not line or _FROM.match(line) else start


def _digest(file: BinaryIO, start: int, end: int) -> str:
    digest, left = hashlib.sha256(), end - start
    file.seek(start)
    while left and (piece := file.read(min(left, CHUNK))):
        digest.update(piece)
        left -= len(piece)
    return digest.hexdigest()[:32]


def _skip_blank(file: BinaryIO, start: int) -> bytes:
    """The first line from `start` on that is not empty; empty at the end of the file."""
    file.seek(start)
    while (line := file.readline(CHUNK)) in BLANK:
        continue
    return line


def _mails(file: BinaryIO, start: int) -> Iterator[Mail]:
    """From `start` on, where a `From ` line must be, or the end. Raises MailboxTrouble."""
    line = _skip_blank(file, start)
    if not line:
        return
    if not _FROM.match(line):
        raise MailboxTrouble(f"{file.name} 不是 mbox 邮箱文件：第 {start} 字节处不是 From 行")
    mail, blank, whole = _Open(file.tell() - len(line), line), False, True
    while line := file.readline(CHUNK):
        if whole and blank and _FROM.match(line):
            yield mail.closed()
            mail, blank = _Open(mail.start + mail.read, line), False
            continue
        blank, whole = whole and line in BLANK, line.endswith(b"\n")
        mail.add(line)
    yield mail.closed()


class _Open:
    """A mail that is being read."""

    def __init__(self, start: int, line: bytes) -> None:
        self.start, self.read, self.size = start, len(line), 0
        self.raw, self.digest = bytearray(), hashlib.sha256(line)

    def add(self, line: bytes) -> None:
        self.read += len(line)
        self.size += len(line)
        self.digest.update(line)
        self.raw += line[: max(0, LIMIT - len(self.raw))]

    def closed(self) -> Mail:
        end, digest = self.start + self.read, self.digest.hexdigest()[:32]
        return Mail(f"{self.start}-{end}-{digest}", bytes(self.raw), self.size)


# --- locks ---------------------------------------------------------------------------------------


def _lock(file: BinaryIO) -> bool:
    """Shared: a delivery wants it for itself. It ends with the file."""
    try:
        fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


@contextmanager
def _lock_file(path: Path, until: float) -> Iterator[None]:
    """`path.lock`, where we may write there; elsewhere the other lock has to do."""
    lock = path.with_name(f"{path.name}.lock")
    if not os.access(path.parent, os.W_OK):
        yield
        return
    _until(until, path, lambda: _made(lock))
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _made(lock: Path) -> bool:
    try:
        with lock.open("x") as file:
            file.write(f"{os.getpid()}\n")
    except FileExistsError:
        if _forgotten(lock):
            lock.unlink(missing_ok=True)
        return False
    return True


def _forgotten(lock: Path) -> bool:
    """Whether the program that it names is dead; one that names none is forgotten after a while."""
    try:
        said, since = lock.read_text("ascii", "replace").strip(), lock.stat().st_mtime
        if not re.fullmatch(r"[1-9]\d{0,8}", said):
            return clock.now().timestamp() - since > STALE
        os.kill(int(said), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _until(end: float, path: Path, done: Callable[[], bool]) -> None:
    """Try again and again. Raises MailboxTrouble when the time is over."""
    while not done():
        if time.monotonic() > end:
            raise MailboxTrouble(
                f"邮箱文件 {path} 正被另一个程序占用，过一会儿会再试；"
                f"若一直如此，请检查 {path}.lock 是哪个程序留下的"
            )
        time.sleep(0.05)
