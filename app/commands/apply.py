"""`duban apply`: make the calendar of the files the one that flows work by."""

import getpass
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.out import say, say_json
from app.place import home, moment


def apply(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="不再询问")] = False,
    by: Annotated[str | None, typer.Option(help="谁在操作，记入流水")] = None,
    at: Annotated[str | None, typer.Option(help="按这个时间计算，默认现在")] = None,
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="办公室很多时也全部重算，不只看改动的文件（升级后用一次）")
    ] = False,
) -> None:
    """应用日历：列出变化，确认后一次写入。

    同样的文件再应用一次，什么都不变；文件有错时什么都不写。
    """
    from adapters.sitefiles import source_texts
    from app.diffs import as_json, show
    from app.manyoffices import large
    from app.reading import open_site, read_book
    from flows import applying

    folder = home()
    if large(folder):
        _many(folder, yes or json, by or getpass.getuser(), moment(at), json, everything)
        return
    book = read_book(folder)
    site = open_site(folder)
    when = moment(at)
    planned = applying.plan(site, book, when)
    if not json:
        show(planned, limit=10)
    if not (yes or json or not sys.stdin.isatty()):
        typer.confirm("现在应用？", abort=True)
    who = by or getpass.getuser()
    changed = applying.apply(site, book, planned, when, who, source_texts(folder))
    if json:
        say_json({"scopes": changed, "changes": as_json(planned)})
    else:
        total = sum(len(one.diff.changes) for one in planned)
        say(f"已应用：{len(changed)} 份文档更新，{total} 项督办事项变化。")


def _many(folder: Path, yes: bool, who: str, when: datetime, json: bool, everything: bool) -> None:
    """Of very many offices."""
    from app import manyoffices
    from app.reading import open_site

    site = open_site(folder)
    made, found = manyoffices.planned(site, when, everything=everything)
    manyoffices.faultless(made)
    scopes = manyoffices.carry_out(site, made, found, when, who, "现在应用？", yes=yes, json=json)
    if json:
        manyoffices.say_changes(made, scopes)
    else:
        say(f"已应用：{len(scopes)} 份文档更新，{sum(made.counts)} 项督办事项变化。")
