"""`duban digest`: what managers, heads of departments and the secretariat would be told today."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.out import say, say_json
from app.place import home, moment

if TYPE_CHECKING:
    from duban.digest import Which
    from duban.letter import Letter
    from duban.office import Office
    from flows.premises import Site

KINDS = "weekly 每周通报、monthly 每月通报、account 部门月度清单、work 今日待办、phase 阶段报告"


def digest(
    office: Annotated[str | None, typer.Option(help="只看这个纲要办")] = None,
    only: Annotated[str | None, typer.Option(help=f"只看这一种：{KINDS}")] = None,
    at: Annotated[str | None, typer.Option(help="按这个时间计算，默认现在")] = None,
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """看看现在的各种通报写给谁、写些什么。

    只显示，不寄出：通报由 run 按 config/timetable.yaml 的时刻寄出，每期只寄一次。
    """
    from app.reading import open_site

    site = open_site(home())
    found = list(_letters(site, office, _chosen(only), moment(at)))
    if json:
        say_json([_facts(which, letter) for which, _, letter in found])
        return
    words = site.letters
    for which, desk_office, letter in found:
        rendered = words.render(letter, desk_office)
        say(f"【{which.label}】收件人：{letter.recipient_name} <{letter.recipient}>")
        say(f"主题：{rendered.subject}\n")
        say(rendered.text)
    if not found:
        say("没有要通报的事项。")


def _chosen(only: str | None) -> "list[Which]":
    from duban.digest import Which
    from duban.trouble import Trouble

    if only is None:
        return list(Which)
    if only not in list(Which):
        raise Trouble(f"没有“{only}”这种通报，可写：{KINDS}")
    return [Which(only)]


def _letters(
    site: "Site", office: str | None, chosen: "list[Which]", at: datetime
) -> "Iterator[tuple[Which, Office, Letter]]":
    """By the same functions as the tick, each kind as if it were owed now and said to nobody yet."""
    from app.reading import offices
    from duban.digest import owed
    from duban.morning import write
    from flows.digests import gather
    from flows.premises import today

    for desk, agenda in offices(site, office):
        day = desk.workdays.after(today(desk.office, at))
        dues = [replace(one, alone=False) for one in owed(desk, site.times, at)]
        with site.database.reading() as connection:
            found = gather(connection, desk, [one for one in dues if one.which in chosen], at)
        for one in found:
            morning = write(desk, agenda, day, (), [replace(one, told=frozenset())])
            yield from ((one.due.which, desk.office, letter) for letter in morning.letters)


def _facts(which: "Which", letter: "Letter") -> dict[str, Any]:
    return {
        "office": letter.office,
        "which": which.value,
        "day": letter.day,
        "recipient": letter.recipient,
        "kind": letter.kind.value,
        "items": [
            {
                "assignment": item.assignment,
                "due": item.due,
                "days": item.days,
                "state": item.state.value,
            }
            for item in letter.items
        ],
    }
