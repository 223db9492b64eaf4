"""`duban demo`: the first thing that anybody runs."""

import time
from typing import Annotated

import typer

from app.commands.rehearse import Folder, Json, Seed, finish, perform
from app.out import hint, say
from app.place import home


def demo(
    year: Annotated[int, typer.Option(min=2000, max=2100, help="排练哪一年")] = 2026,
    seed: Seed = 7,
    folder: Folder = None,
    json: Json = False,
    once: Annotated[bool, typer.Option("--once", help="排练完就结束（目前总是如此）")] = False,
) -> None:
    """演示：快进一整年，看信、看答复、看账。"""
    del once  # the demo ends by itself until there is a console to serve
    if not json:
        say(f"演示：快进 {year} 年。信件经真实的 SMTP 进入内置收件箱，一封也不会离开这台机器。")
    target = folder or home() / "var" / "demo"
    started = time.monotonic()
    played = perform(year, seed, target)
    finish(played, target, json=json)
    hint(f"用时 {time.monotonic() - started:.0f} 秒。")
    if not json:
        say("接下来：./run duban preview --year 2027 看明年；./run duban --help 看所有命令。")
