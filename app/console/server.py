"""The web server of the console: uvicorn, beside the timetable in a thread of its own, or alone."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
import uvicorn

from app.console.application import application
from duban.trouble import Trouble
from flows.premises import Site

log = structlog.get_logger()
BACKLOG = 512
PATIENCE = 10
"""Seconds for answers under way when the server is told to stop."""


class NoAddress(Trouble):
    """The console cannot listen there; the message says why."""


class Server(uvicorn.Server):
    """Signals are a matter of whoever runs it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def make(site: Site) -> Server:
    """Raises Trouble where the site cannot have one."""
    console = site.settings.console
    return Server(
        uvicorn.Config(
            application(site),
            host=console.host,
            port=console.port,
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=True,
            proxy_headers=False,
            backlog=BACKLOG,
            lifespan="off",
            timeout_graceful_shutdown=PATIENCE,
        )
    )


@contextmanager
def beside(site: Site) -> Iterator[str]:
    """Serve in a thread until the context ends; the address is given. Raises NoAddress."""
    server = make(site)
    failed: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(server.serve())
        except BaseException as fault:
            failed.append(fault)

    thread = threading.Thread(target=run, name="console", daemon=True)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            thread.join(0.02)
        if not server.started:
            console = site.settings.console
            reason = failed[0] if failed else ""
            raise NoAddress(
                f"督办台打不开 {console.host}:{console.port}（可能已被占用）{reason}；"
                "请改 config/settings.yaml 的 console.port"
            )
        yield address(server)
    finally:
        server.should_exit = True
        thread.join(PATIENCE + 5)


def address(server: Server) -> str:
    """`http://127.0.0.1:8600`, with the port that it really has."""
    socket = server.servers[0].sockets[0]
    host, port = socket.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
