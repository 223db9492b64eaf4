"""The account of one office: filtered, newest first, and as a table for other programs."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.responses import Response, StreamingResponse

from adapters.sheet import harmless
from app.console.visit import Visit, Wrong
from duban import acts
from duban.completion import State
from flows.premises import local
from state import lines, seals
from state.items import PAGE
from state.lines import Told, Wanted
from state.standing import Standing

TOGETHER = 1000
"""Lines of the export that are asked for at a time."""
HEADS = (
    "编号",
    "时间",
    "动作",
    "办理人",
    "来源",
    "事项",
    "单位",
    "原状态",
    "现状态",
    "说明",
    "封存",
    "事项编号",
)
STATES: dict[str, str] = {one.value: one.label for one in (*Standing, *State)}
CHOICES = {act: label for label, act in {label: act for act, label in acts.LABELS.items()}.items()}
"""Each label once."""


def show(visit: Visit) -> Response:
    filters = Filters.of(visit)
    before = _number(visit.query.get("before", ""))
    with visit.site.database.reading() as connection:
        found = lines.some(connection, visit.scope, filters.wanted, before, PAGE + 1)
        head, unsealed = seals.last(connection), seals.unsealed(connection)
    shown = found[:PAGE]
    return visit.page(
        "audit/lines.html",
        rows=[_row(visit, one) for one in shown],
        filters=filters,
        labels=CHOICES,
        whole_site=not visit.account.offices,
        head=head,
        clock=f"{_local(visit, head.at):%Y-%m-%d %H:%M}" if head else "",
        unsealed=unsealed,
        first=before is None,
        older=filters.query(before=shown[-1].id) if len(found) > PAGE else "",
        newest=filters.query(),
    )


def export(visit: Visit) -> Response:
    """Everything that the filters leave, as CSV; sent while it is read."""
    filters = Filters.of(visit)
    name = f"audit-{visit.office}-{visit.today.isoformat()}.csv"
    return StreamingResponse(
        _csv(visit, filters.wanted),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@dataclass(frozen=True, slots=True)
class Filters:
    """As they stand in the address."""

    act: str
    actor: str
    item: str
    since: str
    until: str
    site: bool
    wanted: Wanted

    @classmethod
    def of(cls, visit: Visit) -> "Filters":
        """Raises Wrong for a day that cannot be read."""
        act, actor, item, since, until = (
            visit.query.get(name, "").strip()[:120]
            for name in ("act", "actor", "item", "since", "until")
        )
        site = visit.query.get("site") == "1" and not visit.account.offices
        first, last = _day(since), _day(until)
        wanted = Wanted(
            act,
            actor,
            _midnight(visit, first) if first else None,
            _midnight(visit, last + timedelta(1)) if last else None,
            item,
            site,
        )
        return cls(act, actor, item, since, until, site, wanted)

    def query(self, **more: object) -> str:
        """Behind the question mark."""
        said = {
            "act": self.act,
            "actor": self.actor,
            "item": self.item,
            "since": self.since,
            "until": self.until,
            "site": "1" if self.site else "",
            **more,
        }
        return urlencode({name: value for name, value in said.items() if value})


@dataclass(frozen=True, slots=True)
class Row:
    """A line in words."""

    id: int
    at: str
    act: str
    who: str
    where: str
    item: int | None
    name: str
    department: str
    before: str
    after: str
    why: str
    seal: int | None
    key: str


def _row(visit: Visit, one: Told) -> Row:
    return Row(
        one.id,
        f"{_local(visit, one.at):%Y-%m-%d %H:%M:%S}",
        acts.label(one.act),
        acts.who(one.actor),
        acts.where(one.via),
        one.item,
        one.name,
        visit.desk.called(one.department) if one.department else "",
        _state(one.before),
        _state(one.after),
        acts.why(one.act, one.reason),
        one.seal,
        one.key,
    )


def _state(word: str) -> str:
    """An item's or a letter's."""
    return STATES.get(word, word)


def _csv(visit: Visit, wanted: Wanted) -> Iterator[bytes]:
    """With a mark in front by which spreadsheet programs know that it is UTF-8."""
    yield "\ufeff".encode() + _encoded([HEADS])
    before = None
    while True:
        with visit.site.database.reading() as connection:
            found = lines.some(connection, visit.scope, wanted, before, TOGETHER)
        if not found:
            return
        yield _encoded([_cells(_row(visit, one)) for one in found])
        before = found[-1].id


def _cells(row: Row) -> tuple[object, ...]:
    return (
        row.id,
        row.at,
        *map(harmless, (row.act, row.who, row.where, row.name, row.department)),
        row.before,
        row.after,
        harmless(row.why),
        row.seal or "",
        harmless(row.key),
    )


def _encoded(rows: list[tuple[object, ...]]) -> bytes:
    sheet = io.StringIO(newline="")
    csv.writer(sheet).writerows(rows)
    return sheet.getvalue().encode()


def _local(visit: Visit, at: datetime) -> datetime:
    return local(visit.desk.office, at)


def _midnight(visit: Visit, day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(visit.desk.office.zone))


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        raise Wrong(f"看不懂日期“{text[:20]}”，应如 2026-05-23") from None
    if found and not 1970 <= found.year <= 9000:
        raise Wrong(f"日期“{text[:20]}”超出范围")
    return found


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
