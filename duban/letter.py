"""Letters (函件): what one recipient gets on one morning, in sections, as plain facts."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from duban.assignment import Duty, Occasion
from duban.completion import State
from duban.digest import Answered, Digest, Work
from duban.ladder import Degree
from duban.lamp import Lamp
from duban.office import Role
from duban.phasereport import PhaseReport
from duban.rule import Span
from duban.seal import LETTER as SEAL
from duban.step import Answer


class Kind(StrEnum):
    """Sections of a letter, in the order in which they stand; the first one names the letter."""

    ESCALATION = "escalation"
    """督办函: to the department's own people, in three degrees."""
    OVERSIGHT = "oversight"
    """To the head of the office: what was urged in red today."""
    CHANGE = "change"
    NOTICE = "notice"
    REMINDER = "reminder"
    CONFIRM = "confirm"
    RETURNED = "returned"
    WORK = "work"
    """What waits for the secretariat."""
    ACCOUNT = "account"
    """What a department did and owes, for its head."""
    DIGEST = "digest"
    PHASE = "phase"
    """What became of a phase of a programme."""
    RECEIPT = "receipt"
    """A letter of its own, beside the morning's: what was done through a link, and what was decided."""

    @property
    def label(self) -> str:
        return {
            "escalation": "督办函",
            "oversight": "督办专报",
            "change": "更正通知",
            "notice": "通知",
            "reminder": "提醒",
            "confirm": "待确认",
            "returned": "退信",
            "work": "今日待办",
            "account": "月度清单",
            "digest": "通报",
            "phase": "阶段报告",
            "receipt": "回执",
        }[self.value]


REPORTS = (Kind.ACCOUNT, Kind.DIGEST)
"""Sections that tell of work and ask their reader for none."""


def called(kind: str) -> str:
    """A letter's kind in words; there are letters without sections (duban/seal.py), too."""
    return "封存码" if kind == SEAL else Kind(kind).label


URGING = (Kind.ESCALATION, Kind.OVERSIGHT)
LEADERS = (Kind.OVERSIGHT, Kind.ACCOUNT, Kind.DIGEST, Kind.PHASE)
"""Sections of which the reader is asked for nothing that a department does."""


@dataclass(frozen=True, slots=True)
class Said:
    """One line of what was said about an item, and what its department did."""

    day: date
    what: str
    """`首次通知`, `签收`."""
    who: str = ""
    """To whom it was said, or who did it."""


@dataclass(frozen=True, slots=True)
class Blocker:
    """What a supporting department still owes while the lead waits for it."""

    department: str
    """Short name."""
    step_name: str
    due: date
    days: int
    """Working days since due; negative: still to go."""
    overdue: bool


@dataclass(frozen=True, slots=True)
class Urged:
    """What a 督办函 says of an item beside what every letter does."""

    degree: Degree
    number: str
    """`市纲要办督〔2026〕12号`: one a department and morning."""
    by: date
    """Until when it has to be done: the day on which otherwise the next stage is said."""
    then: str = ""
    """What that stage is: `黄色督办函`; empty where it is the same again."""
    history: tuple[Said, ...] = ()
    """The oldest first."""


@dataclass(frozen=True, slots=True)
class Item:
    """One assignment as a letter mentions it."""

    assignment: str
    version: int
    occasion: Occasion
    step: str
    step_name: str
    department: str
    department_name: str
    """Short name."""
    duty: Duty
    answer: Answer
    stage: str
    """`notice`, a stage of the ladder, or `digest`."""
    why: str
    """Why it is mentioned today, one Chinese clause."""
    due: date
    due_at: time | None
    days: int
    """Working days since due; negative: still to go."""
    state: State
    lamp: Lamp
    was: date | None = None
    """In a change: the due date that the department was told before; None when it knew of none."""
    gone: bool = False
    """In a change: there is no date any more; `due` then repeats the old one."""
    role: Role = Role.LIAISON
    """As whom its reader is told."""
    to: tuple[str, ...] = ()
    """Everybody who is told of it today, where there are several: `王小川（联络员）`."""
    urged: Urged | None = None
    """In a 督办函, and only there."""
    blockers: tuple[Blocker, ...] = ()
    """For who leads: supporting departments that have not handed in yet, the overdue first."""
    last: Answered | None = None
    """In a digest: what was done about it last."""

    @property
    def overdue(self) -> bool:
        return self.lamp is Lamp.RED


