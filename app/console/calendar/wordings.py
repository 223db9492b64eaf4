"""Templates of letters: edited in a sandbox, seen beside a letter, and never saved broken."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from starlette.responses import HTMLResponse, Response

from adapters.letters import EDITABLE, LetterError, Rendered
from adapters.sandbox import LONGEST
from adapters.trial import try_out
from app.console.calendar.drafts import everywhere
from app.console.visit import NotFound, Refused, Visit, Wrong
from duban.letter import Kind, Letter
from duban.preview import letters, mornings
from duban.samples import samples
from flows.premises import local
from state import assignments, digests, notes, wordings
from state.assignments import Conflict
from state.wordings import Wording

PARTS = {"subject.txt": "标题", "body.txt": "正文（纯文字）", "body.html": "正文（网页格式）"}
AHEAD = timedelta(60)
"""How far ahead a real letter is looked for."""
MOST = 2000
"""Items with which one is looked for."""
FRAME = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
)
"""The policy of a letter in the page: it looks as in a mail reader, and can do nothing."""


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    kind: Kind
    label: str
    edited: Wording | None
    at: str


def show(visit: Visit) -> Response:
    with visit.site.database.reading() as connection:
        known = wordings.newest(connection)
    parts = [_part(visit, name, known.get(name)) for name in EDITABLE]
    kinds = {kind: [one for one in parts if one.kind is kind] for kind in Kind}
    return visit.page("calendar/templates.html", kinds=kinds, everywhere=everywhere(visit))


def edit(visit: Visit) -> Response:
    name = _name(visit)
    with visit.site.database.reading() as connection:
        known = wordings.newest(connection).get(name)
    return _editor(visit, name, known, _source(visit, name, known), None)


def look(visit: Visit) -> Response:
    """The letter as the text in the form writes it, in a frame of its own."""
    name, source = _name(visit), _typed(visit)
    try:
        (rendered,) = _tried(visit, name, source, [_real(visit, _kind(name))])
    except LetterError as fault:
        return _frame(f"这样写不出信来：\n\n{fault}")
    if name.endswith(".html"):
        return HTMLResponse(rendered.html, headers={"Content-Security-Policy": FRAME})
    return _frame(f"{rendered.subject}\n\n{rendered.text}")


def save(visit: Visit) -> Response:
    """Only what writes letters of its kind, small and long ones; else the old one keeps serving."""
    name, source = _name(visit), _typed(visit)
    _must_own(visit)
    kind = _kind(name)
    day = visit.today
    tried = [_real(visit, kind), *samples(kind, visit.office, day)]
    try:
        if not source.strip():
            raise LetterError(name, 1, "不能是空的")
        _tried(visit, name, source, tried)
    except LetterError as fault:
        with visit.site.database.reading() as connection:
            known = wordings.newest(connection).get(name)
        return _editor(visit, name, known, source, fault)
    _keep(visit, name, source)
    return visit.go(f"/o/{visit.office}/templates", f"已保存，从下一封信起使用：{_title(name)}")


def reset(visit: Visit) -> Response:
    name = _name(visit)
    _must_own(visit)
    _keep(visit, name, None)
    return visit.go(f"/o/{visit.office}/templates", f"已恢复原样：{_title(name)}")


def _keep(visit: Visit, name: str, source: str | None) -> None:
    seen = visit.form.number("seen") or 0
    with visit.site.database.writing() as connection:
        if not wordings.save(connection, name, source, seen, visit.at, visit.actor):
            raise Conflict("您打开以后，别人改过这个模板，您的改动没有保存；请重新打开，再改一次")
        why = f"{_title(name)}{'：恢复原样' if source is None else ''}"
        notes.note_act(connection, "", "template", visit.actor, visit.via, why, visit.at)


def _must_own(visit: Visit) -> None:
    if not everywhere(visit):
        raise Refused("模板由各纲要办共用，只有不限纲要办的账号可以修改；请联系市纲要办")


def _tried(visit: Visit, name: str, source: str, tried: list[Letter]) -> list[Rendered]:
    """With the other edited templates as they are."""
    with visit.site.database.reading() as connection:
        others = wordings.sources(connection)
    sources = {name: source, **{n: s for n, s in others.items() if n != name}}
    office = visit.desk.office
    return try_out(_folder(visit), sources, [(letter, office) for letter in tried])


def _real(visit: Visit, kind: Kind) -> Letter:
    """The next letter of that kind that the office will write; a made-up one where there is none."""
    first = visit.today
    with visit.site.database.reading() as connection:
        items = assignments.soon(connection, visit.office, first + AHEAD, MOST)
        told = digests.told(connection, visit.office)
    coming = mornings(
        visit.desk, visit.agenda, items, first, first + AHEAD, told, times=visit.site.times
    )
    found = (letter for letter in letters(coming) if letter.kind is kind)
    return next(found, None) or samples(kind, visit.office, first)[0]


def _editor(
    visit: Visit, name: str, known: Wording | None, source: str, fault: LetterError | None
) -> Response:
    part = _part(visit, name, known)
    lines = source.split("\n")
    number = fault.line if fault and fault.template == name else 0
    around = range(max(number - 2, 1), min(number + 2, len(lines)) + 1) if number else ()
    return visit.page(
        "calendar/template.html",
        status=422 if fault else 200,
        part=part,
        title=_title(name),
        source=source,
        fault=str(fault) if fault else "",
        line=number,
        excerpt=[(n, lines[n - 1][:200], n == number) for n in around],
        seen=known.row if known else 0,
        longest=LONGEST,
        everywhere=everywhere(visit),
    )


def _part(visit: Visit, name: str, known: Wording | None) -> Part:
    edited = known if known and known.source is not None else None
    at = f"{local(visit.desk.office, edited.at):%Y-%m-%d %H:%M}" if edited else ""
    return Part(name, _kind(name), PARTS[name.partition("/")[2]], edited, at)


def _frame(text: str) -> Response:
    return Response(text, media_type="text/plain", headers={"Content-Security-Policy": FRAME})


def _name(visit: Visit) -> str:
    name = f"{visit.params.get('kind', '')}/{visit.params.get('part', '')}"
    if name not in EDITABLE:
        raise NotFound("没有这个模板")
    return name


def _kind(name: str) -> Kind:
    return Kind(name.partition("/")[0])


def _title(name: str) -> str:
    return f"{_kind(name).label} · {PARTS[name.partition('/')[2]]}"


def _typed(visit: Visit) -> str:
    source = (visit.form.some("source") or [""])[-1].replace("\r\n", "\n")
    if len(source) > LONGEST:
        raise Wrong(f"模板太长（{len(source)} 字，最多 {LONGEST} 字），请删减后再提交")
    return source


def _folder(visit: Visit) -> Path:
    return visit.site.settings.path("templates/letters").resolve()


def _source(visit: Visit, name: str, known: Wording | None) -> str:
    if known and known.source is not None:
        return known.source
    return (_folder(visit) / name).read_text("utf-8")
