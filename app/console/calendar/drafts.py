"""A draft on its way: may this visitor make it, what is wrong with it, what would it do."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from starlette.responses import Response

from adapters.sitefiles import named
from adapters.sitemap import recognise
from app import editing
from app.console.calendar.changes import changes
from app.console.visit import NotFound, Refused, Visit, Wrong
from app.editing import Draft, Proposal
from duban.book import COMMON
from duban.fault import Fault, Place

AROUND = 2
"""Lines shown before and behind a faulty one."""
SHOWN = 100
"""Faults on one page."""
ELSEWHERE = "别的纲要办的日历文件里有错误，要先由他们改正，才能应用"


def home(visit: Visit) -> Path:
    return visit.site.settings.home


def everywhere(visit: Visit) -> bool:
    """Whether the account is one of all offices: only then what offices share may be changed."""
    return not visit.account.offices


def concerns(visit: Visit, path: str) -> bool:
    """Whether a file is about this office, or shared by all."""
    return not owner(home(visit), path) or owner(home(visit), path) == visit.office


def owner(root: Path, path: str) -> str:
    """The office that a file belongs to; empty for what is shared. A programme names it itself."""
    found = recognise(path)
    if found and found.office:
        return found.office
    if path.startswith("calendar/programmes/"):
        return named(root / path)
    return ""


def must_be_editable(visit: Visit, path: str) -> None:
    """Raises NotFound for another office's file, Refused for a shared one that is not theirs to change."""
    if not editing.is_calendar_file(path):
        raise NotFound("没有这个文件")
    whose = owner(home(visit), path)
    new = path.startswith("calendar/programmes/") and not (home(visit) / path).exists()
    if whose and whose != visit.office and not new:
        raise NotFound("没有这个文件")
    if not whose and not everywhere(visit):
        raise Refused("这个文件由各纲要办共用，只有不限纲要办的账号可以改；请联系市纲要办")


def draft_of(visit: Visit) -> Draft:
    """The one that the form carries. Raises Wrong, and what must_be_editable raises."""
    raw = (visit.form.some("draft") or [""])[-1]
    try:
        draft = editing.read_draft(raw)
    except (ValueError, RecursionError):
        raise Wrong("草稿不完整或太大，没有接受；请重新打开文件，再改一次") from None
    for path in draft.files:
        must_be_editable(visit, path)
    return draft


def shown(visit: Visit, draft: Draft, back: Callable[[tuple[Fault, ...]], Response]) -> Response:
    """The page with what the draft would do; with faults, the page that `back` makes of them."""
    faults, proposal = editing.examine(visit.site, draft, visit.at)
    if proposal is None:
        return back(faults)
    must_stay_inside(visit, proposal)
    return proposed(visit, draft, proposal)


def must_stay_inside(visit: Visit, proposal: Proposal) -> None:
    """An account of some offices applies nothing to others, or to all. Raises Refused."""
    foreign = proposal.scopes - visit.account.offices
    if everywhere(visit) or not foreign:
        return
    if COMMON in foreign:
        raise Refused("各纲要办共用的文件还有没有应用的改动；请市纲要办先应用，再提交您的改动")
    raise Refused("这样会改动别的纲要办，没有接受；别处的文件有没有应用的改动时，请先由他们应用")


def proposed(visit: Visit, draft: Draft, proposal: Proposal, warn: str = "") -> Response:
    return visit.page(
        "calendar/proposal.html",
        status=409 if warn else 200,
        warn=warn,
        draft=draft.as_text(),
        about=draft.about,
        files=sorted(draft.files),
        mark=proposal.mark,
        offices=changes(visit.site, proposal.planned),
        scopes=len(proposal.scopes),
    )


@dataclass(frozen=True, slots=True)
class FaultShown:
    fault: Fault
    lines: list[tuple[int, str, bool]]
    """Number, text, whether it is the faulty one."""


def with_lines(visit: Visit, draft: Draft, faults: Iterable[Fault]) -> list[FaultShown]:
    """Each fault with its line, and some around it; of files that this visitor may see."""
    kept: dict[str, list[str]] = {}
    found = []
    for fault in list(faults)[:SHOWN]:
        file = fault.place.file
        if file not in draft.files and not concerns(visit, file):
            found.append(FaultShown(Fault(Place(), ELSEWHERE), []))
            break
        if file not in kept:
            kept[file] = _text(visit, draft, file).split("\n")
        found.append(FaultShown(fault, _around(kept[file], fault.line)))
    return found


def _text(visit: Visit, draft: Draft, file: str) -> str:
    if file in draft.files:
        return draft.files[file] or ""
    if not editing.is_calendar_file(file) or not concerns(visit, file):
        return ""
    try:
        return editing.current(home(visit), file)
    except editing.CannotWrite:
        return ""


def _around(lines: list[str], number: int) -> list[tuple[int, str, bool]]:
    if not number or lines == [""]:
        return []
    first, last = max(number - AROUND, 1), min(number + AROUND, len(lines))
    return [(n, lines[n - 1][:200], n == number) for n in range(first, last + 1)]


def by_field(
    draft: Draft | None, faults: Iterable[Fault], fields: dict[str, str]
) -> dict[str, str]:
    """What is wrong, by the field of a form that wrote it. `fields`: by the key in the file."""
    found: dict[str, str] = {}
    for fault in faults:
        keys = [key for key in reversed(fault.place.path) if isinstance(key, str)]
        field = next((fields[key] for key in keys if key in fields), "")
        if field and draft and fault.place.file in draft.files:
            found.setdefault(field, fault.message)
    return found
