"""Reports that nobody may believe, kept as they came, each with a line of why."""

import hashlib
import os
from datetime import datetime
from pathlib import Path

from adapters.bounces.mailbox import Mail
from duban.trouble import Trouble

MOST_MAILS = 1000
MOST_BYTES = 100 << 20
"""The oldest go first; the mailbox still has them."""


class CannotKeep(Trouble):
    """The quarantine cannot be written; the message says where and why, in Chinese."""


class Quarantine:
    def __init__(self, folder: Path, most: int = MOST_MAILS, most_bytes: int = MOST_BYTES) -> None:
        self.folder, self.most, self.most_bytes = folder, most, most_bytes

    def keep(self, mail: Mail, why: str, at: datetime) -> Path:
        """Write the mail and why it is here; the same mail again changes nothing.

        A huge mail is cut, and its line says so. Raises CannotKeep.
        """
        name = hashlib.sha256(mail.raw).hexdigest()[:32]
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if known := next(self.folder.glob(f"*-{name}.eml"), None):
                return known
            file = self.folder / f"{at:%Y%m%dT%H%M%S}-{name}.eml"
            cut = f"，原信 {mail.size} 字节，只留开头" if mail.size > len(mail.raw) else ""
            _write(file.with_suffix(".txt"), f"{at.isoformat()} {why}{cut}\n".encode())
            _write(file, mail.raw)
            self._shrink()
        except OSError as fault:
            raise CannotKeep(f"写不了隔离文件夹 {self.folder}：{fault.strerror}") from None
        return file

    def mails(self) -> list[tuple[Path, str]]:
        """Each mail with its line of why, the oldest first."""
        return [(file, _why(file)) for file in sorted(self.folder.glob("*.eml"))]

    def _shrink(self) -> None:
        files = sorted(self.folder.glob("*.eml"))
        size = sum(file.stat().st_size for file in files)
        while files and (len(files) > self.most or size > self.most_bytes):
            oldest = files.pop(0)
            size -= oldest.stat().st_size
            oldest.unlink()
            oldest.with_suffix(".txt").unlink(missing_ok=True)


def _why(file: Path) -> str:
    try:
        return file.with_suffix(".txt").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all."""
    part = file.with_suffix(f"{file.suffix}.part")
    with part.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(file)
