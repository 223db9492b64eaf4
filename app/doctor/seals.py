"""The sealed account: whether what is written into it gets its seal."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.doctor.finding import Finding, attention, good
from app.doctor.ground import Ground
from app.doctor.words import long, moment
from duban.seal import Seal
from state import seals

LATE = timedelta(hours=1)


def seal(ground: Ground) -> Iterator[Finding]:
    with ground.site.database.reading() as connection:
        head, oldest = seals.last(connection), seals.oldest_unsealed(connection)
    yield verdict(head, oldest, ground.at, ground.zones[0])


def verdict(head: Seal | None, oldest: datetime | None, at: datetime, zone: str) -> Finding:
    """`oldest`: when the oldest line without a seal was written; None where every line has one."""
    if oldest and at - oldest > LATE:
        return attention("流水封存", f"有 {long(at - oldest)}前的流水还没有封存", REMEDY)
    if head is None:
        return good("流水封存", "还没有可封存的流水")
    return good("流水封存", f"封存到第 {head.number} 号（{moment(head.at, zone)}）")


REMEDY = (
    "看 duban serve 是否在运行、config/timetable.yaml 里有没有 seal；马上封存用 duban audit seal"
)
