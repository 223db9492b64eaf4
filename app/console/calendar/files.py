"""A file of the calendar as text: open it, have it checked, see what it would do, apply it."""

from starlette.responses import Response

from app import editing
from app.console.calendar.drafts import (
    draft_of,
    home,
    must_be_editable,
    must_stay_inside,
    proposed,
    shown,
    with_lines,
)
from app.console.visit import NotFound, Visit, Wrong
from app.editing import Draft, Stale
from duban.fault import Fault
from duban.trouble import Trouble


def edit(visit: Visit) -> Response:
    path = visit.query.get("file") or f"config/departments/{visit.office}.yaml"
    must_be_editable(visit, path)
    if not (home(visit) / path).is_file():
        raise NotFound("没有这个文件")
    text = editing.current(home(visit), path)
    return _editor(visit, editing.begin(home(visit), {path: text}), ())


def check(visit: Visit) -> Response:
    """Of the editor: its text against everything else; no faults lead to what it would do."""
    path = visit.form.text("file", 300)
    must_be_editable(visit, path)
    raw = (visit.form.some("text") or [""])[-1].replace("\r\n", "\n")
    if len(raw) > editing.LONGEST:
        raise Wrong(f"文字太长（{len(raw)} 字，最多 {editing.LONGEST} 字），请分成几个文件")
    draft = Draft({path: raw}, visit.form.text("base"), f"修改 {path}")
    return shown(visit, draft, lambda faults: _editor(visit, draft, faults))


def again(visit: Visit) -> Response:
    """A draft of one file, back into the editor."""
    draft = draft_of(visit)
    if len(draft.files) != 1 or None in draft.files.values():
        raise Wrong("这份草稿改动了几个文件，不能在这里修改；请从头再来")
    return _editor(visit, draft, ())


def propose(visit: Visit) -> Response:
    """A draft that came from elsewhere: what it would do."""
    draft = draft_of(visit)
    return shown(visit, draft, lambda faults: faulty(visit, draft, faults))


def apply(visit: Visit) -> Response:
    draft = draft_of(visit)
    faults, proposal = editing.examine(visit.site, draft, visit.at)
    if proposal is None:
        return faulty(visit, draft, faults)
    must_stay_inside(visit, proposal)
    mark = visit.form.text("mark")
    if proposal.mark != mark and editing.fingerprint(home(visit), draft.files) == draft.base:
        return proposed(visit, draft, proposal, "情况有变：结果与您刚才看到的不同，请再看一遍")
    try:
        done, _ = editing.commit(visit.site, draft, mark, visit.at, visit.actor, visit.via)
    except Stale as reason:
        return stale(visit, draft, reason)
    total = sum(len(one.diff.changes) for one in done.planned)
    letters = sum(len(one.letters) for one in done.planned)
    return visit.go(
        f"/o/{visit.office}/calendar",
        f"已应用：{total} 项督办事项变化，下一个工作日早上因此寄出 {letters} 封信。",
    )


def stale(visit: Visit, draft: Draft, reason: Trouble) -> Response:
    """Somebody else was faster: nothing was written, and what was typed is shown to be copied."""
    return visit.page("calendar/stale.html", status=409, reason=str(reason), files=draft.files)


def faulty(visit: Visit, draft: Draft, faults: tuple[Fault, ...]) -> Response:
    """Faults of a draft that no editor is open for."""
    return visit.page(
        "calendar/faulty.html",
        status=422,
        faults=with_lines(visit, draft, faults),
        count=len(faults),
    )


def _editor(visit: Visit, draft: Draft, faults: tuple[Fault, ...]) -> Response:
    ((path, text),) = draft.files.items()
    return visit.page(
        "calendar/editor.html",
        status=422 if faults else 200,
        path=path,
        text=text or "",
        base=draft.base,
        faults=with_lines(visit, draft, faults),
        count=len(faults),
    )
