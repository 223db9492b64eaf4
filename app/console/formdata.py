"""What a form brings: fields and files, within bounds."""

import asyncio
import re

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from app.console.ground import Ground
from app.console.visit import Form, Upload, Wrong

FIELDS = 2000
"""Of a form without files."""
FIELDS_BESIDE = 50
"""Beside files."""
FILES = 100
"""Of one form, at most; what a handler takes is less."""
PART = 4 << 20
"""Bytes of a form without files."""
PART_BESIDE = 256 << 10
"""Bytes of one field beside files."""
PATIENCE = 60
"""Seconds that a form may be under way, and one more for each SLOWEST of its bytes."""
SLOWEST = 8 << 10


async def read_form(ground: Ground, request: Request, *, files: bool = False) -> Form:
    """Raises Wrong for one that is too large, too slow or cannot be understood."""
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdigit()):
        raise Wrong("提交的内容没有写明长度，没有接受")
    largest = _largest(ground)
    try:
        async with asyncio.timeout(PATIENCE + min(int(length), largest) / SLOWEST):
            with_files = files and "multipart" in request.headers.get("content-type", "")
            if int(length) > (largest if with_files else PART):
                await _drain(request, 2 * largest)
                raise Wrong(_too_large(ground, files=files))
            return _form(await _read(request, files=files))
    except TimeoutError:
        raise Wrong("提交得太慢，没有接受；请检查网络，再提交一次") from None
    except ClientDisconnect:
        raise Wrong("提交到一半断了线，没有接受；请再提交一次") from None


def _largest(ground: Ground) -> int:
    console = ground.site.settings.console
    return (console.upload_mb << 20) * console.files + PART


def _too_large(ground: Ground, *, files: bool) -> str:
    if not files:
        return f"提交的内容太大，最多 {PART >> 20} MB；请返回上一页，删减后再提交"
    console = ground.site.settings.console
    return (
        f"提交的内容太大：一个文件最大 {console.upload_mb} MB，一次最多 {console.files} 个；"
        "请返回上一页，去掉大文件再提交"
    )


async def _read(request: Request, *, files: bool) -> FormData:
    fields, part = (FIELDS_BESIDE, PART_BESIDE) if files else (FIELDS, PART)
    try:
        return await request.form(max_files=FILES, max_fields=fields, max_part_size=part)
    except HTTPException:
        raise Wrong("提交的内容看不懂，或者文字太多；请返回上一页，删减后再提交") from None
    except ValueError:  # a charset that decodes nothing
        raise Wrong("提交的内容看不懂（文字编码不对）；请返回上一页，再提交一次") from None


def _form(read: FormData) -> Form:
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


def plain(value: str) -> str:
    """Without what nobody types and nobody sees: NUL, which no database keeps, commands to a terminal, and
    marks that turn the direction of what stands behind them."""
    return value if value.isprintable() else _UNSEEN.sub("", value)


_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _clean(value: str) -> str:
    """Plain, and without halves of characters."""
    return plain(value).encode("utf-8", "replace").decode("utf-8")
