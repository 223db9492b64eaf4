"""The site's secret: what links, sessions and seals are signed with. It lies outside the database."""

import hmac
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from duban.trouble import Trouble

BYTES = 32
TAG = 16
"""Bytes of a signature: 128 bits."""


class NoSecret(Trouble):
    """The secret cannot be read or made; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Secret:
    """`keys`: the first one signs, all of them are believed, so that a secret can be changed slowly."""

    keys: tuple[bytes, ...] = field(repr=False)

    def sign(self, purpose: str, data: bytes) -> bytes:
        """The signature alone. What is signed for one purpose is worth nothing for another."""
        return _mac(self.keys[0], purpose, data)[:TAG]

    def derived(self, purpose: str) -> tuple[bytes, ...]:
        """Keys of their own for that purpose, the one that signs first."""
        return tuple(_mac(key, f"key of {purpose}", b"") for key in self.keys)

    def seal(self, purpose: str, data: bytes) -> bytes:
        """`data` and its signature."""
        return data + self.sign(purpose, data)

    def open(self, purpose: str, sealed: bytes) -> bytes | None:
        """What was sealed; None when it was not sealed here, or was changed."""
        data, tag = sealed[:-TAG], sealed[-TAG:]
        good = [hmac.compare_digest(_mac(key, purpose, data)[:TAG], tag) for key in self.keys]
        return data if any(good) and len(sealed) > TAG else None


def _mac(key: bytes, purpose: str, data: bytes) -> bytes:
    return hmac.digest(key, purpose.encode() + b"\0" + data, "sha256")


def text_of(data: bytes) -> str:
    """As it may stand in an address: URL-safe base64 without padding (RFC 4648, 5)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def bytes_of(text: str) -> bytes | None:
    """The bytes; None where `text` is not exactly what `text_of` gives for any."""
    if not text.isascii() or len(text) > 4096:
        return None
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    return data if text_of(data) == text else None


def read_secret(file: Path, given: str | None = None) -> Secret:
    """From `given` (the environment), else from `file`, a line a key, made when there is none.

    Raises NoSecret.
    """
    if given:
        return _keys(given.split(), "DUBAN_CONSOLE__SECRET")
    try:
        if not file.exists():
            _make(file)
        return _keys(file.read_text(encoding="ascii").split(), str(file))
    except (OSError, UnicodeDecodeError) as fault:
        raise NoSecret(f"读不了密钥文件 {file}：{fault}") from None


def _make(file: Path) -> None:
    """Two processes that start together end up with the same one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.{os.getpid()}")
    descriptor = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(f"{secrets.token_hex(BYTES)}\n")
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(part, file)
    except FileExistsError:
        """Another process made it just now."""
    finally:
        part.unlink()


def _keys(words: list[str], where: str) -> Secret:
    if not words or any(len(word) < BYTES for word in words):
        raise NoSecret(f"密钥太短或是空的（{where}）：每行一个，至少 {BYTES} 个字符")
    return Secret(tuple(sha256(word.encode()).digest() for word in words))
