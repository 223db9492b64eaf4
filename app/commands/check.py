"""`duban check`: every fault of the files, at once."""

from pathlib import Path
from typing import Annotated

import typer

from app.out import error, say, say_json
from app.place import home
from duban.book import Branch
from duban.fault import Fault


def check(
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """检查日历和配置，列出每一处错误，再列出下级不承接的事项。

    每处错误都写明文件、行、键和改法；有错时退出码为 1，没有错时为 0。什么都不改。
    """
    from app.reading import every_fault

    read, declined = _read(home())
    faults = every_fault(home(), read)
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
            for line in declined:
                say(line)
    if faults:
        error(f"共 {len(faults)} 处错误，请改正后再试；现有的数据没有任何变化。")
        raise typer.Exit(1)


def _read(folder: Path) -> tuple[tuple[Fault, ...], list[str]]:
    """The faults, and what offices say they do not take on."""
    from adapters.files import read_site
    from app import manyoffices

    if manyoffices.large(folder):
        return manyoffices.check(folder, declined)
    reading = read_site(folder)
    branches = reading.book.branches if reading.book else ()
    return reading.faults, [line for branch in branches for line in declined(branch)]


def declined(branch: Branch) -> list[str]:
    """What the office says it does not take on of what the office above asks."""
    return [
        f"不承接：{branch.office.short} {year.year}年“{one.activity}”"
        f"{f'的节点 {one.step}' if one.step else ''}，理由：{one.reason}（{one.place.file}）"
        for year in branch.years
        for one in year.declines
    ]
