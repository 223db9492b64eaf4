"""How simulated departments behave: seeded, so that the same seed gives the same year."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from duban.assignment import Assignment
from duban.completion import Act
from duban.desk import OFFICE, Desk
from duban.letter import Item
from duban.measure import Measured
from duban.progress import measure_of
from duban.step import Answer
from duban.workdays import WorkCalendar


class Temper(StrEnum):
    DILIGENT = "diligent"
    LATE = "late"
    FORGETFUL = "forgetful"
    SILENT = "silent"


SHARES = {Temper.DILIGENT: 62, Temper.LATE: 22, Temper.FORGETFUL: 10, Temper.SILENT: 6}
ACKNOWLEDGES = {
    Temper.DILIGENT: 0.9,
    Temper.LATE: 0.6,
    Temper.FORGETFUL: 0.2,
    Temper.SILENT: 0.0,
}
RETURNED = 0.1
"""Share of reports that the simulated secretariat sends back once."""


SLIPS = 0.12
"""How often a diligent department behaves like a late one."""

CLERK = "纲要办"


@dataclass(frozen=True, slots=True)
class Plan:
    """One act that will be done on a day."""

    day: date
    key: str
    act: Act
    actor: str
    reason: str = ""

    @property
    def by_office(self) -> bool:
        return self.actor == CLERK


def temper(seed: int, office: str, department: str) -> Temper:
    chance = random.Random(f"{seed}/{office}/{department}")  # noqa: S311 - a game, not a secret
    return chance.choices(list(SHARES), list(SHARES.values()))[0]


def answers(
    seed: int, item: Item, office: str, told: date, days: WorkCalendar, below: bool = False
) -> list[Plan]:
    """What a department does about an item that it was told of on `told`; empty when nothing. One that is
    an office `below` only says that it has read it: duban reports when it is done there."""
    kind = temper(seed, office, item.department)
    chance = random.Random(f"{seed}/{item.assignment}")  # noqa: S311
    who = f"{item.department_name}{'经办人' if below or item.department == OFFICE else '联络员'}"
    plans = []
    if chance.random() < ACKNOWLEDGES[kind]:
        read = days.count(told, chance.randint(1, 3))
        plans.append(Plan(read, item.assignment, Act.ACKNOWLEDGE, who))
    if item.answer is Answer.REPORT and kind is not Temper.SILENT and not below:
        plans += _reporting(kind, chance, item, told, days, who)
    return plans


def _reporting(
    kind: Temper, chance: random.Random, item: Item, told: date, days: WorkCalendar, who: str
) -> list[Plan]:
    """The report, its review on the next working days, and a second round where it is returned."""
    day = max(_report_day(kind, chance, item, told, days), days.next(told))
    plans = [Plan(day, item.assignment, Act.REPORT, who, f"{item.step_name}已按要求办好，请审核。")]
    if chance.random() < RETURNED:
        back = days.count(day, chance.randint(1, 2))
        day = days.count(back, chance.randint(2, 5))
        plans.append(Plan(back, item.assignment, Act.RETURN, CLERK, "材料不全，请补充后重报"))
        plans.append(Plan(day, item.assignment, Act.REPORT, who, "材料已经补齐，请审核。"))
    done = days.count(day, chance.randint(1, 3))
    return [*plans, Plan(done, item.assignment, Act.COMPLETE, CLERK)]


def review(seed: int, key: str, own: str, rolled: date, days: WorkCalendar) -> list[Plan]:
    """What a city does with what its district's work came to, and the district with what comes back."""
    chance = random.Random(f"{seed}/{key}/{rolled}")  # noqa: S311
    day = days.count(rolled, chance.randint(1, 3))
    if chance.random() >= RETURNED:
        return [Plan(day, key, Act.COMPLETE, CLERK)]
    again = days.next(day)
    done = days.count(again, chance.randint(2, 4))
    return [
        Plan(day, key, Act.RETURN, CLERK, "请补充参加人数"),
        Plan(again, own, Act.REOPEN, CLERK, "上级要求补充参加人数"),
        Plan(done, own, Act.REPORT, "联络员", "参加人数已经补上，请审核。"),
        Plan(days.next(done), own, Act.COMPLETE, CLERK),
    ]


def _report_day(
    kind: Temper, chance: random.Random, item: Item, told: date, days: WorkCalendar
) -> date:
    if kind is Temper.FORGETFUL:
        return days.count(item.due, chance.randint(-1, 20))
    if kind is Temper.LATE or chance.random() < SLIPS:
        return days.count(item.due, chance.randint(-5, 6))
    open_days = max((item.due - told).days, 1)
    return days.before(told + timedelta(chance.randint(open_days // 3, open_days)))


def figure(desk: Desk, item: Assignment) -> Measured:
    """A made-up value of a target: near the straight line where there is one, else somewhere around 12."""
    measure = measure_of(desk, item.asked)
    if measure is None:
        raise LookupError(f"{item.key} is not measured")
    chance = random.Random(item.key)  # noqa: S311
    end = measure.target or measure.baseline
    around = end.value if end else Decimal(12)
    share = Decimal(chance.randint(85, 105)) / 100
    return Measured((around * share).quantize(Decimal("0.1")), measure.unit)
