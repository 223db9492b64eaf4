"""A notice in the form of a table: a row a day, `日期,休或班,节日名`."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from duban.notices.days import real_day, say, weekday
from duban.notices.draft import Draft
from duban.notices.faults import Faults, Odd
from duban.notices.names import NAMES, canonical
from duban.notices.text import Spot, plain, shown

_ROW = re.compile(
    r"(?P<day>\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2})日?(?P<note>\([^()]*\))?[,;|\s]+"
    r"(?P<kind>休|班|休息|放假|上班)(?:[,;|\s]+(?P<name>\S.*?))?[,;|\s]*"
)
_LIKE_ROW = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\([^()]*\))?\s*[,;|\t]")
_WIDEST = 200
"""Characters; a longer line is no row."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it is written."""

    figures: tuple[str, str, str]
    """Year, month and day."""
    note: str
    off: bool
    name: str
    spot: Spot


def cut_rows(text: str, faults: Faults) -> tuple[list[Row], str]:
    """The rows of a table, and the text with full stops in their place."""
    rows: list[Row] = []
    rest: list[str] = []
    doubtful: list[Spot] = []
    for number, line in enumerate(text.split("\n"), 1):
        normal = unicodedata.normalize("NFKC", line).strip()
        found = _ROW.fullmatch(normal) if len(normal) <= _WIDEST else None
        spot = Spot(shown(normal), number)
        if found:
            rows.append(_row(found, spot))
        elif len(normal) <= _WIDEST and _LIKE_ROW.match(normal):
            doubtful.append(spot)
        rest.append("。" * len(line) if found else line)
    for spot in doubtful if rows else ():
        faults.tell("看不懂这一行", "每行应是“日期,休或班,节日名”", spot)
    return rows, "\n".join(rest)


def _row(found: re.Match[str], spot: Spot) -> Row:
    year, month, day = re.findall(r"\d+", found["day"])
    off = found["kind"] in ("休", "休息", "放假")
    return Row((year, month, day), found["note"] or "", off, found["name"] or "", spot)


def table_drafts(rows: list[Row], faults: Faults) -> list[Draft]:
    """By holiday; what is worked goes to the holidays that the rows of days off have named."""
    drafts: dict[str, Draft] = {}
    seen: set[date] = set()
    for row in sorted(rows, key=lambda row: not row.off):
        try:
            _take(drafts, seen, row)
        except Odd as odd:
            faults.tell(odd.why, odd.hint, row.spot)
    return list(drafts.values())


def _take(drafts: dict[str, Draft], seen: set[date], row: Row) -> None:
    year, month, number = map(int, row.figures)
    day = real_day(year, month, number, unicodedata.normalize("NFKC", row.note))
    named = NAMES.search(plain(row.name))
    if named is None:
        raise Odd("没有写是哪个节日", "每行应是“日期,休或班,节日名”")
    if day in seen:
        raise Odd(f"{say(day)}写了两次", "请删去一行")
    seen.add(day)
    name = canonical(named[0])
    if row.off:
        drafts.setdefault(name, Draft(name, row.spot)).off.add(day)
    else:
        _take_work(drafts, name, day)


def _take_work(drafts: dict[str, Draft], name: str, day: date) -> None:
    parts = set(name.split("、"))
    draft = next((one for one in drafts.values() if parts <= one.parts), None)
    if draft is None:
        raise Odd(f"没有“{name}”的放假日，不知道为什么上班", "请核对节日名")
    if day.weekday() < 5:
        raise Odd(f"{say(day)}是{weekday(day)}，本来就上班", "调休上班的应是周末")
    draft.work.add(day)
