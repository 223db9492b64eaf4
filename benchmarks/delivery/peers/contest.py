"""The other queues as contenders: their environment, their stock of mail, their processes."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from benchmarks.delivery.contender import Contender
from benchmarks.delivery.crew import Failed, Run, measure
from benchmarks.delivery.mails import HTML, SENDER, SUBJECT, TEXT, Mould
from benchmarks.delivery.peers.order import Order
from benchmarks.delivery.redis import redis
from benchmarks.delivery.sink import Sink
from benchmarks.delivery.stores import Store, for_django
from benchmarks.process import REPOSITORY

REQUIREMENTS = Path(__file__).parent / "requirements.txt"
MAIL = {
    "subject": SUBJECT,
    "text": TEXT,
    "html": HTML,
    "sender": SENDER,
    "mime": Mould().mime(0).decode(),
}


class Unavailable(Exception):
    """The other queues cannot be installed here; the message says why."""


def environment() -> Path:
    """The Python of the peers' environment, made when there is none. Raises Unavailable."""
    digest = sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = REPOSITORY / ".cache" / f"peers-{digest}"
    python, stamp = folder / "bin" / "python", folder / "ready"
    if stamp.exists():
        return python
    _call([sys.executable, "-m", "venv", "--clear", str(folder)])
    pip = "-m pip --quiet --disable-pip-version-check --no-input install --retries 1 --requirement"
    _call([str(python), *pip.split(), str(REQUIREMENTS)])
    stamp.touch()
    return python


def _call(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, env=_plain())
    if done.returncode:
        words = (done.stderr + done.stdout).strip().splitlines() or ["no reason given"]
        raise Unavailable(words[-1])


def _plain() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


MODULES = {"django-post_office": "with_post_office", "django-mailer": "with_mailer"}


def with_queue(
    python: Path, package: str, store: Store, mails: int, processes: int, tuned: bool
) -> Contender:
    """A queue in a Django database. One process of django-post_office starts its own helpers."""
    one_command = package == "django-post_office"
    module = MODULES[package]
    name = f"{module}_{mails}_{processes}_{tuned}"
    command = [str(python), "-m", f"benchmarks.delivery.peers.{module}"]

    def order(task: str, url: str, port: int) -> list[str]:
        what = Order(task, mails, processes, port, tuned, MAIL, for_django(url))
        return [*command, str(what)]

    def fill(url: str) -> None:
        done = subprocess.run(order("fill", url, 0), capture_output=True, text=True, env=_ours())
        if done.returncode:
            raise Failed(done.stderr[-500:])

    def once() -> Run:
        with Sink() as sink, store.copy(name) as url:
            crew = [order("send", url, sink.port)] * (1 if one_command else processes)
            return measure(crew, mails, sink, processes=processes)

    store.make(name, fill)
    return Contender(f"{package}, {store.label}{_how(tuned)}", once, processes)


def with_celery(python: Path, mails: int, processes: int, tuned: bool) -> Contender:
    command = [str(python), "-m", "benchmarks.delivery.peers.with_celery"]

    def once() -> Run:
        with Sink() as sink, redis() as address:
            store = {"redis": address, "counters": str(sink.counters)}
            order = Order("send", mails, processes, sink.port, tuned, MAIL, store)
            return measure([[*command, str(order)]], mails, sink, processes=processes)

    return Contender(f"Celery, Redis{_how(tuned)}", once, processes)


def _how(tuned: bool) -> str:
    return ", tuned" if tuned else ""


def _ours() -> dict[str, str]:
    return {**_plain(), "PYTHONPATH": str(REPOSITORY)}
