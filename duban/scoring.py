"""The rules of scores (考核): config/scoring.yaml. What they mean is computed in duban/score.py."""

from enum import StrEnum

from pydantic import Field

from duban.frozen import Frozen


class Counted(StrEnum):
    """What may be scored."""

    ACTIVITY = "活动"
    TASK = "规划任务"


class _Rules(Frozen):
    """Equal wherever they were written, so that what is written as by default is as good as left out."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash(tuple(self.__dict__.values()))


class Weights(_Rules):
    """What an item weighs for who leads it, and for who supports; 0: it is not scored."""

    lead: int = Field(default=2, ge=0, le=100)
    support: int = Field(default=1, ge=0, le=100)


class Points(_Rules):
    """What an item brings, of a hundred."""

    on_time: int = Field(default=100, ge=0, le=100)
    late: int = Field(default=60, ge=0, le=100)
    each_day: int = Field(default=2, ge=0, le=100)
    """Taken off a late one for each working day, down to what one brings that never came."""
    missing: int = Field(default=0, ge=0, le=100)


class Notice(_Rules):
    """When an item was issued too late to count."""

    late: int = Field(default=3, ge=0, le=250)
    """Its notice went out more working days after its day than these."""
    least: int = Field(default=3, ge=0, le=250)
    """Fewer working days than these were left until it was due."""


class Lamps(_Rules):
    """From which score on a department's lamp is green, and yellow; below it is red."""

    green: int = Field(default=90, ge=0, le=100)
    yellow: int = Field(default=75, ge=0, le=100)


class Scoring(_Rules):
    counted: tuple[Counted, ...] = (Counted.ACTIVITY, Counted.TASK)
    weights: Weights = Field(default_factory=Weights)
    points: Points = Field(default_factory=Points)
    notice: Notice = Field(default_factory=Notice)
    lamps: Lamps = Field(default_factory=Lamps)
