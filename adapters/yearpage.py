"""The year at a glance as one page: to be read in a browser or printed, with no network."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import jinja2
from markupsafe import Markup

from adapters.wording import names, short, weekday
from duban.step import Answer
from duban.yearview.months import LEVELS, Break, Cell
from duban.yearview.rows import Mark, Row
from duban.yearview.view import View

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "preview"
_CLEAR = 0.012
"""What a mark needs to its right, as a share of the year, lest it touch the next one."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where marks of one look, one notice and one due day stand together.

    In shares of the year; lane 0 is the highest.
    """

    marks: tuple[Mark, ...]
    look: str
    left: float
    right: float
    lane: int

    @property
    def style(self) -> str:
        width = self.right - self.left
        return f"left:{self.left:.2%};width:{width:.2%};--lane:{self.lane}"


def write_page(file: Path, year: int, views: Sequence[View]) -> Path:
    """Write the page, with the folders that it needs. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(render(year, views), encoding="utf-8")
    return file


def render(year: int, views: Sequence[View]) -> str:
    script = (TEMPLATES / "year.js").read_text(encoding="utf-8")
    digest = b64encode(sha256(script.encode()).digest()).decode("ascii")
    return (
        _environment()
        .get_template("year.html")
        .render(
            year=year,
            views=views,
            drawn=_drawn(year, views),
            levels=_levels(),
            months=[(number, _share(date(year, number, 1), year)) for number in range(1, 13)],
            style=Markup((TEMPLATES / "year.css").read_text(encoding="utf-8")),
            script=Markup(script),
            script_hash=f"sha256-{digest}",
        )
    )


def _drawn(year: int, views: Iterable[View]) -> set[str]:
    """Every look that the legend has to explain."""
    marks = (mark for view in views for row in view.rows for mark in row.marks)
    return {look for mark in marks for look in looks(mark, year).split()}


def places(row: Row, year: int) -> list[Place]:
    """Every mark with a day, in the highest lane where it touches nothing."""
    together: dict[tuple[float, float, str], list[Mark]] = {}
    for left, right, mark in _extents(row.marks, year):
        together.setdefault((left, right, looks(mark, year)), []).append(mark)
    free: list[float] = []
    found = []
    for (left, right, look), marks in sorted(together.items(), key=lambda one: one[0]):
        lane = next((number for number, end in enumerate(free) if end <= left), len(free))
        free[lane : lane + 1] = [right + _CLEAR]
        found.append(Place(tuple(marks), look, left, right, lane))
    return found


def tip(cell: Cell) -> str:
    """`3月9日 星期一：5封（提醒3、通报2）`."""
    day = f"{short(cell.day)} {weekday(cell.day)}"
    if cell.moved or not cell.working:
        day += f" {cell.reason}"
    if not cell.mails.count:
        return f"{day}：无信" if cell.working else day
    kinds = names(f"{kind.label}{count}" for kind, count in cell.mails.some)
    return f"{day}：{cell.mails.count}封（{kinds}）"


def span(value: Break) -> str:
    """`元旦1—3日`."""
    last = "" if value.first == value.last else f"—{value.last.day}"
    return f"{value.name}{value.first.day}{last}日"


def due(mark: Mark, year: int) -> str:
    """`3月6日17:00前`, `预计5月19日`; the year stands first where it is another one."""
    if mark.day is None:
        return "待公布"
    day = ("" if mark.day.year == year else f"{mark.day.year}年") + short(mark.day)
    if mark.due is None:
        return f"预计{day}"
    hour = f"{mark.due_at:%H:%M}前" if mark.due_at else ""
    return f"{day}{hour}（暂定）" if mark.tentative else day + hour


def owed(mark: Mark) -> str:
    """`世界水日 · 方案报送（牵头，报送，2月14日通知）`."""
    notice = [f"{short(mark.notice)}通知"] if mark.notice else []
    how = "，".join([mark.duty.label, mark.answer.value, *notice])
    return f"{mark.activity} · {mark.step}（{how}）"


def looks(mark: Mark, year: int) -> str:
    """The classes by which the page draws it."""
    found = {
        "know": mark.answer is Answer.KNOW,
        "soft": mark.tentative,
        "on": mark.day is not None and mark.day.year > year,
    }
    return " ".join(name for name, so in found.items() if so)


def by_activity(marks: Iterable[Mark]) -> list[tuple[str, str]]:
    """Each activity with its steps in words."""
    found: dict[str, list[str]] = {}
    for mark in marks:
        found.setdefault(mark.activity, []).append(mark.step)
    return [(activity, names(dict.fromkeys(steps))) for activity, steps in found.items()]


def _extents(marks: Iterable[Mark], year: int) -> Iterator[tuple[float, float, Mark]]:
    """From notice to due, cut off where the year begins and ends."""
    for mark in marks:
        if mark.day is not None:
            right = _share(mark.day, year)
            yield min(right, _share(mark.notice or mark.day, year)), right, mark


def _share(day: date, year: int) -> float:
    """The part of the year that is over when the day begins, from 0 to 1."""
    first = date(year, 1, 1)
    length = (date(year, 12, 31) - first).days + 1
    return min(max((day - first).days / length, 0.0), 1.0)


def _levels() -> list[str]:
    """`1—2`, `21封以上`: the words of the legend."""
    pairs = pairwise(LEVELS)
    return [f"{low}—{high - 1}" for low, high in pairs] + [f"{LEVELS[-1]}封以上"]


def _environment() -> jinja2.Environment:
    pages = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = (names, short, weekday, places, tip, span, due, owed, looks, by_activity)
    pages.filters.update({known.__name__: known for known in filters})
    return pages
