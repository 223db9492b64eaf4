"""`duban check`: every fault of the files, at once."""

from typing import Annotated

import typer

from app.out import error, say, say_json
from app.place import home
from duban.book import Book


def check(
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """检查日历和配置，列出每一处错误，再列出下级不承接的事项。

    每处错误都写明文件、行、键和改法；有错时退出码为 1，没有错时为 0。什么都不改。
    """
    from adapters.files import read_site
    from app.reading import every_fault

    reading = read_site(home())
    faults = every_fault(home(), reading)
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
            for line in _declined(reading.book) if reading.book else ():
                say(line)
    if faults:
        error(f"共 {len(faults)} 处错误，请改正后再试；现有的数据没有任何变化。")
        raise typer.Exit(1)


def _declined(book: Book) -> list[str]:
    """What offices say they do not take on of what the office above asks."""
    return [
        f"不承接：{branch.office.short} {year.year}年“{one.activity}”"
        f"{f'的节点 {one.step}' if one.step else ''}，理由：{one.reason}（{one.place.file}）"
        for branch in book.branches
        for year in branch.years
        for one in year.declines
    ]
