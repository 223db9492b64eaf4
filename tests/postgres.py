"""A PostgreSQL cluster of our own for tests: made, started, broken, and removed by them.

As root its programs run as the user postgres, for they refuse to run as root; otherwise as ourselves.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

READY = "database system is ready to accept connections"
TEMPLATE = "migrated"

LASTING = {"fsync": "on", "full_page_writes": "on"}
PASSING = {"fsync": "off", "full_page_writes": "off"}
SETTINGS = {
    "lc_messages": "C",
    "log_min_messages": "log",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "synchronous_commit": "on",
    "timezone": "Asia/Shanghai",
}

WATCH = """
read -r _
postmaster=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) && kill -QUIT "$postmaster"
while kill -0 "$postmaster" 2>/dev/null; do sleep 0.1; done
[ -n "$2" ] || rm -rf "$1"
"""
"""Waits until the tests end, even by kill -9, and clears away what they left, unless it is to be kept."""


@cache
def programs() -> Path | None:
    """The folder of initdb and postgres: PATH's, else Debian's newest; None where there is none."""
    found = shutil.which("initdb"), shutil.which("postgres")
    if all(found):
        return Path(str(found[0])).resolve().parent
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(debian, key=lambda path: float(path.parts[4]))
    return newest[-1].parent if newest else None


class Cluster:
    """A cluster with a superuser `postgres`: trusted on its socket, with `password` over TCP.

    `lasting`: what is committed survives a power cut (fsync), as in earnest; else it is only fast.
    `folder`: where it is kept for the next time; else it is gone with its end.
    """

    def __init__(
        self, *, lasting: bool = False, folder: Path | None = None, **settings: str
    ) -> None:
        bin = programs()
        assert bin is not None, "initdb and postgres are not installed"
        self.bin = bin
        self.settings = {**SETTINGS, **(LASTING if lasting else PASSING), **settings}
        self.password = secrets.token_hex(8)
        self.log: list[str] = []
        self._heard = threading.Condition()
        self.process: subprocess.Popen[str] | None = None
        self._user = _unprivileged()
        self.folder = folder or Path(tempfile.mkdtemp(prefix="duban-pg-"))
        self.folder.mkdir(exist_ok=True)
        self.port = _free_port()
        if self._user:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        kept = ["kept"] if folder else []
        self._watcher = self._popen(
            "sh", "-c", WATCH, "sh", str(self.folder), *kept, stdin=subprocess.PIPE
        )
        if not (self.folder / "data").exists():
            self._make()

    def _make(self) -> None:
        secret = self.folder / "password"
        secret.write_text(self.password)
        secret.chmod(0o644)
        done = self._popen(
            self.bin / "initdb",
            *("--pgdata", self.folder / "data", "--username", "postgres", "--pwfile", secret),
            *("--auth-local", "trust", "--auth-host", "scram-sha-256"),
            *("--encoding", "UTF8", "--locale", "C", "--no-sync"),
        )
        said, _ = done.communicate(timeout=60)
        assert done.returncode == 0, said
        secret.unlink()

    def start(self) -> None:
        """Returns when connections are accepted."""
        assert self.process is None, "it runs already"
        settings = {
            **self.settings,
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.folder),
        }
        process = self._popen(
            self.bin / "postgres",
            *("-D", self.folder / "data"),
            *(part for key, value in settings.items() for part in ("-c", f"{key}={value}")),
        )
        since = len(self.log)
        self.process = process
        self._listener = threading.Thread(target=self._listen, args=(process,), daemon=True)
        self._listener.start()
        if not self.await_log(READY, since):
            raise AssertionError("PostgreSQL did not start:\n" + "".join(self.log[since:]))

    def _listen(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                with self._heard:
                    self.log.append(line)
                    self._heard.notify_all()
        process.wait()
        with self._heard:
            self._heard.notify_all()

    def await_log(self, words: str, since: int = 0) -> bool:
        """Until its log has them, from line `since` on; False when it ended first, or after a minute."""

        def said() -> bool:
            return any(words in line for line in self.log[since:])

        with self._heard:
            self._heard.wait_for(lambda: said() or not self._listening(), 60)
            return said()

    def _listening(self) -> bool:
        return self.process is not None and self.process.returncode is None

    def stop(self) -> None:
        """As an operator does: connections are ended, everything is written."""
        self._end(signal.SIGINT)

    def crash(self) -> None:
        """`-m immediate`: nothing more is written; the next start recovers from the log."""
        self._end(signal.SIGQUIT)

    def _end(self, how: signal.Signals) -> None:
        self._signal(how)
        self.await_end()

    def shut_down_when_free(self) -> None:
        """Lets nobody in any more and ends when the last has gone; returns before that."""
        since = len(self.log)
        self._signal(signal.SIGTERM)
        assert self.await_log("received smart shutdown request", since)

    def _signal(self, how: signal.Signals) -> None:
        assert self.process is not None, "it does not run"
        self.process.send_signal(how)

    def await_end(self) -> None:
        assert self.process is not None, "it does not run"
        self.process.wait(60)
        self._listener.join(60)
        self.process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def close(self) -> None:
        """Ends it and removes its folder."""
        if self.process is not None:
            self.crash()
        assert self._watcher.stdin is not None
        self._watcher.communicate("\n", timeout=60)

    def url(self, database: str, *, tcp: bool = False, user: str = "postgres") -> str:
        """What people write in their settings; with `tcp` over loopback, with the password."""
        if tcp:
            return f"postgresql://{user}:{self.password}@127.0.0.1:{self.port}/{database}"
        where = f"host={quote(str(self.folder), safe='')}&port={self.port}"
        return f"postgresql://{user}@/{database}?{where}"

    def create(self, database: str, template: str = "template0") -> str:
        """A new database, empty or a copy of `template`; returns its URL.

        An empty one sorts as Chinese people do, unlike SQLite, where the server can (from version 15).
        """
        sorting = " LOCALE_PROVIDER icu ICU_LOCALE 'zh-Hans-CN'" if self._sorts_chinese() else ""
        sorting = sorting if template == "template0" else ""
        self.run(f'CREATE DATABASE "{database}" TEMPLATE "{template}"{sorting}')
        return self.url(database)

    def _sorts_chinese(self) -> bool:
        with self.connected() as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_collation WHERE collprovider = 'i' LIMIT 1"
            )
            return connection.info.server_version >= 150000 and found.fetchone() is not None

    def drop(self, database: str) -> None:
        """Connections to it are ended."""
        self.run(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def freeze(self, database: str) -> None:
        """Nobody can connect any more, so that it can be copied at any time."""
        self.run(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS false')

    def run(self, *statements: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Statements as the superuser, each committed at once; the rows of the last one."""
        with self.connected(database) as connection:
            for statement in statements:
                cursor = connection.execute(statement)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def connected(self, database: str = "postgres") -> Iterator["psycopg.Connection[Any]"]:
        with psycopg.connect(
            host=str(self.folder),
            port=self.port,
            user="postgres",
            dbname=database,
            autocommit=True,
        ) as connection:
            yield connection

    def _popen(
        self, *command: str | Path, stdin: int = subprocess.DEVNULL
    ) -> "subprocess.Popen[str]":
        """In a session of its own: Ctrl-C reaches the tests, which then end it in order."""
        who = (
            {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
            if self._user
            else {}
        )
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd=self.folder,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            start_new_session=True,
            **who,  # type: ignore[call-overload]
        )


def _unprivileged() -> pwd.struct_passwd | None:
    """Whom root becomes: postgres, or nobody where there is no such user; None: we are not root."""
    if os.geteuid() != 0:
        return None
    users = {user.pw_name: user for user in pwd.getpwall()}
    return users.get("postgres") or users["nobody"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
