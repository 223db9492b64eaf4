"""One morning of one office: from what is due to the letters that say so. The tick and the preview
both write their letters here."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from duban.addressing import addressed
from duban.agenda import Agenda
from duban.assignment import Assignment
from duban.bulletin import Bulletin, Found, Settled, bulletins
from duban.desk import OFFICE, Desk
from duban.known import NOTHING, Known, Urging
from duban.letter import LEADERS, Item, Kind, Letter, Returned, Section, Tentative
from duban.mentions import DIGEST, Mentions
from duban.office import Contact
from duban.stages import past, reached, scheduled, spent

SOON = timedelta(90)
"""How far ahead a notice names activities whose days are not known yet."""


class Reason(StrEnum):
    """Why something due is not in a letter."""

    DAY_OFF = "day off"
    NO_CONTACT = "no contact"
    VACANT = "vacant"
    """It is in a letter, though not to everybody to whom the ladder says it."""
    MAILED_TODAY = "mailed today"
    PAST = "past"
    NEEDLESS = "needless"
    """A change of what nobody heard of, or to a date that its department heard of already."""
    TOLD = "told"
    """Who stands in for somebody that did not get it has got it himself."""
    NOTHING = "nothing to say"
    BRAKE = "brake"

    @property
    def label(self) -> str:
        return {
            "day off": "今天不上班",
            "no contact": "没有在岗的收信人",
            "vacant": "催办梯度写明的收信人有的空缺，只寄给了在岗的",
            "mailed today": "今天已寄过一封",
            "past": "已经过去，不再通知",
            "needless": "没有收到过要更正的内容，不必更正",
            "told": "在岗的收信人都已收到",
            "nothing to say": "没有要说的",
            "brake": "今天的信超过上限（offices.yaml 的 brake），请核对后用 duban run --release 放行",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Unsent:
    """Something that was due and is not in a letter. `about`: an assignment's key or a digest."""

    about: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Spent:
    """An assignment before and after this morning; the stage is None when it was dropped."""

    before: Assignment
    after: Assignment
    stage: str | None
    why: str = ""
    """Why it was dropped."""


@dataclass(frozen=True, slots=True)
class Morning:
    letters: tuple[Letter, ...] = ()
    spent: tuple[Spent, ...] = ()
    unsent: tuple[Unsent, ...] = ()
    digests: tuple[Settled, ...] = ()
    """Digests that are settled by this morning, written or with nothing to say."""
    numbers: Mapping[Urging, int] = field(default_factory=dict)
    """Of 督办函 that are given this morning."""


@dataclass(slots=True)
class _Basket:
    """What one recipient gets."""

    name: str
    items: dict[Kind, list[Item]] = field(default_factory=dict)
    returned: tuple[Returned, ...] = ()
    reports: list[Section] = field(default_factory=list)


