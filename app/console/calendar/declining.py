"""What the office above asks and this office does not take on: said by a form, kept in the year's file."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from ruamel.yaml.comments import CommentedMap
from starlette.responses import Response

from adapters.yamledit import add, edited, entries, put, remove
from app import editing
from app.console.calendar.drafts import by_field, home, shown, with_lines
from app.console.calendar.entries import path_of, year_of
from app.console.visit import Visit, Wrong
from app.editing import Draft
from duban.cascade import declines_of
from duban.fault import Fault
from duban.officeyear import Decline

GONE = "文件里没有这一条了（可能刚被别人改过），请刷新后再试"


@dataclass(frozen=True, slots=True)
class Asked:
    """One step of what the office above asks; of a task the activity is `programme.task`."""

    year: int
    activity: str
    step: str
    name: str
    """As people read it."""
    reason: str = ""

    @property
    def about(self) -> str:
        return f"{self.name or self.activity}（{self.year} 年）"


def edit(visit: Visit) -> Response:
    """?year=&activity=&step=: of what is asked."""
    said = visit.query
    names = (said.get(key, "")[:120] for key in ("activity", "step", "name"))
    asked = Asked(year_of(visit) or visit.today.year, *names)
    return _form(visit, asked)


def save(visit: Visit) -> Response:
    asked = _typed(visit)
    if not asked.reason:
        return _form(visit, asked, wrong={"reason": "请写明不能承接的理由"})
    return _changed(visit, asked, partial(_decline, visit, asked), f"不承接 {asked.about}")


def take_on(visit: Visit) -> Response:
    """It was declined, and is not any more."""
    asked = _typed(visit)
    return _changed(visit, asked, partial(_take_on, visit, asked), f"改为承接 {asked.about}")


def _typed(visit: Visit) -> Asked:
    texts = (visit.form.text(name, 120).strip() for name in ("activity", "step", "name", "reason"))
    return Asked(visit.form.number("year") or 0, *texts)


def _changed(
    visit: Visit, asked: Asked, change: Callable[[CommentedMap], None], about: str
) -> Response:
    path, root = path_of(visit, asked.year), home(visit)
    text = editing.current(root, path)
    if not text:
        raise Wrong(f"还没有 {asked.year} 年的年历文件，请先照别的年份新建 {path}")
    files: dict[str, str | None] = {path: edited(text, path, change)}
    draft = Draft(files, editing.fingerprint(root, files), about)
    return shown(visit, draft, lambda faults: _form(visit, asked, draft, faults))


def _decline(visit: Visit, asked: Asked, document: CommentedMap) -> None:
    said = {"activity": asked.activity, "step": asked.step, "reason": asked.reason}
    present = _present(visit, asked, document)
    if present is None:
        add(document, "declines", {**said, "on": visit.today.isoformat()})
    else:
        put(present, {"reason": asked.reason})


def _take_on(visit: Visit, asked: Asked, document: CommentedMap) -> None:
    present = _present(visit, asked, document)
    if present is None:
        raise Wrong(GONE)
    remove(document, "declines", present)
    if not document["declines"]:
        del document["declines"]


def _present(visit: Visit, asked: Asked, document: CommentedMap) -> CommentedMap | None:
    """Also one that declines the activity with all its steps."""
    for one in entries(document, "declines"):
        if isinstance(one, CommentedMap):
            step = str(one.get("step") or asked.step)
            if step == asked.step and _same(visit, str(one.get("activity")), asked.activity):
                return one
    return None


def _same(visit: Visit, one: str, other: str) -> bool:
    known = [visit.desk.activity(name) for name in (one, other)]
    return one == other or (known[0] is not None and known[0] is known[1])


# --- the form ---


def _form(
    visit: Visit,
    asked: Asked,
    draft: Draft | None = None,
    faults: tuple[Fault, ...] = (),
    wrong: dict[str, str] | None = None,
) -> Response:
    present = _said(visit, asked)
    return visit.page(
        "calendar/decline.html",
        status=422 if faults or wrong else 200,
        asked=asked,
        present=present,
        reason=asked.reason or (present.reason if present else ""),
        faults=with_lines(visit, draft, faults) if draft else [],
        count=len(faults),
        wrong=wrong or by_field(draft, faults, {"reason": "reason"}),
    )


def _said(visit: Visit, asked: Asked) -> Decline | None:
    """In the calendar that is in force."""
    return next(
        (
            one
            for one in declines_of(visit.desk, asked.year)
            if one.step in (None, asked.step) and _same(visit, one.activity, asked.activity)
        ),
        None,
    )
