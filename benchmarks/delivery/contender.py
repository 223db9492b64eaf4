"""One line of a table: something that is measured, several times, and the medians of it."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.delivery.crew import Failed, Run
from benchmarks.delivery.sink import Missing


@dataclass
class Contender:
    name: str
    once: Callable[[], Run]
    processes: int = 1
    runs: list[Run] = field(default_factory=list)
    fault: str = ""
    """Why it was not measured, or not to its end."""

    def measure(self) -> None:
        if self.fault:
            return
        try:
            self.runs.append(self.once())
        except (Failed, Missing) as fault:
            self.fault = str(fault)

    @property
    def rate(self) -> float:
        """Mails a second; 0 when it could not be measured."""
        return statistics.median(run.rate for run in self.runs) if self.runs else 0.0

    @property
    def cpu(self) -> float | None:
        return _median([run.cpu for run in self.runs])

    @property
    def peak(self) -> float | None:
        return _median([run.peak for run in self.runs])


def take_turns(contenders: Sequence[Contender], rounds: int) -> None:
    """Each once in every round, so that what else the machine does meets all alike."""
    for _ in range(rounds):
        for one in contenders:
            one.measure()


def _median(found: Sequence[float | None]) -> float | None:
    known = [one for one in found if one is not None]
    return statistics.median(known) if known else None
