"""A Dovecot of our own for tests, on loopback, with TLS: Debian's package dovecot-imapd.

It stops with the tests, even when they are killed. As root, mails are read by the user nobody, for
Dovecot serves none to root; otherwise everything runs as ourselves.
"""

import getpass
import imaplib
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from pathlib import Path

from tests.smtp_script import certificate

PASSWORD = 'pass"w\\ord'
STOP = 'trap "" INT; "$@" & read -r _; kill $!; wait $!'
"""Ends the server when our end of the pipe is closed, which the system does for the dead."""
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{folder}/127.0.0.1.pem
ssl_key = <{folder}/127.0.0.1.pem
disable_plaintext_auth = yes
auth_failure_delay = 0
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
imap_capability = {capability}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


def program() -> str | None:
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


class Dovecot:
    """Users have any name, and PASSWORD."""

    def __init__(self, *, capability: str = "") -> None:
        """`capability`: what the server says that it can do; empty: everything that it can."""
        self.folder = Path(tempfile.mkdtemp(prefix="duban-imap-"))
        _, self.authority = certificate(self.folder)
        self.port, self.plain = _free_port(), _free_port()
        for name in ("run", "state", "mail"):
            (self.folder / name).mkdir()
        self.folder.chmod(0o755)
        (self.folder / "dovecot.conf").write_text(
            CONFIG.format(
                folder=self.folder,
                port=self.port,
                plain=self.plain,
                password=PASSWORD,
                capability=capability,
                **_users(),
            )
        )
        self._process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        dovecot = program()
        assert dovecot is not None, "dovecot is not installed"
        config = str(self.folder / "dovecot.conf")
        with (self.folder / "errors").open("wb") as errors:
            process = subprocess.Popen(
                ["sh", "-c", STOP, "sh", dovecot, "-F", "-c", config],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
            )
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return process
            time.sleep(0.05)
        process.communicate(b"\n", timeout=30)
        raise AssertionError((self.folder / "errors").read_text() + self.log)

    @property
    def log(self) -> str:
        file = self.folder / "log"
        return file.read_text(errors="replace") if file.exists() else ""

    def user(self, name: str, *mails: bytes) -> None:
        """A new mailbox with these mails."""
        box = self.folder / "mail" / name
        for part in ("new", "cur", "tmp"):
            (box / part).mkdir(parents=True)
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            for path in (box, *box.iterdir()):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
        with self.connected(name) as box_of:
            for one in mails:
                box_of.append("INBOX", "", "", one.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))

    def connected(self, name: str) -> imaplib.IMAP4_SSL:
        trust = ssl.create_default_context(cafile=self.authority)
        box = imaplib.IMAP4_SSL("127.0.0.1", self.port, ssl_context=trust, timeout=30)
        box.login(name, PASSWORD)
        return box

    def holds(self, name: str, folder: str = "INBOX") -> list[tuple[bytes, bool]]:
        """The mails of a folder, with LF, and whether they were seen; flagged as deleted left out."""
        with self.connected(name) as box:
            if box.select(f'"{folder}"', readonly=True)[0] != "OK":
                return []
            (found,) = box.search(None, "UNDELETED")[1]
            mails = []
            for number in found.split():
                (about, raw), *rest = box.fetch(number.decode(), "(FLAGS BODY.PEEK[])")[1]
                mails.append((raw.replace(b"\r\n", b"\n"), rb"\Seen" in about + b"".join(rest)))
            return mails

    def close(self) -> None:
        self._process.communicate(b"\n", timeout=60)
        shutil.rmtree(self.folder)


def _users() -> dict[str, object]:
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        names = {"internal": "dovecot", "group": "dovecot", "login": "dovenull"}
        return names | {"uid": nobody.pw_uid, "gid": nobody.pw_gid}
    me = getpass.getuser()
    group = pwd.getpwnam(me).pw_gid
    import grp

    names = {"internal": me, "group": grp.getgrgid(group).gr_name, "login": me}
    return names | {"uid": os.geteuid(), "gid": group}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
