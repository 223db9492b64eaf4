"""Activities and observances: what they are called, and when they take place."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from duban.frozen import Frozen, Id, Name, Names
from duban.rule import Rule, Span, parse_rule


class Certainty(StrEnum):
    RULE = "rule"
    ANNOUNCED = "announced"
    CHANGED = "changed"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return {
            "rule": "规则推算",
            "announced": "已公布",
            "changed": "已变更",
            "unknown": "待公布",
        }[self.value]


def _readable(text: str) -> str:
    parse_rule(text)
    return text


RuleText = Annotated[str, AfterValidator(_readable)]


class DatedRule(Frozen):
    """A date rule and the years in which it holds (`since` and `until` inclusive, None: open)."""

    rule: RuleText
    since: int | None = Field(default=None, ge=1900, le=2100)
    until: int | None = Field(default=None, ge=1900, le=2100)
    name: Name | None = None
    """The activity's name while this rule holds, where it differs."""
    source: Name | None = None

    def holds(self, year: int) -> bool:
        return (self.since or 0) <= year <= (self.until or 9999)

    @property
    def parsed(self) -> Rule:
        return parse_rule(self.rule)


class KnownDate(Frozen):
    """The days of one year as somebody made them public; `end` None where only the start is known."""

    year: int = Field(ge=1990, le=2100)
    start: date
    end: date | None = None
    announced: date | None = None
    source: Name | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "KnownDate":
        if self.end and self.end < self.start:
            raise ValueError(f"结束{self.end}早于开始{self.start}")
        return self


class ActivityStage(DatedRule):
    """One stage of an activity that has several, such as a contest's final, with its own days."""

    id: Id
    name: Name
    dates: tuple[KnownDate, ...] = ()
    """By the activity's year; a stage may lie in the year before or after."""


class Activity(Frozen):
    id: Id
    name: Name
    aliases: Names = ()
    rules: tuple[DatedRule, ...] = Field(min_length=1)
    dates: tuple[KnownDate, ...] = ()
    stages: tuple[ActivityStage, ...] = ()
    """In their order. The activity lasts from the first to the last of their known days."""
    note: Name | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases, *(rule.name for rule in self.rules if rule.name))

    def rule(self, year: int) -> DatedRule | None:
        """The rule that holds in `year`; None before the activity existed or after it ended."""
        return next((rule for rule in self.rules if rule.holds(year)), None)

    @property
    def dated_by(self) -> tuple[DatedRule, ...]:
        """Every rule from which days are computed, those of the stages too."""
        return (*self.rules, *self.stages)

    def alone(self, stage: ActivityStage) -> "Activity":
        """A stage as an activity of its own, so that its days are found in the same way."""
        return Activity.model_construct(
            id=f"{self.id}.{stage.id}", name=stage.name, rules=(stage,), dates=stage.dates
        )

    def title(self, year: int) -> str:
        rule = self.rule(year)
        return rule.name if rule and rule.name else self.name


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One year's days of an activity (一届活动); `span` is None where they are not known."""

    activity: str
    name: str
    year: int
    span: Span | None
    certainty: Certainty
    source: str | None = None
    announced: date | None = None
    recorded_at: datetime | None = None
    """When a person recorded it; None for what the files always said."""
    recorded_by: str | None = None
    expected: Span | None = None
    """Its usual window, while the days are not known."""
