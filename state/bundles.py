"""Letters that are written together: a stage is said to everybody whom it addresses, or to nobody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from duban.letter import REPORTS, Item, Letter
from duban.morning import Morning, Spent
from duban.office import Role

TOGETHER = 500
"""Letters that are written with the same few statements."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A letter as it will go out, byte for byte."""

    letter: Letter
    subject: str
    message_id: str
    sender: str
    mime: bytes


def bundles(letters: list[Frozen]) -> Iterator[list[Frozen]]:
    """About as many as few statements can write, and never only some of those that belong together."""
    bundle: list[Frozen] = []
    for piece in tied(letters):
        bundle += piece
        if len(bundle) >= TOGETHER:
            yield bundle
            bundle = []
    if bundle:
        yield bundle


def tied(letters: Sequence[Frozen]) -> list[list[Frozen]]:
    """In pieces of which each is written whole or not at all: letters that share an item."""
    above = list(range(len(letters)))

    def top(number: int) -> int:
        while above[number] != number:
            above[number] = number = above[above[number]]
        return number

    first: dict[str, int] = {}
    for number, one in enumerate(letters):
        for section in one.letter.sections:
            for item in section.items:
                if item.to:
                    other = first.setdefault(item.assignment, number)
                    above[top(number)] = top(other)
    pieces: dict[int, list[Frozen]] = {}
    for number, one in enumerate(letters):
        pieces.setdefault(top(number), []).append(one)
    return list(pieces.values())


def lacking(morning: Morning, letters: Sequence[Frozen]) -> dict[str, Spent]:
    """What the morning spends, by key. To whom a letter could not be frozen, it stays owed."""
    spent = {step.before.key: step for step in morning.spent}
    if len(letters) == len(morning.letters):
        return spent
    there = {one.letter.key for one in letters}
    roles: dict[str, set[Role]] = {}
    for letter in morning.letters:
        for item in () if letter.key in there else _saying(letter):
            roles.setdefault(item.assignment, set()).add(item.role)
    for key, unheard in roles.items():
        step = spent[key]
        words = ",".join(role.value for role in Role if role in unheard)
        after = replace(
            step.after, unheard=words, next_stage=step.stage, next_on=step.after.stage_on
        )
        spent[key] = replace(step, after=after)
    return spent


def _saying(letter: Letter) -> Iterator[Item]:
    """What it says to one of several."""
    for section in letter.sections:
        if section.kind not in REPORTS:
            yield from (item for item in section.items if item.to)


def sent_key(row: int, item: Item) -> str:
    """Unique: nobody is told the same stage of the same date twice."""
    key = f"{row}:{item.version}:{item.stage}"
    return key if item.role is Role.LIAISON else f"{key}:{item.role.name.lower()}"


def role_of(sent_key: str) -> Role:
    """As whom its reader was told."""
    name = sent_key.rpartition(":")[2].upper()
    return Role[name] if name in Role.__members__ else Role.LIAISON
