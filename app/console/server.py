"""The web server of the console: uvicorn, beside the timetable in a thread of its own, or alone."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
import uvicorn
from starlette.applications import Starlette
from uvicorn.supervisors import Multiprocess

from app.console.application import application
from app.console.connection import Connection
from app.place import home
from app.reading import open_site
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
    return Server(uvicorn.Config(application(site), **_how(site)))


def _how(site: Site) -> dict[str, Any]:
    """uvicorn's settings."""
    return {
        "host": site.settings.console.host,
        "port": site.settings.console.port,
        "http": Connection,
        "ws": "none",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": False,
        "backlog": BACKLOG,
        "lifespan": "off",
        "timeout_graceful_shutdown": PATIENCE,
    }


def here() -> Starlette:
    """For a process of its own: the site of the working directory."""
    return application(open_site(home()))


def crowd(
    site: Site, processes: int, opened: Callable[[str], None], app: str = "app.console.server:here"
) -> None:
    """Serve in so many processes, which share one address, until a signal comes; one that dies is
    replaced. `app`: `module:function`, called in each; `opened` is told the address. Raises NoAddress.
    """
    config = uvicorn.Config(app, factory=True, workers=processes, **_how(site))
    console = site.settings.console
    with _Door(socket.AF_INET6 if ":" in console.host else socket.AF_INET) as door:
        try:
            door.take(console.host, console.port)
        except OSError as fault:
            raise _no_address(site, f"：{fault.strerror}") from None
        place = door.getsockname()[:2]
        threading.Thread(target=_knock, args=(place, opened), daemon=True).start()
        Multiprocess(config, sockets=[door]).run()


class _Door(socket.socket):
    """Keeps an address. In each process that it is handed to, it is a listener of that process's own:
    the kernel deals out who comes; of one listener for all, one process would take nearly everybody.
    """

    def take(self, host: str, port: int) -> None:
        self.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self.bind((host, port))

    def __reduce__(self) -> tuple[Any, ...]:
        return _listen, (self.family, self.getsockname()[:2])


def _listen(family: socket.AddressFamily, place: tuple[str, int]) -> socket.socket:
    return socket.create_server(place, family=family, backlog=BACKLOG, reuse_port=True)


def _knock(place: tuple[str, int], opened: Callable[[str], None]) -> None:
    """Tell the address once somebody answers there."""
    while True:
        try:
            socket.create_connection(place, timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            break
    opened(_named(*place))


def _no_address(site: Site, reason: object) -> NoAddress:
    console = site.settings.console
    return NoAddress(
        f"督办台打不开 {console.host}:{console.port}（可能已被占用）{reason}；"
        "请改 config/settings.yaml 的 console.port"
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
            raise _no_address(site, failed[0] if failed else "")
        yield address(server)
    finally:
        server.should_exit = True
        thread.join(PATIENCE + 5)


def address(server: Server) -> str:
    """`http://127.0.0.1:8600`, with the port that it really has."""
    return _named(*server.servers[0].sockets[0].getsockname()[:2])


def _named(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
