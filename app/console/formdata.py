"""What a form brings: fields and files, within bounds."""

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from app.console.ground import Ground
from app.console.visit import Form, Upload, Wrong

FIELDS = 2000
FILES = 100
"""Of one form, at most; what a handler takes is less."""
PART = 4 << 20
"""Bytes of one field that is no file."""


async def read_form(ground: Ground, request: Request) -> Form:
    """Raises Wrong for one that is too large or cannot be understood."""
    console = ground.site.settings.console
    most = (console.upload_mb << 20) * console.files + PART
    length = request.headers.get("content-length", "")
    if not length.isdigit():
        raise Wrong("提交的内容没有写明长度，没有接受")
    try:
        if int(length) > most:
            await _drain(request, 2 * most)
            raise Wrong(
                f"提交的内容太大：一个文件最大 {console.upload_mb} MB，一次最多 {console.files} 个；"
                "请返回上一页，去掉大文件再提交"
            )
        read = await request.form(max_files=FILES, max_fields=FIELDS, max_part_size=PART)
    except ClientDisconnect:
        raise Wrong("提交到一半断了线，没有接受；请再提交一次") from None
    except HTTPException as fault:
        raise Wrong(f"提交的内容看不懂或太多：{fault.detail}") from None
    fields: dict[str, list[str]] = {}
    files: dict[str, list[Upload]] = {}
    for name, value in read.multi_items():
        if isinstance(value, UploadFile):
            if value.filename:
                files.setdefault(name, []).append(
                    Upload(value.filename, value.size or 0, value.file)
                )
        else:
            fields.setdefault(name, []).append(_clean(value))
    return Form(fields, files)


async def _drain(request: Request, most: int) -> None:
    """A browser shows what is said of a form only when it could send all of it."""
    read = 0
    async for part in request.stream():
        read += len(part)
        if read > most:
            return


def _clean(value: str) -> str:
    """Without what no database keeps: NUL, and halves of characters."""
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
