"""`duban digest`: what the managers would be told today."""

from typing import Annotated

import typer

from app.out import say, say_json
from app.place import home, moment


def digest(
    office: Annotated[str | None, typer.Option(help="只看这个纲要办")] = None,
    at: Annotated[str | None, typer.Option(help="按这个时间计算，默认现在")] = None,
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """看看现在的逾期通报写给谁、写些什么。

    只显示，不寄出：通报由 run 在每周第一个工作日寄出。
    """
    from app.reading import offices, open_site
    from duban.letter import Kind
    from duban.morning import write
    from flows.premises import today
    from state import assignments

    site = open_site(home())
    when = moment(at)
    found = []
    for desk, agenda in offices(site, office):
        day = desk.workdays.after(today(desk.office, when))
        with site.database.reading() as connection:
            overdue = assignments.overdue(connection, desk.office.id, day)
        found += [(desk, letter) for letter in write(desk, agenda, day, (), overdue).letters]
    if json:
        say_json(
            [
                {
                    "office": letter.office,
                    "day": letter.day,
                    "recipient": letter.recipient,
                    "kind": Kind.DIGEST.value,
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
                for _, letter in found
            ]
        )
        return
    words = site.letters
    for desk, letter in found:
        rendered = words.render(letter, desk.office)
        say(f"收件人：{letter.recipient_name} <{letter.recipient}>\n主题：{rendered.subject}\n")
        say(rendered.text)
    if not found:
        say("没有逾期事项，不需要通报。")
