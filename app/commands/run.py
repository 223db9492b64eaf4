"""`duban run`: one tick."""

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.out import error, hint, say, say_json
from app.place import home, moment

if TYPE_CHECKING:
    from flows.tick import Ticked

FEW = 20
"""Offices that are named also where they have nothing to write."""


def run(
    at: Annotated[str | None, typer.Option(help="当作是这个时间，如 2026-03-02T09:00")] = None,
    office: Annotated[list[str] | None, typer.Option(help="只做这个纲要办，可多次给出")] = None,
    release: Annotated[
        bool, typer.Option("--release", help="放行因超过上限（brake）而等待的一天")
    ] = False,
    part: Annotated[
        str, typer.Option(help="只做一份：2/8 是全部纲要办分成八份的第二份，供几台机器分着做")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """看一看现在该寄什么，写信、寄出、记账。

    重复运行不会重复寄。有信没寄成时退出码为 3。
    """
    ticked = asyncio.run(_run(at, office or [], release, part))
    if json:
        say_json(as_json(ticked))
    else:
        show(ticked)
    if (
        ticked.delivered.unsent
        or ticked.delivered.closed
        or any(one.faults for one in ticked.written)
    ):
        raise typer.Exit(3)


async def _run(at: str | None, wanted: list[str], release: bool, part: str) -> "Ticked":
    from adapters.settings import Mode
    from app.reading import known, open_site
    from flows.tick import tick

    site = open_site(home())
    ticked = await tick(moment(at), known(site, wanted) or None, release=release, part=part)
    if site.settings.mail.mode is Mode.CATCH and ticked.delivered.accepted:
        folder = site.settings.path(site.settings.mail.folder).resolve()
        hint(f"信件没有真正寄出，已存入 {folder}（见 config/settings.yaml 的 mail.mode）")
    return ticked


def as_json(ticked: "Ticked") -> dict[str, Any]:
    """{at, withdrawn, letters: [{office, kind, recipient, items}], more, unsent, faults, delivered, closed};
    `more`: letters that are not listed, for there are very many."""
    return {
        "at": ticked.at,
        "withdrawn": ticked.withdrawn + ticked.delivered.withdrawn,
        "letters": [
            {
                "office": letter.office,
                "kind": letter.kind.value,
                "recipient": letter.recipient,
                "items": [{"assignment": i.assignment, "stage": i.stage} for i in letter.items],
            }
            for one in ticked.written
            for letter in one.letters
        ],
        "more": sum(one.more for one in ticked.written),
        "unsent": [
            {"office": one.office, "about": about, "reason": reason}
            for one in ticked.written
            for about, reason in one.unsent
        ],
        "faults": [fault for one in ticked.written for fault in one.faults],
        "delivered": dict(ticked.delivered.counts),
        "closed": ticked.delivered.closed,
    }


def show(ticked: "Ticked") -> None:
    few = len(ticked.written) <= FEW
    for one in ticked.written:
        kinds = Counter(letter.kind.label for letter in one.letters) + Counter(信=one.more)
        words = "、".join(f"{kind} {count} 封" for kind, count in sorted(kinds.items()))
        if words or few:
            say(f"{one.office}：{words or '今天没有要写的信'}")
        for about, reason in one.unsent:
            say(f"  未通知 {about}：{reason}")
        for fault in one.faults:
            error(f"  写不成 {fault}")
    if ticked.withdrawn:
        say(f"撤回 {ticked.withdrawn} 封已过时的信")
    done = ticked.delivered
    say(f"寄出 {done.accepted} 封" + (f"，{done.unsent} 封没有寄成" if done.unsent else ""))
    if done.closed:
        error(f"停止发信：{done.closed}")
    for reply in done.replies[:10]:
        error(f"  {reply}")
