"""A Postfix of our own for tests, on loopback: Debian's package, nothing of the system's is touched.

`with Postfix() as postfix:` takes mail at postfix.port. What becomes of it is a matter of the
recipient's domain:

    ok.test      delivered: postfix.inbox, a Maildir
    gone.test    accepted, then bounced: 5.1.1, no such user
    no.test      refused at RCPT: 550 5.1.1
    grey.test    put off at RCPT: 450 4.2.0
    later.test   accepted and kept back; the sender is told after a second (a delay report)
    relay.test   handed on to port `relay` of loopback, where a test has a server of its own
    BACK         what comes back to our office: postfix.maildir, a Maildir

It runs as root alone, and stops with the tests, even when they are killed.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

BACK = "kx.ceshi.example"
"""The domain of the senders of tests/books.py."""
PROGRAM = shutil.which("postfix", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
NOBODY = 65534
WATCH = (
    'trap "" INT; "$1" -c "$2" start || exit 1; echo; read -r _; "$1" -c "$2" abort; rm -rf "$3"'
)
"""Ends it when our end of the pipe is closed, which the system does for the dead."""

MAIN = """\
compatibility_level = 3.6
command_directory = /usr/sbin
daemon_directory = {daemons}
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.postfix.test
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = check_recipient_access regexp:{folder}/access, permit
smtpd_reject_unlisted_recipient = no
smtpd_peername_lookup = no
smtpd_client_connection_rate_limit = 0
smtpd_client_connection_count_limit = 0
virtual_mailbox_domains = ok.test, gone.test, {back}
virtual_mailbox_maps = regexp:{folder}/mailboxes
virtual_mailbox_base = {folder}
virtual_uid_maps = static:{nobody}
virtual_gid_maps = static:{nobody}
transport_maps = regexp:{folder}/transport
relay_domains = no.test, grey.test, later.test, relay.test
relay_recipient_maps =
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtp_tls_security_level =
delay_warning_time = 1s
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 5s
"""
MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
MAILBOXES = """\
/@{back}$/ back/
/@ok\\.test$/ inbox/
"""
ACCESS = """\
/@no\\.test$/ 550 5.1.1 no such user here
/@grey\\.test$/ 450 4.2.0 greylisted
"""
TRANSPORT = """\
/@later\\.test$/ retry:4.2.0 come again later
/@relay\\.test$/ smtp:[127.0.0.1]:{relay}
"""


def reason() -> str | None:
    """Why it cannot run here; None: it can."""
    if PROGRAM is None:
        return "no Postfix here (apt install postfix)"
    return None if os.geteuid() == 0 else "Postfix runs as root alone"


class Postfix:
    """Where mail is taken, and what came of it; `settings` are lines of main.cf."""

    def __init__(self, *, relay: int = 9, **settings: str) -> None:
        assert reason() is None, reason()
        self.folder = Path(tempfile.mkdtemp(prefix="duban-postfix-"))
        self.folder.chmod(0o755)
        self.port = _free_port()
        self.maildir, self.inbox = self.folder / "back", self.folder / "inbox"
        for path in ("queue", "data", "config"):
            (self.folder / path).mkdir()
        shutil.chown(self.folder / "data", "postfix", "root")
        for maildir in (self.maildir, self.inbox):
            for part in ("", "tmp", "new", "cur"):
                (maildir / part).mkdir()
                shutil.chown(maildir / part, NOBODY, NOBODY)
        self._write(relay, settings)

    def _write(self, relay: int, settings: dict[str, str]) -> None:
        daemons = subprocess.check_output(["postconf", "-dh", "daemon_directory"], text=True)
        known = {"folder": self.folder, "daemons": daemons.strip(), "back": BACK}
        known |= {"nobody": NOBODY, "port": self.port, "relay": relay}
        own = "".join(f"{name} = {value}\n" for name, value in settings.items())
        config = self.folder / "config"
        (config / "main.cf").write_text(MAIN.format(**known) + own)
        (config / "master.cf").write_text(MASTER.format(**known))
        (self.folder / "mailboxes").write_text(MAILBOXES.format(**known))
        (self.folder / "access").write_text(ACCESS.format(**known))
        (self.folder / "transport").write_text(TRANSPORT.format(**known))

    def __enter__(self) -> Self:
        command = ["sh", "-c", WATCH, "sh", PROGRAM, self.folder / "config", self.folder]
        self._watch = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        if not self._watch.stdout.readline():
            raise AssertionError(f"Postfix did not start: {self._watch.stderr.read()} {self.log}")
        return self

    def __exit__(self, *_) -> None:
        self._watch.communicate(timeout=60)

    @property
    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text() if path.exists() else ""

    def mails(self, maildir: Path) -> list[bytes]:
        """What was delivered there."""
        return [path.read_bytes() for path in sorted((maildir / "new").iterdir())]

    def await_mails(self, maildir: Path, count: int, seconds: float = 60) -> list[bytes]:
        """Until so many are there; Postfix tells nobody, so that it is asked again and again."""
        over = time.monotonic() + seconds
        while len(found := self.mails(maildir)) < count:
            assert time.monotonic() < over, f"{len(found)} of {count} mails came:\n{self.log}"
            time.sleep(0.05)
        return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
