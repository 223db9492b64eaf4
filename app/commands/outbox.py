"""`duban outbox`: what became of the letters."""

from datetime import timedelta
from typing import Annotated

import typer

from app.out import cell, say, say_json, show_table, table
from app.place import home, moment


def outbox(
    days: Annotated[int, typer.Option(min=1, max=3660, help="最近多少天的信")] = 31,
    state: Annotated[str | None, typer.Option(help="只看 queued/sending/accepted/failed")] = None,
    at: Annotated[str | None, typer.Option(help="按这个时间计算，默认现在")] = None,
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """发件箱：每封信寄给谁、寄到哪一步。

    包括邮件服务器的答复。“邮件服务器已接收”不等于对方已读。
    """
    from app.reading import open_site
    from state import sent
    from state.standing import Standing

    site = open_site(home())
    last = moment(at).date() + timedelta(1)
    with site.database.reading() as connection:
        letters = sent.letters(connection, None, last - timedelta(days + 1), last)
    chosen = [one for one in letters if state in (None, one.state)]
    if json:
        say_json(
            [
                {
                    "day": one.day,
                    "office": one.office,
                    "kind": one.kind,
                    "recipient": one.recipient,
                    "subject": one.subject,
                    "state": one.state,
                    "reply": one.reply,
                    "message_id": one.message_id,
                    "items": list(one.items),
                }
                for one in chosen
            ]
        )
        return
    if not chosen:
        say("发件箱里没有符合条件的信。")
        return
    rows = table(f"发件箱 {len(chosen)} 封", "日期", "收件人", "主题", "状态", "服务器答复")
    for one in chosen:
        rows.add_row(
            str(one.day),
            cell(one.recipient),
            cell(one.subject),
            Standing(one.state).label,
            cell(one.reply),
        )
    show_table(rows)
