"""Where the site is, and which moment a command speaks of."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters import clock
from adapters.home import find_home
from duban.trouble import Trouble

REPOSITORY = Path(__file__).resolve().parent.parent
ZONE = "Asia/Shanghai"
YEARS = range(2000, 2101)
"""The years for which working days can be told."""


class BadMoment(Trouble):
    """A date or time that cannot be read."""

    exit_code = 2


def home() -> Path:
    """The site's folder: the nearest one above here, or the one that duban came in."""
    return find_home(Path.cwd(), REPOSITORY)


def moment(text: str | None, *, zone: str = ZONE) -> datetime:
    """`2026-03-02T09:00` on the offices' clock, `2026-03-02` at 09:00; None is now.

    Raises BadMoment.
    """
    if text is None:
        return clock.now()
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadMoment(f"看不懂时间“{text}”，应如 2026-03-02T09:00") from None
    if read.year not in YEARS:
        raise BadMoment(f"时间“{text}”超出范围，应在{YEARS[0]}年到{YEARS[-1]}年之间")
    if len(text.strip()) <= 10:
        read = read.replace(hour=9)
    return read if read.tzinfo else read.replace(tzinfo=ZoneInfo(zone))
