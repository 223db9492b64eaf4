"""`duban outbox`: what became of the letters, and letting the post go on."""

import getpass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from app.out import cell, say, say_json, show_table, table
from app.place import home, moment

if TYPE_CHECKING:
    from state.sent import Sent

cli = typer.Typer(context_settings={"help_option_names": ["-h", "--help"]})


@cli.callback(invoke_without_command=True)
def outbox(
    context: typer.Context,
    days: Annotated[int, typer.Option(min=1, max=3660, help="最近多少天的信")] = 31,
    state: Annotated[str | None, typer.Option(help="只看 queued/sending/accepted/failed")] = None,
    doubtful: Annotated[
        bool, typer.Option("--possible-duplicates", help="只看对方可能收到两份的信")
    ] = False,
    at: Annotated[str | None, typer.Option(help="按这个时间计算，默认现在")] = None,
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """发件箱：每封信寄给谁、寄到哪一步。

    包括邮件服务器的答复。“邮件服务器已接收”不等于对方已读。
    """
    if context.invoked_subcommand is not None:
        return
    from app.reading import open_site
    from state import sent

    site = open_site(home())
    last = moment(at).date() + timedelta(1)
    with site.database.reading() as connection:
        letters = sent.letters(connection, None, last - timedelta(days + 1), last)
    chosen = [
        one
        for one in letters
        if state in (None, one.state) and (one.possible_duplicates or not doubtful)
    ]
    if json:
        say_json([_as_json(one) for one in chosen])
    elif chosen:
        _show(chosen)
    else:
        say("发件箱里没有符合条件的信。")


@cli.command("release")
def release() -> None:
    """放行：因故障或超过上限而停下的邮件服务器，从现在起可以再发。"""
    from app.reading import open_site
    from state import servers

    site = open_site(home())
    with site.database.writing() as connection:
        released = servers.release(connection, at=moment(None))
    for one in released:
        say(f"{one.name} 已放行（原因曾是：{one.reason}）")
    if not released:
        say("没有停下的邮件服务器。")


@cli.command("confirm")
def confirm(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="不再询问")] = False,
) -> None:
    """确认由本机用这个数据库发信（数据库是复制或恢复来的时候要做一次）。"""
    from app.reading import open_site
    from flows import gate

    site = open_site(home())
    doubt = gate.doubt(site)
    if doubt is None:
        say("不必确认：这个数据库就是由这里发信的。")
        return
    say(f"{doubt.label}。备份之后寄出的信它不知道，会再寄一遍；另一处若还在用它，两处都会发信。")
    if not yes and not typer.confirm("确认由这里发信吗", default=False):
        raise typer.Exit(1)
    gate.confirm(site, at=moment(None), by=getpass.getuser())
    say("已确认，下一次运行时开始发信。")


def _as_json(one: "Sent") -> dict[str, object]:
    return {
        "day": one.day,
        "office": one.office,
        "kind": one.kind,
        "recipient": one.recipient,
        "subject": one.subject,
        "state": one.state,
        "reply": one.reply,
        "possible_duplicates": one.possible_duplicates,
        "message_id": one.message_id,
        "items": list(one.items),
    }


def _show(letters: list["Sent"]) -> None:
    from state.standing import Standing

    rows = table(f"发件箱 {len(letters)} 封", "日期", "收件人", "主题", "状态", "服务器答复")
    for one in letters:
        twice = f"（可能多收 {one.possible_duplicates} 份）" if one.possible_duplicates else ""
        rows.add_row(
            str(one.day),
            cell(one.recipient),
            cell(one.subject),
            Standing(one.state).label + twice,
            cell(one.reply),
        )
    show_table(rows)
