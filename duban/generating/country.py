"""The offices of a made-up country: counties under cities under provinces, as many as asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

CITIES, PROVINCES, COUNTIES = 333, 31, 3000
"""Of the whole country; a smaller one has them in proportion."""


class Level(StrEnum):
    PROVINCE = "省"
    CITY = "市"
    COUNTY = "县"


@dataclass(frozen=True, slots=True)
class Seat:
    """One office."""

    id: str
    place: str
    """`测试县0001`."""
    level: Level
    parent: str | None

    @property
    def name(self) -> str:
        return f"{self.place}全民科学素质纲要实施工作办公室"

    @property
    def short(self) -> str:
        return f"{self.place}纲要办"


def seats(counties: int) -> Iterator[Seat]:
    """Each office behind the one above it."""
    cities = _share(counties, CITIES)
    provinces = min(_share(counties, PROVINCES), cities)
    for number in range(provinces):
        above = Seat(f"p{number + 1:02}", f"测试省{number + 1:02}", Level.PROVINCE, None)
        yield above
        for city in _part(number, provinces, cities):
            seat = Seat(f"c{city + 1:03}", f"测试市{city + 1:03}", Level.CITY, above.id)
            yield seat
            for county in _part(city, cities, counties):
                id, place = f"d{county + 1:04}", f"测试县{county + 1:04}"
                yield Seat(id, place, Level.COUNTY, seat.id)


def _share(counties: int, whole: int) -> int:
    return max(1, round(counties * whole / COUNTIES))


def _part(number: int, parts: int, whole: int) -> range:
    """Which of `whole` things belong to one of the parts."""
    return range(number * whole // parts, (number + 1) * whole // parts)
