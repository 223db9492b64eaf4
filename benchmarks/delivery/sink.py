"""Where all mail goes: Postfix's smtp-sink on a free port of loopback, which throws it away."""

import os
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Self

PATIENCE = 10.0
"""Seconds within which a server must answer on its port."""


class Missing(Exception):
    """A program that the benchmark needs is not here; the message says which and how to get it."""


def program(name: str, package: str) -> str:
    """Where a program of Debian is. Raises Missing."""
    places = os.environ.get("PATH", os.defpath) + os.pathsep + "/usr/sbin"
    if found := shutil.which(name, path=places):
        return found
    raise Missing(f"{name} is not here: apt install {package}")


class Sink:
    """`with Sink() as sink:` one server, made for one measurement."""

    def __init__(self) -> None:
        self.port = free_port()
        self._counters = TemporaryFile()  # noqa: SIM115 - closed at the end of the context
        # A running count (-c) costs it nothing that can be measured. Root must name another user.
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        command = [program("smtp-sink", "postfix"), "-c", *user, f"127.0.0.1:{self.port}", "1000"]
        self._process = subprocess.Popen(command, stdout=self._counters)

    def __enter__(self) -> Self:
        try:
            wait_for(self.port)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._counters.close()

    @property
    def mails(self) -> int:
        """How many it has taken."""
        text = os.pread(self._counters.fileno(), 100, max(0, self._written - 100)).decode()
        return int(text.rpartition("mesg=")[2] or 0)

    @property
    def _written(self) -> int:
        return os.fstat(self._counters.fileno()).st_size

    @property
    def counters(self) -> Path:
        """A file that ends with `mesg=` and the count, for other processes."""
        return Path(f"/proc/{os.getpid()}/fd/{self._counters.fileno()}")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port: int = held.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    """Until somebody listens there. Raises TimeoutError."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.02)
    raise TimeoutError(f"nobody listens on port {port}")
