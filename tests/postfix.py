"""A Postfix of our own for tests, on loopback: Debian's package postfix. Only root can run one.

It takes mail for anybody, hands it to `relay`, and writes what comes back for our own domain into one
mailbox. It stops with the tests, even when they are killed.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

STOP = '"$@" start-fg & read -r _; "$@" stop; wait'
"""Ends the server when our end of the pipe is closed, which the system does for the dead."""
MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = mx.{domain}
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
biff = no
relayhost = [127.0.0.1]:{relay}
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
in_flow_delay = 0
smtputf8_enable = no
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = static:{mailbox}
virtual_mailbox_limit = 0
virtual_mailbox_lock = fcntl, dotlock
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 1s
delay_warning_time = {warning}s
maximal_queue_lifetime = {lifetime}s
bounce_queue_lifetime = 1d
"""
MASTER = """
{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def program() -> str | None:
    """None where there is none, or where we may not run it."""
    found = shutil.which("postfix", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    return found if os.geteuid() == 0 else None


class Postfix:
    def __init__(
        self,
        relay: int,
        domain: str,
        *,
        mailbox: str = "Maildir/",
        warning: int = 0,
        lifetime: int = 3600,
    ) -> None:
        """Mail for `domain` ends in `mailbox`, an mbox file or, with a slash, a Maildir; other mail goes
        to the port `relay`. After `warning` seconds (0: never) a delay is reported, after `lifetime`
        seconds a letter that still waits is returned."""
        self.folder = Path(tempfile.mkdtemp(prefix="duban-postfix-"))
        self.folder.chmod(0o755)
        self.port = _free_port()
        nobody = pwd.getpwnam("nobody")
        (self.folder / "etc").mkdir()
        (self.folder / "etc" / "main.cf").write_text(
            MAIN.format(
                folder=self.folder,
                relay=relay,
                domain=domain,
                mailbox=mailbox,
                warning=warning,
                lifetime=lifetime,
                uid=nobody.pw_uid,
                gid=nobody.pw_gid,
            )
        )
        (self.folder / "etc" / "master.cf").write_text(MASTER.format(port=f"127.0.0.1:{self.port}"))
        for name, owner in (("data", "postfix"), ("queue", "root"), ("mail", "nobody")):
            user = pwd.getpwnam(owner)
            (self.folder / name).mkdir()
            os.chown(self.folder / name, user.pw_uid, user.pw_gid)
        self.mailbox = self.folder / "mail" / mailbox
        self._process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        postfix = program()
        assert postfix is not None, "Postfix is not installed, or we are not root"
        with (self.folder / "said").open("wb") as said:
            process = subprocess.Popen(
                ["sh", "-c", STOP, "sh", postfix, "-c", str(self.folder / "etc")],
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        for _ in range(400):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return process
            time.sleep(0.05)
        process.communicate(b"\n", timeout=60)
        raise AssertionError((self.folder / "said").read_text() + self.log)

    @property
    def log(self) -> str:
        file = self.folder / "log"
        return file.read_text(errors="replace") if file.exists() else ""

    def close(self) -> None:
        self._process.communicate(b"\n", timeout=60)
        shutil.rmtree(self.folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
