"""What a target is measured by: its unit, where it began, where it has to come, and the years between."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from duban.frozen import Frozen, Name
from duban.trouble import Trouble

Figure = Annotated[Decimal, Field(max_digits=16, decimal_places=4)]


class NoFigure(Trouble):
    """What was filled in is no figure of that measure; the message says how to write it."""

    exit_code = 2


class Bound(StrEnum):
    LEAST = "至少"
    ABOVE = "超过"
    MOST = "至多"
    BELOW = "低于"


class Counting(StrEnum):
    LEVEL = "年末数"
    """Each year says where it stands."""
    YEARLY = "当年数"
    """Each year says what it added; the target is for all years together."""


class Point(Frozen):
    year: int = Field(ge=1990, le=2100)
    value: Figure


class Goal(Point):
    bound: Bound = Bound.LEAST


class Measure(Frozen):
    unit: Annotated[Name, Field(max_length=12)]
    counts: Counting = Counting.LEVEL
    baseline: Point | None = None
    target: Goal | None = None
    planned: tuple[Point, ...] = ()
    """Where it should stand in years before the target's; of 当年数: all together up to then."""
    values: tuple[Point, ...] = ()
    """Of years before the office used duban; later ones are reported."""

    @property
    def places(self) -> int:
        """Decimals that are written."""
        ends = [one for one in (self.baseline, self.target) if one]
        return max(
            (places_of(one.value) for one in (*ends, *self.planned, *self.values)), default=0
        )

    def met(self, value: Decimal) -> bool:
        """Whether the target is reached."""
        return self.target is not None and keeps(value, self.target.value, self.target.bound)

    @property
    def falling(self) -> bool:
        return self.target is not None and self.target.bound in (Bound.MOST, Bound.BELOW)


def keeps(value: Decimal, limit: Decimal, bound: Bound) -> bool:
    if bound is Bound.ABOVE:
        return value > limit
    if bound is Bound.BELOW:
        return value < limit
    return value >= limit if bound is Bound.LEAST else value <= limit


def places_of(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


@dataclass(frozen=True, slots=True)
class Measured:
    """What a report says of a year; `value` None: there is no figure for it, the text says why."""

    value: Decimal | None
    unit: str

    def __str__(self) -> str:
        return "本年没有数据" if self.value is None else worded(self.value, self.unit)


def worded(value: Decimal, unit: str) -> str:
    """`12.3%`, `2500人次`."""
    return f"{value:f}{unit}"


def aim(measure: Measure) -> str:
    """`2025年至少15%`; empty where no target is set."""
    target = measure.target
    if target is None:
        return ""
    whole = "累计" if measure.counts is Counting.YEARLY else ""
    return f"{target.year}年{whole}{target.bound.value}{worded(target.value, measure.unit)}"


_NUMBER = re.compile(r"[+-]?(?:\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.\d{1,4})?", re.ASCII)


def read(measure: Measure, text: str) -> Decimal:
    """A figure as people write it: full-width digits, commas between thousands, 万 and the unit behind it
    are taken. Raises NoFigure."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    plain = plain.removesuffix(unicodedata.normalize("NFKC", measure.unit))
    times = 10_000 if plain.endswith("万") else 1
    plain = plain.removesuffix("万")
    if not _NUMBER.fullmatch(plain):
        raise NoFigure(
            f"数值“{text[:20]}”看不懂：请只写数字，最多四位小数，单位是{measure.unit}，如 {_example(measure)}"
        )
    value = Decimal(plain.replace(",", "")) * times
    if measure.unit == "%" and abs(value) > 1000:
        raise NoFigure(f"数值“{text[:20]}”太大：单位是%，12.3% 就写 12.3")
    if measure.unit != "%" and value < 0:
        raise NoFigure(f"数值不能小于零，单位是{measure.unit}")
    return value


def _example(measure: Measure) -> str:
    ends = [one for one in (measure.target, measure.baseline) if one]
    return f"{ends[0].value:f}" if ends else "12.5"
