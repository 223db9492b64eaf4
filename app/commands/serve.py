"""`duban serve`: the embedded timetable, until it is told to stop."""

import asyncio

from app.place import home


def serve() -> None:
    """按时刻表一直运行，Ctrl-C 停止。

    时刻表是 config/timetable.yaml。适合一台小机器，不需要 Prefect 服务器。
    """
    from app.timetable import keep

    asyncio.run(keep(home()))
