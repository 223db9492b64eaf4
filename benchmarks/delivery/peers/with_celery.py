"""Celery with Redis: a prefork worker that waits until all mails are queued, then takes them."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.delivery.driver import drive
from benchmarks.delivery.peers.order import Order

QUEUE = "mails"
PAUSE = 0.005


def main() -> None:
    order = Order.read()
    os.environ |= {
        "REDIS": order.store["redis"],
        "MAIL_PORT": str(order.port),
        "TUNED": "1" if order.tuned else "0",
    }
    from benchmarks.delivery.peers.celery_tasks import app, send, send_frozen

    for one in order.messages():
        if order.tuned:
            frozen = {name: one[name] for name in ("mime", "sender", "to")}
            send_frozen.apply_async(kwargs=frozen, queue=QUEUE)
        else:
            send.apply_async(kwargs=one, queue=QUEUE)
    with worker(order.processes) as process:
        while not app.control.ping(timeout=0.5):
            if process.poll() is not None:
                sys.exit("the worker ended")

        def work() -> None:
            app.control.add_consumer(QUEUE)
            while arrived(Path(order.store["counters"])) < order.mails:
                time.sleep(PAUSE)

        drive(work, also=lambda: family(process.pid))


@contextmanager
def worker(processes: int) -> Iterator["subprocess.Popen[bytes]"]:
    """It listens to no queue with mail in it yet."""
    quiet = "--without-gossip --without-mingle --without-heartbeat --loglevel ERROR"
    command = f"-m celery -A benchmarks.delivery.peers.celery_tasks worker {quiet} -Q waiting"
    process = subprocess.Popen(
        [sys.executable, *command.split(), "--concurrency", str(processes)],
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def family(pid: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def arrived(counters: Path) -> int:
    """What the sink counted last."""
    with counters.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - 100))
        return int(file.read().rpartition(b"mesg=")[2] or 0)


if __name__ == "__main__":
    main()
