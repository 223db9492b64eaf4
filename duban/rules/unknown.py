"""Rules that give no day."""

from dataclasses import dataclass

from duban.rules.base import Rule, Span


@dataclass(frozen=True, slots=True)
class Announced(Rule):
    """`每年公布（通常5月19日至6月1日）`: no day before its announcement; `usual` is a hint only."""

    usual: Rule | None
    announced = True

    def span(self, year: int) -> Span | None:
        return None


@dataclass(frozen=True, slots=True)
class NoDate(Rule):
    """`无固定日期`, `日期不详`: nothing is known, nothing is guessed."""

    announced = True

    def span(self, year: int) -> Span | None:
        return None
