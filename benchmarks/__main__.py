"""`./run bench [--quick]`: every benchmark as a table; see docs/measuring.md.

Timings of one run can be compared, those of two cannot.
"""

import sys

from benchmarks import dates, startup, year
from benchmarks.delivery.__main__ import main as deliver
from benchmarks.process import Run


def main(*arguments: str) -> int:
    """Prints the tables; 1 when a command failed, was too slow, or a target of delivery was missed."""
    starts, years = startup.measure(), year.measure()
    _show("Start-up (median of 5)", starts)
    _show("Calendar and year (one run)", years)
    slow = [name for name, one in starts if one.seconds > startup.LIMIT]
    failed = [name for name, one in starts + years if one.code] + dates.show(dates.measure())
    for name in slow:
        print(f"too slow: {name} takes more than {startup.LIMIT} s")
    for name in failed:
        print(f"failed: {name}")
    missed = deliver(*arguments)
    return 1 if slow or failed or missed else 0


def _show(title: str, rows: list[tuple[str, Run]]) -> None:
    print(f"\n{title}\n{'':42}{'seconds':>9}{'peak MB':>9}")
    for name, one in rows:
        print(f"{name:42}{one.seconds:9.2f}{one.megabytes:9.0f}")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
