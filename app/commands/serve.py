"""`duban serve`: the embedded timetable, until it is told to stop."""

import asyncio
from typing import Annotated

import typer

from app.place import home


def serve(
    only: Annotated[
        list[str] | None,
        typer.Option(help="只做时刻表里的这个流程（如 send），不开督办台；可多次给出"),
    ] = None,
) -> None:
    """按时刻表一直运行，Ctrl-C 停止。

    时刻表是 config/timetable.yaml。适合一台小机器，不需要 Prefect 服务器。
    """
    from app.timetable import keep

    asyncio.run(keep(home(), only=only or ()))
