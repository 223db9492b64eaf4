"""The faults of a notice, with the sentences that they are in."""

from duban.fault import Fault, Place
from duban.notices.text import Spot


class Odd(Exception):
    """Why a sentence cannot be true, and how to mend it."""

    def __init__(self, why: str, hint: str) -> None:
        super().__init__(why)
        self.why = why
        self.hint = hint


class Faults:
    """What is wrong with one notice, in the order in which it was found."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Fault] = []

    def tell(self, message: str, hint: str = "", spot: Spot | None = None) -> None:
        quoted = f"“{spot.quote}”：" if spot and spot.quote else ""
        line = spot.line if spot else 0
        self.found.append(Fault(Place(self.file), f"{quoted}{message}", hint, line))

    def sorted(self) -> tuple[Fault, ...]:
        """Each once, by line."""
        return tuple(sorted(dict.fromkeys(self.found), key=lambda fault: fault.line))
