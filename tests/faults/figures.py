"""What one kind of fault came to, as a line of a table."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.faults.account import Account

COLUMNS = ("mails", "faults", "lost", "duplicates", "listed", "unexplained")


@dataclass(frozen=True)
class Figures:
    """`listed`: letters that the program itself counts as possible duplicates."""

    name: str
    mails: int
    faults: int
    lost: int = 0
    duplicates: int = 0
    listed: int = 0
    complaints: tuple[str, ...] = ()
    """What is lost or not explained, a line each."""

    @property
    def unexplained(self) -> int:
        return len(self.complaints) - self.lost


def of(name: str, account: Account, faults: int, more: Iterable[str] = ()) -> Figures:
    """`more`: what else is wrong."""
    return Figures(
        name,
        account.mails,
        faults,
        len(account.lost),
        account.duplicates,
        account.listed,
        (*account.lost, *account.unexplained, *more),
    )


def table(figures: Iterable[Figures]) -> str:
    lines = [f"{'':34}" + "".join(f"{name:>12}" for name in COLUMNS)]
    for one in figures:
        cells = "".join(f"{getattr(one, name):12,}" for name in COLUMNS)
        lines.append(f"{one.name:34}{cells}")
        lines += [f"    {complaint}" for complaint in one.complaints[:20]]
    return "\n".join(lines)
