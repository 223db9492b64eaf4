"""A Redis of our own, on a free port, that keeps nothing on disk."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from benchmarks.delivery.sink import free_port, program, wait_for


@contextmanager
def redis() -> Iterator[str]:
    """Its address. Raises Missing."""
    port = free_port()
    command = [program("redis-server", "redis-server"), "--port", str(port)]
    quiet = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning"]
    with TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [*command, *quiet, "--dir", folder], stdout=subprocess.DEVNULL, start_new_session=True
        )
        try:
            wait_for(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait()
