"""Postfix's own smtp-sink in a dozen moods, and what our account says beside what it took."""

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Self

from sqlalchemy import func, select

from adapters.post import Server
from flows.delivery import deliver
from flows.premises import Site
from state.tables import delivery
from tests.faults.account import join
from tests.faults.figures import Figures, of
from tests.faults.ground import PATIENT, START, hurry, open_site, sqlite
from tests.faults.outbox import fill
from tests.faults.sender import send_all

PROGRAM = shutil.which("smtp-sink", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
LATER = START + timedelta(hours=2)
CONNECTIONS = 4
RESTING = 3
"""Letters that at most come as far as a fault which concerns the whole server, a connection."""


@dataclass(frozen=True)
class Mood:
    """`end`: what becomes of every letter at first: accepted, failed, queued, doubt (its body was
    begun), rest (the whole server is left alone), or any of them, where it is a matter of a moment
    whether an answer comes alone. `taken`: whether the server keeps
    bodies. `share`: of the letters, where each takes a second."""

    flags: str
    end: str
    taken: bool = True
    share: float = 1


MOODS = {
    "as it is": Mood("", "accepted"),
    "no pipelining": Mood("-p", "accepted"),
    "few extensions": Mood("-8 -a -C -E -F -N", "accepted"),
    "slow after the dot": Mood("-p -W .:1:1", "accepted", share=0.02),
    "slow in the body": Mood("-H 1", "accepted", share=0.02),
    "answers out of order": Mood("-W .:1:1", "any", share=0.02),
    "4xx at RCPT": Mood("-r RCPT", "queued"),
    "5xx at RCPT": Mood("-f RCPT -B 550\\ 5.1.1\\ no", "failed"),
    "4xx at DATA": Mood("-r DATA", "queued"),
    "4xx after the dot": Mood("-r .", "queued", taken=False),
    "5xx after the dot": Mood("-f .", "failed", taken=False),
    "550 right behind the 354": Mood("-A 0", "any", taken=False),
    "hangs up at RCPT": Mood("-q RCPT", "queued"),
    "hangs up at DATA": Mood("-q DATA", "queued"),
    "hangs up after the dot": Mood("-q .", "doubt"),
    "hangs up at connect": Mood("-q CONNECT", "rest"),
    "421 at MAIL": Mood("-Q MAIL", "rest"),
    "421 after the dot": Mood("-Q .", "rest", taken=False),
    "5xx at EHLO": Mood("-f EHLO", "rest"),
    "no ESMTP": Mood("-e", "rest"),
}


def reason() -> str | None:
    """Why it cannot run here; None: it can."""
    if PROGRAM is None:
        return "no smtp-sink here (apt install postfix)"
    return None if os.geteuid() == 0 else "smtp-sink is started as root, to become nobody"


def measure(folder: Path, letters: int = 5000) -> list[Figures]:
    """First in a mood, then as it is."""
    return [_play(folder / f"mood{n}", name, letters) for n, name in enumerate(MOODS)]


def _play(folder: Path, name: str, letters: int) -> Figures:
    folder.mkdir()
    mood, log = MOODS[name], folder / "log"
    letters = round(letters * mood.share)
    site = open_site(sqlite(folder), connections=CONNECTIONS)
    hurry(site.database)
    fill(site.database, letters, at=START, lines=4)
    with SmtpSink(mood.flags) as sink:
        _towards(site, sink.port)
        asyncio.run(deliver(site, START))
        sink.end()
        lines = list(sink.lines()) if mood.taken else []
    at_first = _ends(site)
    wrong = _disagree(mood, letters, at_first, lines)
    with SmtpSink() as sink:
        _towards(site, sink.port)
        asyncio.run(send_all(site, LATER))
        sink.end()
        lines += sink.lines()
    log.write_text("".join(lines))
    account = join(site.database, log)
    site.database.close()
    settled = {"failed": ("failed",), "any": ("accepted", "failed")}.get(mood.end, ("accepted",))
    if sum(account.states[state] for state in settled) != letters:
        wrong.append(f"in the end the letters are {dict(account.states)}")
    struck = 0 if mood.end == "accepted" else letters - at_first["untouched"]
    return of(f"smtp-sink: {name}", account, struck, [f"{name}: {what}" for what in wrong])


def _towards(site: Site, port: int) -> None:
    site.server = Server("127.0.0.1", port, tls="none", timeouts=PATIENT)


def _ends(site: Site) -> Counter[str]:
    """Letters by what the account says of them."""
    columns = delivery.c.state, delivery.c.phase, delivery.c.reply.is_(None)
    with site.database.reading() as connection:
        rows = connection.execute(select(*columns, func.count()).group_by(*columns)).all()
    ends: Counter[str] = Counter()
    for state, phase, untouched, count in rows:
        ends["untouched"] += count if untouched else 0
        ends["doubt" if phase else state] += count
    return ends


def _disagree(mood: Mood, letters: int, ends: Counter[str], lines: list[str]) -> list[str]:
    wanted = "queued" if mood.end == "rest" else mood.end
    wrong: list[str] = []
    if mood.end == "any":
        return wrong
    if ends[wanted] != letters:
        wrong.append(f"at first the letters are {dict(ends)}")
    touched = letters - ends["untouched"]
    if mood.end == "rest" and not 1 <= touched <= CONNECTIONS * RESTING:
        wrong.append(f"{touched} letters were tried at a server that wants to be left alone")
    if len(lines) != (letters if mood.end in ("accepted", "doubt") else 0):
        wrong.append(f"at first {len(lines)} came")
    return wrong


class SmtpSink:
    """`with SmtpSink("-r RCPT") as sink:` serves at sink.port of loopback."""

    def __init__(self, flags: str = "") -> None:
        self.flags = flags

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="duban-sink-"))
        shutil.chown(self.folder, "nobody")
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        words = self.flags.replace("\\ ", "\0").split()
        flags = [word.replace("\0", " ") for word in words]
        where = ["-u", "nobody", "-d", f"{self.folder}/m.", f"127.0.0.1:{self.port}", "256"]
        self._process = subprocess.Popen([PROGRAM, *flags, *where])
        self._await()
        return self

    def __exit__(self, *_) -> None:
        self.end()
        shutil.rmtree(self.folder)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()

    def _await(self) -> None:
        while self._process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            asyncio.run(asyncio.sleep(0.01))
        raise AssertionError("smtp-sink did not start")

    def lines(self) -> Iterator[str]:
        """What it took, as tests/faults/sink.py writes it; what broke off in the middle is not whole."""
        for path in sorted(self.folder.iterdir()):
            head, _, mail = path.read_bytes().partition(b"smtp-sink) with ")
            mime = mail.split(b"\n", 2)[-1].removesuffix(b"\n").replace(b"\n", b"\r\n")
            recipient = _between(head, b"X-Rcpt-Args: <", b">")
            name = _between(mime, b"Message-ID: ", b"\r\n")
            yield f"{name} {recipient} {sha256(mime).hexdigest()}\n"


def _between(text: bytes, before: bytes, after: bytes) -> str:
    return text.partition(before)[2].partition(after)[0].decode()
