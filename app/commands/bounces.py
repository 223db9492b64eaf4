"""`duban bounces`: what came back, read now."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.out import cell, error, say, say_json, show_table, table
from app.place import home, moment

if TYPE_CHECKING:
    from flows.bounces import Looked

FATES = {
    "failed": "退信",
    "delayed": "迟延",
    "delivered": "已送达",
    "relayed": "已转交",
    "expanded": "已分发",
    "foreign": "隔离",
    "automatic": "自动邮件",
    "personal": "他人来信",
}


def bounces(
    file: Annotated[
        Path | None,
        typer.Option(help="改读这个 mbox 文件或 Maildir 文件夹，里面的信不移动"),
    ] = None,
    at: Annotated[str | None, typer.Option(help="当作是这个时间，默认现在")] = None,
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """退信：读退信邮箱，把没有送到的信记为寄送失败。

    认得出是哪封信、寄给谁的才算数，其余的隔离；重复读不会重复记。邮箱读不了时退出码为 3。
    """
    looked = asyncio.run(_look(str(file.absolute()) if file else None, at))
    if json:
        say_json(_as_json(looked))
    else:
        _show(looked)
    if looked.troubles:
        raise typer.Exit(3)


async def _look(file: str | None, at: str | None) -> "Looked":
    from app.reading import open_site
    from flows.bounces import bounces as read

    open_site(home())
    return await read(moment(at), file)


def _as_json(looked: "Looked") -> dict[str, Any]:
    """{at, mailbox, counts, again, caught_up, mails: [{verdict, fate, recipient, note}], troubles}"""
    return {
        "at": looked.at,
        "mailbox": looked.mailbox,
        "counts": dict(looked.counts),
        "again": looked.again,
        "caught_up": looked.caught_up,
        "mails": [
            {
                "verdict": one.verdict.value,
                "fate": one.fate.value if one.fate else None,
                "recipient": one.recipient,
                "note": one.note,
            }
            for one in looked.lines
        ],
        "troubles": looked.troubles,
    }


def _show(looked: "Looked") -> None:
    if not looked.mailbox:
        say(
            "没有设置退信邮箱（config/settings.yaml 的 bounces.source），也没有用 --file 给出文件。"
        )
        return
    said = [one for one in looked.lines if one.note]
    if said:
        rows = table("读到的信", "类别", "收件人", "说明")
        for one in said:
            kind = FATES[one.fate.value if one.fate else one.verdict.value]
            rows.add_row(kind, cell(one.recipient), cell(one.note))
        show_table(rows)
    counts = "，".join(f"{FATES[kind]} {count} 封" for kind, count in looked.counts.items())
    say(f"读了 {len(looked.lines)} 封" + (f"：{counts}。" if counts else "新的信。"))
    if looked.again:
        say(f"另有 {looked.again} 封以前读过。")
    for trouble in looked.troubles:
        error(trouble)
