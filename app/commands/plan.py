"""`duban plan`: what applying the files would change."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.out import say_json
from app.place import home, moment


def plan(
    at: Annotated[str | None, typer.Option(help="按这个时间计算，默认现在")] = None,
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """看看应用现在的日历会带来哪些变化。

    列出会新增、改期、变更、撤销的督办事项；什么都不改。
    """
    from app.diffs import as_json, show
    from app.manyoffices import large
    from app.reading import look_at, read_book
    from flows import applying

    folder = home()
    if large(folder):
        _many(folder, moment(at), json)
        return
    book = read_book(folder)
    planned = applying.plan(look_at(folder), book, moment(at))
    if json:
        say_json(as_json(planned))
    else:
        show(planned)


def _many(folder: Path, when: datetime, json: bool) -> None:
    """Of very many offices."""
    from app import manyoffices
    from app.reading import look_at

    made, _ = manyoffices.planned(look_at(folder), when)
    manyoffices.faultless(made)
    if json:
        manyoffices.say_changes(made)
    else:
        manyoffices.show(made)
