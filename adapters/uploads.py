"""Files that departments hand in: kept by what is in them, below one folder, never under their own names."""

import os
import re
import secrets
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from duban.trouble import Trouble

LONGEST = 150
"""Characters of a name."""
CHUNK = 1 << 20
REFUSED = frozenset(
    """ade adp ahk app appx asp aspx bat cer chm cmd com cpl csh dll exe hta htm html inf ins iso jar js
    jse jsp ksh lnk mht mhtml mjs msc msi msix msp mst ocx php pif pl ps1 psm1 py rb reg scf scr sct sh
    shb shtml svg svgz swf sys url vb vbe vbs vxd wasm ws wsc wsf wsh xht xhtml xll xml xsl""".split()  # noqa: SIM905
)
"""Endings of what a double click runs, or a browser runs as a page."""
HEADS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe")
"""How programs begin, whatever they are called."""
_PATH = re.compile(r"[/\\]")
_RESERVED = re.compile(r'[<>:"|?*]')


class CannotStore(Trouble):
    """The bytes cannot be kept; the message says why."""


@dataclass(frozen=True, slots=True)
class Kept:
    sha256: str
    size: int


def cleaned(name: str) -> str:
    """Fit to be shown and saved: its last part, no control, hidden or turning character, LONGEST at most."""
    last = _PATH.split(name)[-1]
    seen = "".join(sign for sign in last if not unicodedata.category(sign).startswith("C"))
    plain = " ".join(_RESERVED.sub("_", unicodedata.normalize("NFC", seen)).split()).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if len(plain) <= LONGEST:
        return plain or "未命名"
    if not dot or len(ending) > 10:
        return plain[:LONGEST]
    return f"{stem[: LONGEST - len(ending) - 1]}.{ending}"


def fault(name: str, stream: BinaryIO) -> str:
    """Why a file of that (cleaned) name is not taken, in Chinese; empty: it is taken."""
    ending = name.rpartition(".")[2].lower().strip() if "." in name else ""
    if ending in REFUSED:
        return f"“{name}”：不收 .{ending} 文件；请换成文档、表格、图片或压缩包"
    stream.seek(0)
    head = stream.read(8)
    stream.seek(0)
    if head.startswith(HEADS):
        return f"“{name}”：这是可以运行的程序，不收；请换成文档、表格、图片或压缩包"
    return "" if head else f"“{name}”：是空文件"


@dataclass(frozen=True, slots=True)
class Uploads:
    """The folder. The same bytes are kept once."""

    folder: Path

    def keep(self, stream: BinaryIO) -> Kept:
        """On disk for good when this returns. Raises CannotStore."""
        try:
            return self._keep(stream)
        except OSError as why:
            raise CannotStore(
                f"材料没有存下（{why.strerror or why}）；请稍后再试，或者改用邮件寄给纲要办"
            ) from None

    def _keep(self, stream: BinaryIO) -> Kept:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = self.folder / f"part-{secrets.token_hex(16)}"
        try:
            kept = _copy(stream, part)
            target = self.path(kept.sha256)
            target.parent.mkdir(exist_ok=True, mode=0o700)
            part.replace(target)
            _settle(target.parent)
        finally:
            part.unlink(missing_ok=True)
        return kept

    def path(self, digest: str) -> Path:
        """Where the bytes with this SHA-256 lie."""
        if not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise ValueError(f"not a SHA-256: {digest}")
        return self.folder / digest[:2] / digest


def _copy(stream: BinaryIO, part: Path) -> Kept:
    digest, size = sha256(), 0
    stream.seek(0)
    descriptor = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as written:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            written.write(chunk)
        written.flush()
        os.fsync(written.fileno())
    return Kept(digest.hexdigest(), size)


def _settle(folder: Path) -> None:
    """A new name is on disk only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
