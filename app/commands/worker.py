"""`duban worker`: this machine does what Prefect hands out."""

import asyncio
import fcntl
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.out import hint
from app.place import REPOSITORY, home
from duban.trouble import Trouble

if TYPE_CHECKING:
    from adapters.settings import PrefectSettings


class Taken(Trouble):
    """A worker of this name works already."""


def worker(
    limit: Annotated[int | None, typer.Option(help="同时做几件，默认是本机的核数", min=1)] = None,
    name: Annotated[
        str | None, typer.Option(help="在 Prefect 里显示的名字，默认是本机的名字")
    ] = None,
) -> None:
    """在这台机器上做 Prefect 派来的活，Ctrl-C 停止。先运行一次 duban deploy。

    Prefect 服务器的地址写在环境变量 PREFECT_API_URL 里，口令写在 PREFECT_API_AUTH_STRING 里。
    """
    from adapters.settings import load_settings
    from flows.burying import bury

    folder = home()
    settings = load_settings(folder)
    called = name or socket.gethostname()
    _hold(settings.path(settings.seats), called)
    if left := asyncio.run(bury(called)):
        hint(f"上次中断时没做完的 {len(left)} 件已记为中断，由下一次接着做：{'、'.join(left)}")
    _become(folder, settings.prefect, called, limit or os.cpu_count() or 1)


def _hold(folder: Path, name: str) -> None:
    """The name, for as long as this process lives, also as Prefect's worker. Raises Taken."""
    folder.mkdir(parents=True, exist_ok=True)
    safe = "".join(sign if sign.isalnum() else "-" for sign in name)
    lock = os.open(folder / f"worker-{safe}.lock", os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Taken(
            f"本机已有名叫“{name}”的 duban worker 在运行。要再开一个，用 --name 另起名字"
        ) from None
    os.set_inheritable(lock, True)


def _become(folder: Path, said: "PrefectSettings", name: str, limit: int) -> None:
    """Become Prefect's worker. Its runs are processes in folders of their own: they have to be told where the
    site is."""
    command = [sys.executable, "-m", "prefect", "worker", "start", "--type", "process"]
    command += ["--pool", said.pool, "--work-queue", said.queue]
    command += ["--name", name, "--limit", str(limit)]
    path = os.pathsep.join(filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH"))))
    usual = {"PREFECT_SERVER_EPHEMERAL_ENABLED": "false", "DO_NOT_TRACK": "1"}
    told = {"PYTHONPATH": path, "DUBAN_HOME": str(folder.resolve())}
    os.execve(sys.executable, command, {**usual, **os.environ, **told})
