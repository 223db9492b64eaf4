"""What is printed: tables, and whether each target was met."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.delivery.contender import Contender

WIDTH = 46


@dataclass(frozen=True, slots=True)
class Target:
    """What must hold: `value` at least, or at most, `limit`; None: it could not be measured."""

    what: str
    value: float | None
    limit: float
    unit: str = ""
    at_most: bool = False

    @property
    def held(self) -> bool | None:
        if self.value is None:
            return None
        return self.value <= self.limit if self.at_most else self.value >= self.limit

    def __str__(self) -> str:
        sign = "at most" if self.at_most else "at least"
        said = {True: "held", False: "MISSED", None: "not measured"}[self.held]
        value = "-" if self.value is None else f"{self.value:.2f}"
        return f"{self.what:56}{value:>9}{self.unit}  {sign} {self.limit:g}{self.unit}: {said}"


def show(title: str, rows: Sequence[Contender], what: str, limit: float | None = None) -> None:
    """`what` is counted each second. `limit`: the rate that is 100 %; None: no such column."""
    share = f"{'% of raw':>10}" if limit is not None else ""
    print(f"\n{title}")
    print(f"{'':{WIDTH}}{'processes':>10}{what:>12}{share}{'CPU s each':>12}{'peak MB':>9}")
    for row in rows:
        if not row.runs:
            print(f"{row.name:{WIDTH}}{row.processes:10}  left out: {_last_line(row.fault)}")
            continue
        part = "" if limit is None else f"{row.rate / limit:10.0%}" if limit else f"{'-':>10}"
        cpu, peak = _number(row.cpu, 12, 2), _number(row.peak, 9, 0)
        print(f"{row.name:{WIDTH}}{row.processes:10}{row.rate:12,.0f}{part}{cpu}{peak}")


def _number(value: float | None, width: int, digits: int) -> str:
    return f"{'-':>{width}}" if value is None else f"{value:{width}.{digits}f}"


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1]
