"""Receipts (回执): who is told, and when, of what was done through links and decided in the console."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from duban.desk import Desk
from duban.letter import Kind, Letter, Receipt, Section

REST = timedelta(minutes=5)
"""So long nothing more was done: whoever goes through his items is told once."""
PATIENCE = timedelta(hours=1)
"""So long nobody waits, whatever else is done."""
MOST = 50
"""Acts of one letter; the rest is for the next."""


def letters(desk: Desk, day: date, at: datetime, done: Iterable[Receipt]) -> tuple[Letter, ...]:
    """One for each registered contact. Of a department where nobody is on duty, nobody is told yet."""
    people: dict[str, str] = {}
    baskets: dict[str, list[Receipt]] = {}
    for one in done:
        if person := desk.liaison(one.reader, day):
            people[person.email] = person.name
            baskets.setdefault(person.email, []).append(one)
    return tuple(
        _letter(desk, day, email, people[email], basket[:MOST])
        for email, basket in sorted(baskets.items())
        if ripe(basket, at)
    )


def unheard(desk: Desk, day: date, done: Iterable[Receipt]) -> list[Receipt]:
    """What departments did of which nobody can be told, for nobody is registered and on duty: the office
    itself has to look whether it was theirs."""
    own = [one for one in done if not (one.decided or one.lead)]
    return [one for one in own if desk.liaison(one.department, day) is None]


def ripe(basket: list[Receipt], at: datetime) -> bool:
    moments = [one.at for one in basket]
    return at - max(moments) >= REST or at - min(moments) >= PATIENCE


def _letter(desk: Desk, day: date, email: str, name: str, basket: list[Receipt]) -> Letter:
    return Letter(
        desk.office.id,
        day,
        email,
        name,
        tuple(dict.fromkeys(desk.called(one.reader) for one in basket)),
        (Section(Kind.RECEIPT, (), (), tuple(basket)),),
        mark=f"receipt-{basket[0].event}",
    )