@dataclass(frozen=True, slots=True)
class Returned:
    """A letter that did not arrive: what the office has to know to mend the address."""

    row: int
    """The letter's number in the database."""
    recipient: str
    recipient_name: str
    departments: str
    """Short names; empty for somebody of the office itself."""
    subject: str
    day: date
    reason: str
    """The refusing server's words."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One act of which the registered contact is told afterwards."""

    event: int
    """Its number in the account."""
    assignment: str
    name: str
    """Of the occasion."""
    step_name: str
    department: str
    department_name: str
    """Short name."""
    act: str
    """As in the account: `acknowledge`, `extension`, `return`."""
    who: str
    """As claimed; empty for the office."""
    at: datetime
    """On the office's wall clock."""
    said: str
    """The reason or the answer that was given with it."""
    decided: bool
    """By the secretariat, or by who leads."""
    lead: str = ""
    """The department that is told because it leads; empty: it is told of its own item."""

    @property
    def reader(self) -> str:
        """The department that is told."""
        return self.lead or self.department


@dataclass(frozen=True, slots=True)
class Section:
    kind: Kind
    items: tuple[Item, ...]
    """May be empty in `returned`, `receipt`, `work`, `phase` and the digests, and only there."""
    returned: tuple[Returned, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    digest: Digest | None = None
    """What a digest says beside its items."""
    work: Work | None = None
    phase: PhaseReport | None = None
    period: str = ""
    """Of a digest: what it is said once for."""

    @property
    def empty(self) -> bool:
        told = self.digest or self.work or self.phase
        return not (self.items or self.returned or self.receipts or told)

    @property
    def occasions(self) -> list[tuple[Occasion, list[Item]]]:
        """Items by occasion, in the order in which the occasions first appear."""
        found: dict[str, tuple[Occasion, list[Item]]] = {}
        for item in self.items:
            found.setdefault(item.occasion.key, (item.occasion, []))[1].append(item)
        return list(found.values())

    @property
    def departments(self) -> list[tuple[str, list[Item]]]:
        """Items by department's short name, the one with most items first."""
        found: dict[str, list[Item]] = {}
        for item in self.items:
            found.setdefault(item.department_name, []).append(item)
        return sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))


@dataclass(frozen=True, slots=True)
class Tentative:
    """暂定: an activity of the recipient's whose days are not known, only when it usually falls."""

    name: str
    department: str
    """Short name."""
    usual: Span


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail: one recipient, one morning, everything there is to say."""

    office: str
    day: date
    recipient: str
    """Mail address."""
    recipient_name: str
    departments: tuple[str, ...]
    """Short names; empty for a letter to the office's own managers."""
    sections: tuple[Section, ...]
    tentative: tuple[Tentative, ...] = ()
    """To be kept in mind, named in a notice only; no step of it is due."""
    mark: str = ""
    """Tells a receipt, or a digest of its own, from the morning's letter, and from others of its kind."""
    home: str = ""
    """The office whose own person the recipient is, where that is another one."""

    @property
    def kind(self) -> Kind:
        return self.sections[0].kind

    @property
    def key(self) -> str:
        """Unique: no recipient gets two letters on one morning, those with a mark apart, neither of one
        office nor of his own one and that above it."""
        key = f"{self.home or self.office}/{self.day.isoformat()}/{self.recipient}"
        return f"{key}/{self.mark}" if self.mark else key

    @property
    def periods(self) -> tuple[str, ...]:
        """Of the digests in it."""
        return tuple({section.period: None for section in self.sections if section.period})

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for section in self.sections for item in section.items)
