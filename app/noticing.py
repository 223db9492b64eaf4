"""Taking in a notice on working days, on the command line or on a page."""

from typing import TYPE_CHECKING

from duban.trouble import Trouble

if TYPE_CHECKING:
    from duban.workdays import WorkYear


class NotTaken(Trouble):
    """A notice that was not taken in; no file was changed."""

    exit_code = 1


def taken(present: "WorkYear | None", read: "WorkYear") -> "WorkYear":
    """The year with the notice in it. Raises NotTaken."""
    if present is None:
        return read
    if read.notice != present.notice and read.published is None:
        message = (
            f"{read.year}年已有“{present.notice}”，“{read.notice}”应是对它的调整，但没有落款日期。"
        )
        raise NotTaken(f"{message}请连落款一起复制，什么都没有写。")
    return present.take(read)
