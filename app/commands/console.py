"""`duban console`: the web console alone; `duban serve` opens it beside the timetable."""

import signal
import threading
from typing import TYPE_CHECKING, Annotated

import typer

from app.out import say
from app.place import home

if TYPE_CHECKING:
    from flows.premises import Site


def console(
    processes: Annotated[
        int, typer.Option(min=1, max=64, help="开几个进程；同时用的人多时，按处理器的核数开")
    ] = 1,
) -> None:
    """只开督办台（网页），Ctrl-C 停止。

    duban serve 已经带着它；寄信和网页分在不同机器上，或者同时用的人很多时才用。
    """
    from app.reading import open_site

    site = open_site(home())
    site.desks()
    if processes > 1:
        _crowd(site, processes)
    else:
        _alone(site)


def _crowd(site: "Site", processes: int) -> None:
    from app.console.server import crowd

    crowd(site, processes, lambda address: _tell(site, address))


def _alone(site: "Site") -> None:
    from app.console.server import beside

    stop = threading.Event()
    with beside(site) as address:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        _tell(site, address)
        stop.wait()


def _tell(site: "Site", address: str) -> None:
    say(f"督办台：{site.settings.console.url or address}（Ctrl-C 停止）")
