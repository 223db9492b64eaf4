"""A mistake of ours: its traceback goes into a file, never to a user."""

import traceback
from pathlib import Path

FILE = "duban-error.log"


def keep_traceback(fault: BaseException | None = None) -> Path:
    """Of `fault`, else of the exception that this thread handles; returns the file, whose place is the
    working directory."""
    file = Path(FILE)
    told = "".join(traceback.format_exception(fault)) if fault else traceback.format_exc()
    file.write_text(told, encoding="utf-8")
    return file.resolve()
