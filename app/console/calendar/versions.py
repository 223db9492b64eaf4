"""Versions of the calendar: what each one changed, and the way back to it."""

import difflib
import json

from starlette.responses import Response

from adapters.sitefiles import site_files
from adapters.sitemap import recognise
from app import editing
from app.console.calendar.drafts import everywhere, home, owner, shown
from app.console.calendar.files import faulty
from app.console.visit import NotFound, Visit, Wrong
from duban import acts
from duban.book import COMMON
from flows.premises import local
from state import sources
from state.sources import Change, Version

LINES = 600


def show(visit: Visit) -> Response:
    found = _change(visit)
    one = found.version
    lines = _difference(found)
    return visit.page(
        "calendar/version.html",
        one=one,
        at=local(visit.desk.office, one.at),
        lines=lines[:LINES],
        more=max(len(lines) - LINES, 0),
        added=sum(line.startswith("+") and not line.startswith("+++") for line in lines),
        removed=sum(line.startswith("-") and not line.startswith("---") for line in lines),
        common=COMMON,
        kept=found.files is not None,
        same=found.files is not None and not _different(visit, found.version, found.files),
        who=acts.who,
        may=found.files is not None and (one.scope != COMMON or everywhere(visit)),
    )


def restore(visit: Visit) -> Response:
    """The files of that version become a draft, which goes the way of every other."""
    found = _change(visit)
    if found.files is None:
        raise Wrong("这个版本没有留下文件，不能恢复；请照它的内容手工修改")
    wanted = _different(visit, found.version, found.files)
    if not wanted:
        return visit.go(f"/o/{visit.office}/calendar", "现在的文件与这个版本一样，不必恢复。")
    at = local(visit.desk.office, found.version.at)
    about = f"恢复到 {at.year}年{at.month}月{at.day}日 {at:%H:%M} 的版本"
    draft = editing.begin(home(visit), wanted, about)
    return shown(visit, draft, lambda faults: faulty(visit, draft, faults))


def _change(visit: Visit) -> Change:
    """Raises NotFound, also for one of another office."""
    with visit.site.database.reading() as connection:
        found = sources.change(connection, visit.number("row"))
    if found is None or found.version.scope not in (visit.office, COMMON):
        raise NotFound("没有这个版本")
    return found


def _different(visit: Visit, one: Version, files: dict[str, str]) -> dict[str, str | None]:
    """Files of the version's office (of the shared version: the shared ones) that are others now."""
    root = home(visit)
    scope = "" if one.scope == COMMON else one.scope
    now = {path for _, path in site_files(root) if recognise(path) and owner(root, path) == scope}
    wanted: dict[str, str | None] = dict.fromkeys(now)
    for path, text in files.items():
        if _belongs(path, text) == scope and editing.is_calendar_file(path):
            wanted[path] = text
    return {
        path: text
        for path, text in wanted.items()
        if text is None or (root / path).exists() is False or editing.current(root, path) != text
    }


def _belongs(path: str, text: str) -> str:
    """The office of a file as it was then."""
    if path.startswith("calendar/programmes/"):
        return next(
            (line[7:].strip().strip("\"'") for line in text.split("\n") if line[:7] == "office:"),
            "?",
        )
    parts = path.removesuffix(".yaml").split("/")
    if path.startswith(("config/departments/", "config/contacts/", "calendar/offices/")):
        return parts[2]
    return ""


def _difference(found: Change) -> list[str]:
    """In the files of its scope where both versions have theirs, else in the documents."""
    if found.files is None or found.files_before is None:
        old, new = _lines(found.before), _lines(found.after)
        return list(difflib.unified_diff(old, new, *SIDES, lineterm="", n=2))
    scope = "" if found.version.scope == COMMON else found.version.scope
    before, after = found.files_before, found.files
    lines: list[str] = []
    for path in sorted(before | after):
        if scope in (_belongs(path, before.get(path, "")), _belongs(path, after.get(path, ""))):
            old, new = (texts.get(path, "").splitlines() for texts in (before, after))
            was, now = (f"{path}（{side}）" for side in SIDES)
            lines += difflib.unified_diff(old, new, was, now, lineterm="", n=2)
    return lines


SIDES = ("上一版", "这一版")


def _lines(document: str) -> list[str]:
    """A document with a line for each value."""
    if not document:
        return []
    return json.dumps(json.loads(document), ensure_ascii=False, indent=1).split("\n")
