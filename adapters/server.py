"""A mail server as it is configured: where it is, how to log in, how long to wait for it."""

import re
import ssl
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtplib.auth import auth_plain_encode

CHUNK = 65536
"""Bytes of a body that are written at a time."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """In seconds. `block` is for each 64 KiB of a body, so that a slow line is not a dead one."""

    connect: float = 30
    reply: float = 60
    block: float = 180
    dot: float = 600
    """RFC 5321, 4.5.3.2.6: giving up earlier makes duplicates."""

    farewell: float = 5
    """For QUIT, and for RSET between two letters."""

    def longest(self, size: int) -> float:
        """The longest that sending `size` bytes can take; the lease of a letter must be longer."""
        opening = self.connect + 7 * self.reply  # greeting, EHLO, STARTTLS, TLS, EHLO, AUTH twice
        talking = 4 * self.reply  # MAIL, again when the kept line turns out dead, RCPT, DATA
        blocks = (size // CHUNK + 1) * self.block
        return self.farewell + opening + talking + blocks + self.dot


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and how to talk to it. Raises ValueError, in Chinese, for an unsafe mixture."""

    host: str
    port: int
    tls: str = "starttls"
    """none, starttls or implicit."""
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    hostname: str = ""
    """Our name for EHLO; empty: this machine's, or its address where the name has no domain."""
    ca: Path | None = None
    """PEM file to trust instead of the system's certificates."""
    messages: int = 100
    """A new connection after so many; servers limit them."""
    timeouts: Timeouts = Timeouts()

    def __post_init__(self) -> None:
        if self.tls not in ("none", "starttls", "implicit"):
            raise ValueError(f"tls 只能是 none、starttls 或 implicit，现在是 {self.tls!r}")
        if (self.user is None) != (self.password is None):
            raise ValueError("邮箱账号与密码要么都填，要么都不填")
        if self.user is not None and self.tls == "none":
            raise ValueError("填了邮箱账号就必须加密：tls 请用 starttls 或 implicit")
        if not re.fullmatch(r"[A-Za-z0-9.:\[\]-]*", self.hostname):
            raise ValueError(f"EHLO 主机名不合规：{self.hostname!a}")

    @property
    def login(self) -> tuple[str, str] | None:
        """User and password."""
        return None if self.user is None or self.password is None else (self.user, self.password)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The password in each form in which a server might repeat it, the longest first."""
        if self.login is None or not self.password:
            return ()
        blob = auth_plain_encode(*self.login).decode("ascii")
        return blob, b64encode(self.password.encode()).decode("ascii"), self.password

    def trust(self) -> ssl.SSLContext:
        """Certificates and the server's name are always checked."""
        return ssl.create_default_context(cafile=self.ca)
