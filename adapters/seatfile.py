"""This place: its name, the file in which it keeps its seat, and which of its senders are alive."""

import fcntl
import hashlib
import json
import os
import re
import socket
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from duban.trouble import Trouble

MACHINE = Path("/etc/machine-id")


class BadSeat(Trouble):
    """The seat's file cannot be read or written; the message says why, in Chinese."""


class Place:
    """A folder of a machine from which one database is used.

    `name` is `machine:hash`, the hash made of the machine's id, the site's folder and the database's
    address, so that a copy in another folder, or on another machine, has another name.
    """

    def __init__(self, folder: Path, home: Path, database: str) -> None:
        """`folder`: where the files are; not to be backed up with the database."""
        parts = f"{_machine()}|{home.resolve()}|{_address(database)}"
        digest = hashlib.sha256(parts.encode()).hexdigest()[:16]
        self.name = f"{socket.gethostname()[:40]}:{digest}"
        self._file = folder / f"{digest}.json"
        self._senders = folder / f"{digest}.senders"

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One process of this place at a time: between reading the file and writing it."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            lock = os.open(self._file.with_suffix(".lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC)
        except OSError as fault:
            raise BadSeat(f"写不了文件夹 {self._file.parent}：{fault}") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def read(self) -> tuple[str, int] | None:
        """Token and turn; None when there is no file. Raises BadSeat."""
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            return str(kept["token"]), int(kept["turn"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise BadSeat(f"读不了身份文件 {self._file}：{fault}") from None

    def write(self, token: str, turn: int) -> None:
        """To be called within `turn()`. Raises BadSeat."""
        part = self._file.with_suffix(f".{os.getpid()}.part")
        try:
            with part.open("w", encoding="utf-8") as stream:
                json.dump({"token": token, "turn": turn}, stream)
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(self._file)
        except OSError as fault:
            raise BadSeat(f"写不了身份文件 {self._file}：{fault}") from None

    @contextmanager
    def sender(self) -> Iterator[str]:
        """A name for one sender, alive until the context ends or the process does, however it ends."""
        name = f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
        file = self._senders / name
        try:
            self._senders.mkdir(parents=True, exist_ok=True)
            lock = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as fault:
            raise BadSeat(f"写不了文件夹 {self._senders}：{fault}") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield f"{self.name}/{name}"
        finally:
            with suppress(OSError):
                file.unlink()
            os.close(lock)

    def dead(self, owners: Collection[str]) -> list[str]:
        """Those of `owners` that were senders of this place and live no more."""
        ours = [one for one in owners if one.startswith(f"{self.name}/")]
        return [one for one in ours if not self._alive(one.rpartition("/")[2])]

    def _alive(self, name: str) -> bool:
        file = self._senders / name
        try:
            lock = os.open(file, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        except OSError:
            return True
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        else:
            with suppress(OSError):
                file.unlink()
            return False
        finally:
            os.close(lock)


def _address(database: str) -> str:
    """Without user and password: whoever changes them still uses the same database."""
    if database.startswith("sqlite"):
        return database
    scheme, _, rest = database.partition("://")
    where = re.sub(r"([?&])(?:user|password)=[^&]*", r"\1", rest.rpartition("@")[2])
    return f"{scheme}://{where}"


def _machine() -> str:
    try:
        return MACHINE.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return f"{socket.gethostname()}:{uuid.getnode():x}"
