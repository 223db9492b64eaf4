"""The calendar of an office: its files, whether they are in force, and its versions."""

import difflib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from starlette.responses import Response

from adapters.sitemap import recognise
from app import editing
from app.console.calendar.drafts import everywhere, home, owner
from app.console.visit import Visit
from duban import acts
from duban.book import COMMON
from flows.premises import Site, local
from state import applied, sources

PAGE = 10
"""Versions on one page."""
LINES = 400
"""Of the comparison with what is in force."""
_NAMES = {
    "offices": "纲要办",
    "ladders": "催办梯度",
    "sets": "节点套餐",
    "activities": "活动与纪念日",
    "announcements": "已公布的日期",
    "departments": "单位",
    "contacts": "联系人",
    "years": "年历",
    "programmes": "规划方案",
    "workdays": "放假通知",
    "transfers": "转办记录",
    "scoring": "考核规则",
}


@dataclass(frozen=True, slots=True)
class File:
    path: str
    name: str
    shared: bool
    editable: bool
    differs: bool
    """From what is in force."""


def show(visit: Visit) -> Response:
    page = max(int(visit.query.get("page", "1")), 1) if _is_number(visit) else 1
    with visit.site.database.reading() as connection:
        stamp = applied.stamp(connection)
        scopes = [visit.office, COMMON]
        rows = sources.versions(connection, scopes, (page - 1) * PAGE, PAGE + 1)
    files = list(_files(visit, stamp))
    return visit.page(
        "calendar/overview.html",
        files=files,
        years=sorted(int(one.path[-9:-5]) for one in files if one.name == _NAMES["years"]),
        versions=[(one, local(visit.desk.office, one.at)) for one in rows[:PAGE]],
        page=page,
        more=len(rows) > PAGE,
        differs=any(one.differs for one in files),
        who=acts.who,
        common=COMMON,
        everywhere=everywhere(visit),
    )


def compare(visit: Visit) -> Response:
    """The files of this office, and the shared ones, against those that are in force."""
    with visit.site.database.reading() as connection:
        known = sources.in_force(connection, visit.office)
    lines: list[str] = []
    for one in _paths(visit) if known is not None else ():
        assert known is not None
        now = editing.current(home(visit), one)
        lines += difflib.unified_diff(
            known.get(one, "").splitlines(),
            now.splitlines(),
            f"{one}（正在用的）",
            f"{one}（现在的文件）",
            lineterm="",
            n=2,
        )
    paths = {path: editing.current(home(visit), path) for path in _editable(visit)}
    draft = editing.begin(home(visit), paths, "应用文件里已有的改动").as_text() if paths else ""
    return visit.page(
        "calendar/compare.html",
        lines=lines[:LINES],
        more=max(len(lines) - LINES, 0),
        draft=draft,
        kept=known is not None,
    )


def _is_number(visit: Visit) -> bool:
    return (
        visit.query.get("page", "").isascii()
        and visit.query.get("page", "").isdigit()
        and len(visit.query["page"]) < 6
    )


def _files(visit: Visit, stamp: str) -> Iterator[File]:
    known = _in_force(visit.site, visit.office, stamp)
    for path in _paths(visit):
        found = recognise(path)
        assert found
        text = editing.current(home(visit), path)
        shared = not owner(home(visit), path)
        name = _NAMES.get(found.form.shelf.partition("/")[0], path)
        editable = not shared or everywhere(visit)
        yield File(path, name, shared, editable, bool(known) and known.get(path) != _sha(text))


def _editable(visit: Visit) -> list[str]:
    return [path for path in _paths(visit) if everywhere(visit) or owner(home(visit), path)]


def _paths(visit: Visit) -> list[str]:
    """This office's own files first, then those that all share."""
    root, office = home(visit), visit.office
    own = [f"config/{room}/{office}.yaml" for room in ("departments", "contacts")]
    own += _below(root, f"calendar/offices/{office}")
    own += [path for path in _below(root, "calendar/programmes") if owner(root, path) == office]
    shared = ["config/offices.yaml", "config/ladders.yaml", "calendar/steps.yaml"]
    shared += [
        "config/scoring.yaml",
        "calendar/observances.yaml",
        *_below(root, "calendar/observances"),
    ]
    shared += ["calendar/announcements.yaml", *_below(root, "calendar/workdays")]
    return [path for path in own + shared if (root / path).is_file() and recognise(path)]


def _below(root: Path, folder: str) -> list[str]:
    return sorted(f"{folder}/{file.name}" for file in (root / folder).glob("*.yaml"))


def _in_force(site: Site, office: str, stamp: str) -> dict[str, str]:
    """SHA-256 of the files of the calendar in force, by path; kept until another is applied."""
    key = (site.settings.database_url, office)
    if _kept.get(key, ("", {}))[0] != stamp:
        with site.database.reading() as connection:
            files = sources.in_force(connection, office) or {}
        digests = {path: _sha(text.replace("\r\n", "\n")) for path, text in files.items()}
        if len(_kept) >= OFFICES:
            _kept.clear()
        _kept[key] = (stamp, digests)
    return _kept[key][1]


OFFICES = 200
"""Of which the digests are kept at most."""
_kept: dict[tuple[str, str], tuple[str, dict[str, str]]] = {}
"""By database and office: the calendar's stamp, and the digests of its files."""


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
