"""`duban console`: the web console alone; `duban serve` opens it beside the timetable."""

import signal
import threading

from app.out import say
from app.place import home


def console() -> None:
    """只开督办台（网页），Ctrl-C 停止。

    duban serve 已经带着它；寄信和网页分在不同机器上时才用。
    """
    from app.console.server import beside
    from app.reading import open_site

    site = open_site(home())
    site.desks()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with beside(site) as address:
        say(f"督办台：{site.settings.console.url or address}（Ctrl-C 停止）")
        stop.wait()
