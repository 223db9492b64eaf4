"""Files of answers: taken in with a report, and given out again as downloads, never shown as pages."""

from collections.abc import Sequence

from starlette.responses import FileResponse, Response

from adapters.uploads import Uploads, cleaned, fault
from app.console.reply.listing import enter
from app.console.visit import NotFound, Upload, Visit, Wrong
from state import answers
from state.answers import Attachment, Stored

MISSING = "这个文件不在了，可能没有随数据库一起恢复；请联系系统管理员"


def checked(visit: Visit) -> Sequence[Upload]:
    """The files of the form. Raises Wrong, naming every one that is not taken."""
    console = visit.site.settings.console
    files = visit.form.files.get("files", ())
    if len(files) > console.files:
        raise Wrong(
            f"一次最多附 {console.files} 个文件，您选了 {len(files)} 个；可以打成一个压缩包"
        )
    faults = [_fault(one, console.upload_mb) for one in files]
    if any(faults):
        raise Wrong("\n".join(one for one in faults if one))
    return files


def _fault(one: Upload, most: int) -> str:
    name = cleaned(one.name)
    if one.size > most << 20:
        return f"“{name}”有 {-(-one.size // (1 << 20))} MB，一个文件最大 {most} MB"
    return fault(name, one.stream)


def keep(visit: Visit, files: Sequence[Upload]) -> list[Stored]:
    """Raises CannotStore."""
    uploads = folder(visit)
    kept = [(cleaned(one.name), uploads.keep(one.stream)) for one in files]
    return [Stored(name, file.size, file.sha256) for name, file in kept]


def for_department(visit: Visit) -> Response:
    bearer = enter(visit)
    with visit.site.database.reading() as connection:
        found = answers.file(connection, bearer.scope, visit.number("id"))
    return download(visit, found)


def for_secretariat(visit: Visit) -> Response:
    with visit.site.database.reading() as connection:
        found = answers.file(connection, visit.scope, visit.number("id"))
    return download(visit, found)


def folder(visit: Visit) -> Uploads:
    settings = visit.site.settings
    return Uploads(settings.path(settings.console.uploads))


def download(visit: Visit, found: Attachment) -> Response:
    file = folder(visit).path(found.sha256)
    if not file.is_file():
        raise NotFound(MISSING)
    return FileResponse(
        file,
        media_type="application/octet-stream",
        filename=found.name,
        content_disposition_type="attachment",
    )
