"""`duban check`: every fault of the files, at once."""

from typing import Annotated

import typer

from app.out import error, say, say_json
from app.place import home


def check(
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """检查日历和配置，列出每一处错误。

    每处错误都写明文件、行、键和改法；有错时退出码为 1，没有错时为 0。什么都不改。
    """
    from app.reading import every_fault

    faults = every_fault(home())
    if json:
        say_json(
            [
                {
                    "file": fault.place.file,
                    "line": fault.line,
                    "key": fault.place.key,
                    "message": fault.message,
                    "hint": fault.hint,
                }
                for fault in faults
            ]
        )
    else:
        for fault in faults:
            say(str(fault))
        if not faults:
            say("没有发现错误。")
    if faults:
        error(f"共 {len(faults)} 处错误，请改正后再试；现有的数据没有任何变化。")
        raise typer.Exit(1)
