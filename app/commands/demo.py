"""`duban demo`: the first thing that anybody runs."""

import asyncio
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.rehearse import Folder, Json, Seed, finish, perform
from app.out import hint, say
from app.place import home

if TYPE_CHECKING:
    from app.rehearsal.play import Year
    from app.rehearsal.stage import Ticket


def demo(
    year: Annotated[int, typer.Option(min=2000, max=2100, help="排练哪一年")] = 2026,
    seed: Seed = 7,
    folder: Folder = None,
    json: Json = False,
    once: Annotated[bool, typer.Option("--once", help="排练完就结束，不打开督办台")] = False,
) -> None:
    """演示：快进一整年，看信、看答复、看账，再到督办台里亲手办一办。"""
    from app.rehearsal import stage

    if not json:
        say(f"演示：快进 {year} 年。信件经真实的 SMTP 进入内置收件箱，一封也不会离开这台机器。")
    target = folder or home() / "var" / "demo"
    started = time.monotonic()
    console = stage.console(target, stage.free_port())
    played = perform(year, seed, target, copied=True, console=console)
    finish(played, target, json=json)
    hint(f"用时 {time.monotonic() - started:.0f} 秒。")
    if json:
        return
    if once:
        say("接下来：./run demo 打开督办台；./run duban --help 看所有命令。")
        return
    asyncio.run(_open(played, target))


async def _open(played: "Year", folder: Path) -> None:
    from app.reading import quietly
    from app.rehearsal import stage

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    with quietly():
        await stage.perform(played, folder, _welcome, stop)
    say("演示结束。")


def _welcome(address: str, tickets: list["Ticket"]) -> None:
    say("")
    say(f"督办台已打开：{address}　　按 Ctrl-C 结束")
    say(f"登录名（密码都是 {tickets[0].password}）：")
    for ticket in tickets:
        say(f"  {ticket.login:10}{ticket.name}（{ticket.role.label}）")
    say("成员单位不用登录：打开上面的收件箱，点信里的链接就能签收、报送、申请延期。")
    say(
        "督办台的钟停在这一年最后一个工作日；在里面办的事，二十秒内就有信寄到收件箱，回执要等五分钟。"
    )
