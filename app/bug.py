"""A mistake of ours: its traceback goes into a file, never to a user."""

import traceback
from pathlib import Path

FILE = "duban-error.log"


def keep_traceback() -> Path:
    """Of the exception being handled; returns the file, whose place is the working directory."""
    file = Path(FILE)
    file.write_text(traceback.format_exc(), encoding="utf-8")
    return file.resolve()
