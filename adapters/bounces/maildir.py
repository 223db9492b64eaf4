"""A Maildir: one file a mail, no locks; what was read is moved into a folder of ours beside it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from adapters.bounces.mailbox import Mail, MailboxTrouble, Memory
from adapters.bounces.parts import LIMIT


class Maildir:
    """Implements Mailbox. `folder` is a Maildir++ folder: `.duban` beside `new` and `cur`."""

    def __init__(self, path: Path, folder: str = "duban") -> None:
        self.path = path
        self.away = path / f".{folder.lstrip('.')}"
        self._place: Path | None = None

    @property
    def id(self) -> str:
        return f"maildir:{self.path.resolve()}"

    def __enter__(self) -> Self:
        missing = [name for name in ("new", "cur") if not (self.path / name).is_dir()]
        if missing:
            raise MailboxTrouble(
                f"{self.path} 不是 Maildir 邮箱（里面没有 {'、'.join(missing)} 文件夹），"
                "请检查 config/settings.yaml 的 bounces.path"
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None: ...

    def unread(self, memory: Memory) -> Iterator[Mail]:
        for file in self._files():
            stays = memory.stays(_name(file))
            if stays is None:
                if mail := _read(file):
                    self._place = file
                    yield mail
            elif not stays:
                self._move(file)

    def put_away(self, mail: Mail) -> None:
        """Another program may have moved it from new to cur, or changed its flags, since it was read."""
        if self._place and _name(self._place) == mail.name and self._move(self._place):
            return
        for file in self._files():
            if _name(file) == mail.name:
                self._move(file)

    def _files(self) -> list[Path]:
        try:
            found = [file for part in ("new", "cur") for file in (self.path / part).iterdir()]
        except OSError as fault:
            raise MailboxTrouble(f"读不了邮箱 {self.path}：{fault.strerror}") from None
        return sorted(
            (file for file in found if not file.name.startswith(".")), key=lambda one: one.name
        )

    def _move(self, file: Path) -> bool:
        """With the flag S: seen. False when it is gone, moved by somebody else."""
        try:
            for part in ("tmp", "new", "cur"):
                (self.away / part).mkdir(parents=True, exist_ok=True)
            (self.away / "maildirfolder").touch()
            file.rename(self.away / "cur" / f"{file.name.partition(':')[0]}:2,S")
        except FileNotFoundError:
            return False
        except OSError as fault:
            raise MailboxTrouble(f"没能把邮件移到 {self.away}：{fault.strerror}") from None
        return True


def _name(file: Path) -> str:
    """Without the flags, which change; bytes that are no UTF-8 are spelt out."""
    return os.fsencode(file.name.partition(":")[0]).decode("utf-8", "backslashreplace")


def _read(file: Path) -> Mail | None:
    """None when it is gone, or is not a file of its own, such as a link."""
    try:
        number = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    about = os.fstat(number)
    if not stat.S_ISREG(about.st_mode):
        os.close(number)
        return None
    with os.fdopen(number, "rb") as stream:
        return Mail(_name(file), stream.read(LIMIT), about.st_size)
