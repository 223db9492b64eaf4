"""What the mails of a day say, and to whom, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from duban.agenda import Agenda
from duban.desk import Desk
from duban.letter import Kind
from duban.yearview.mails import Mail


@dataclass(frozen=True, slots=True)
class Recipient:
    name: str
    """Empty when nobody in the contacts has the address."""
    address: str
    department: str
    """Short names; empty for the office's own people."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One step as a mail mentions it."""

    activity: str
    step: str
    stage: str
    """In Chinese."""
    due: date | None
    departments: tuple[str, ...]
    """Short names of those who owe it; empty where it is the recipient's own."""


@dataclass(frozen=True, slots=True)
class Post:
    """Mails of one kind that say the same."""

    kind: Kind
    recipients: tuple[Recipient, ...]
    items: tuple[Mention, ...]


class Posts:
    """Mails with the names of an office's people, activities, steps and stages."""

    def __init__(self, desk: Desk, agenda: Agenda) -> None:
        self.desk, self.agenda = desk, agenda
        self.people = {person.email: person.name for person in reversed(desk.branch.contacts)}

    def gather(self, mails: Iterable[Mail]) -> tuple[Post, ...]:
        """By kind, then in the order in which they come; those that say the same together."""
        found: dict[tuple[Kind, tuple[Mention, ...]], list[Recipient]] = {}
        for mail in mails:
            who = Recipient(self.people.get(mail.recipient, ""), mail.recipient, mail.department)
            found.setdefault((Kind(mail.kind), self._mentions(mail)), []).append(who)
        order = list(Kind)
        posts = [Post(kind, tuple(who), items) for (kind, items), who in found.items()]
        return tuple(sorted(posts, key=lambda post: order.index(post.kind)))

    def _mentions(self, mail: Mail) -> tuple[Mention, ...]:
        """Each step once, with every department that owes it."""
        found: dict[tuple[str, str, str, date | None], list[str]] = {}
        for item in mail.items:
            owing = found.setdefault(self._facts(item), [])
            department = self.desk.called(item["assignment"].rpartition("/")[2])
            if department != mail.department:
                owing.append(department)
        return tuple(Mention(*facts, tuple(owing)) for facts, owing in found.items())

    def _facts(self, item: Mapping[str, Any]) -> tuple[str, str, str, date | None]:
        """Activity, step, stage and due date; ids for what the calendar does not hold any more."""
        key, step = item["assignment"], item["step"]
        piece = self.agenda.pieces.get("/".join(key.split("/")[:3]))
        known = piece and next((one for one in piece.steps if one.id == step), None)
        return (
            piece.occasion.name if piece else item["activity"],
            known.name if known else step,
            self._stage(key, item["stage"]),
            date.fromisoformat(item["due"]) if item["due"] else None,
        )

    def _stage(self, key: str, stage: str) -> str:
        if stage in set(Kind):
            return Kind(stage).label
        duty = self.agenda.duties.get(key)
        return self.desk.ladder(duty.ladder if duty else self.desk.office.ladder).label(stage)