class _Sorting:
    """The morning's work: every due item goes into a basket, or is unsent for a reason."""

    def __init__(
        self, desk: Desk, agenda: Agenda, day: date, mailed: Collection[str], known: Known
    ) -> None:
        self.desk, self.agenda, self.day, self.mailed = desk, agenda, day, mailed
        self.mentions = Mentions(desk, agenda, day, known)
        self.baskets: dict[str, _Basket] = {}
        self.spent: list[Spent] = []
        self.unsent: list[Unsent] = []
        self.digests: list[Settled] = []
        self.alone: dict[tuple[str, str], _Basket] = {}
        """Letters beside the morning's, by address and mark."""

    def take(self, before: Assignment) -> None:
        item = self.mentions.known.settled(self.desk, before)
        if item is not before and not (item.next_on and item.next_on <= self.day):
            self._drop(before, item, Reason.NEEDLESS)
            return
        stage = None if past(self.desk, item, self.day) else reached(self.desk, item, self.day)
        if stage is None:
            self._drop(before, spent(self.desk, item, None, self.day), Reason.PAST)
            return
        ladder = self.desk.ladder(item.asked.ladder)
        only = item.unheard if stage == item.stage else None
        found = addressed(self.desk, item.asked.department, ladder.to(stage), self.day, only)
        if only and not (found.people or found.vacant):
            after = scheduled(self.desk, replace(item, unheard=None))
            self._drop(before, after, Reason.TOLD)
            return
        if not found.people or any(one.email in self.mailed for _, one in found.people):
            reason = Reason.MAILED_TODAY if found.people else Reason.NO_CONTACT
            self.unsent.append(Unsent(item.key, reason))
            return
        if found.vacant:
            self.unsent.append(Unsent(item.key, Reason.VACANT))
        after = spent(self.desk, item, stage, self.day)
        self.spent.append(Spent(before, after, stage))
        said = self.mentions.item(item, stage, found, after)
        for role, person in found.people:
            kind = self.mentions.kind(item, stage, said, role)
            self._put(person, kind, said if role is said.role else replace(said, role=role))

    def _drop(self, before: Assignment, after: Assignment, why: Reason) -> None:
        self.spent.append(Spent(before, after, None, why.value))
        self.unsent.append(Unsent(before.key, why))

    def take_digests(self, found: Iterable[Found]) -> None:
        for one in bulletins(self.desk, self.day, found, self._told):
            self._take_digest(one)

    def _take_digest(self, one: Bulletin) -> None:
        due = one.settled.due
        if not due.alone and any(reader.email in self.mailed for reader, _ in one.to):
            self.unsent.append(Unsent(due.name, Reason.MAILED_TODAY))
            return
        self.digests.append(one.settled)
        if not (one.to or one.covered):
            reason = Reason.NO_CONTACT if one.said else Reason.NOTHING
            self.unsent.append(Unsent(due.name, reason))
        for reader, section in one.to:
            empty = _Basket(reader.name)
            basket = (
                self.alone.setdefault((reader.email, due.mark), empty)
                if due.alone
                else self.baskets.setdefault(reader.email, empty)
            )
            basket.reports.append(section)

    def _told(self, item: Assignment) -> Item:
        return self.mentions.item(item, DIGEST)

    def take_returned(self, returned: tuple[Returned, ...]) -> None:
        """For the 经办人: whom the office's letters do not reach."""
        person = self.desk.liaison(OFFICE, self.day)
        if person is None or person.email in self.mailed:
            reason = Reason.MAILED_TODAY if person else Reason.NO_CONTACT
            self.unsent.append(Unsent(f"{len(returned)} 封退信", reason))
            return
        self.baskets.setdefault(person.email, _Basket(person.name)).returned = returned

    def _put(self, person: Contact, kind: Kind, item: Item) -> None:
        basket = self.baskets.setdefault(person.email, _Basket(person.name))
        basket.items.setdefault(kind, []).append(item)

    def morning(self) -> Morning:
        numbers = self.mentions.numbers.fresh
        return Morning(
            self.letters(),
            tuple(self.spent),
            tuple(self.unsent),
            tuple(self.digests),
            dict(numbers),
        )

    def letters(self) -> tuple[Letter, ...]:
        mornings = [self._letter(*one) for one in sorted(self.baskets.items())]
        alone = sorted(self.alone.items())
        return (*mornings, *(self._letter(to, basket, mark) for (to, mark), basket in alone))

    def _letter(self, email: str, basket: _Basket, mark: str = "") -> Letter:
        sections = _sections(basket)
        return Letter(
            self.desk.office.id,
            self.day,
            email,
            basket.name,
            _departments(sections),
            sections,
            self._tentative(sections),
            mark,
            home="" if mark else self.desk.home(email),
        )

    def _tentative(self, sections: tuple[Section, ...]) -> tuple[Tentative, ...]:
        """With a notice: what the same departments should expect soon, though its days are not known."""
        told = {i.department for s in sections if s.kind is Kind.NOTICE for i in s.items}
        found = {
            (piece.expected.start, piece.occasion.name): Tentative(
                piece.occasion.name, self.desk.called(id), piece.expected
            )
            for id in sorted(told)
            for piece in self.agenda.expected.get(id, ())
            if piece.expected and timedelta() <= piece.expected.start - self.day <= SOON
        }
        return tuple(found[key] for key in sorted(found))


def _sections(basket: _Basket) -> tuple[Section, ...]:
    made = [
        Section(
            kind,
            tuple(sorted(basket.items.get(kind, ()), key=_order)),
            basket.returned if kind is Kind.RETURNED else (),
        )
        for kind in Kind
        if kind in basket.items or (kind is Kind.RETURNED and basket.returned)
    ]
    order = list(Kind)
    return tuple(sorted([*made, *basket.reports], key=lambda one: order.index(one.kind)))


def _departments(sections: tuple[Section, ...]) -> tuple[str, ...]:
    """Those that are asked for something, in the order in which the letter names them."""
    asked = (one for one in sections if one.kind not in (*LEADERS, Kind.CONFIRM))
    return tuple(dict.fromkeys(item.department_name for one in asked for item in one.items))


def _order(item: Item) -> tuple[object, ...]:
    """Overdue first, then by due date; one order for all, so that a letter never depends on chance."""
    return (not item.overdue, item.due, item.occasion.key, item.assignment)


def write(
    desk: Desk,
    agenda: Agenda,
    day: date,
    due: Iterable[Assignment],
    digests: Iterable[Found] = (),
    mailed: Collection[str] = frozenset(),
    *,
    returned: Iterable[Returned] = (),
    released: bool = False,
    known: Known = NOTHING,
) -> Morning:
    """The letters of `day`, one a recipient, and what becomes of each assignment.

    `due`: assignments whose next stage falls on `day` or before. `digests`: those that are owed, with
    what they have to tell. `mailed`: addresses that already got today's letter; what
    is due for them stays due. `returned`: letters that failed and of which the office does not know yet,
    for its 经办人. `known`: what letters tell besides. On a day off nothing is written and nothing is
    spent; neither is it on a morning with more letters than the office's `brake`, unless a person has
    `released` it.
    """
    if not desk.workdays.working(day):
        return Morning(unsent=tuple(Unsent(item.key, Reason.DAY_OFF) for item in due))
    sorting = _Sorting(desk, agenda, day, mailed, known)
    for item in due:
        sorting.take(item)
    sorting.take_digests(digests)
    if came_back := tuple(returned):
        sorting.take_returned(came_back)
    if len(sorting.baskets) > desk.office.brake and not released:
        return Morning(unsent=(Unsent(f"{len(sorting.baskets)} 封", Reason.BRAKE),))
    return sorting.morning()
