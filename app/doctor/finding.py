"""What a check found, in words for an administrator who is no programmer."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    GOOD = "good"
    ATTENTION = "attention"
    """Mail goes out all the same; somebody should look at it some time."""
    FAULT = "fault"
    """Mail does not go out, or not as it should."""

    @property
    def label(self) -> str:
        return {"good": "正常", "attention": "注意", "fault": "故障"}[self.value]


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    subject: str
    """What was looked at."""
    said: str
    remedy: str = ""
    """What to do; empty where nothing is to be done, or `said` tells it."""


def good(subject: str, said: str) -> Finding:
    return Finding(Level.GOOD, subject, said)


def attention(subject: str, said: str, remedy: str = "") -> Finding:
    return Finding(Level.ATTENTION, subject, said, remedy)


def fault(subject: str, said: str, remedy: str = "") -> Finding:
    return Finding(Level.FAULT, subject, said, remedy)
