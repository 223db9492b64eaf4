"""`duban doctor`: whether everything is in order, and what to do where it is not."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from app.out import hint, say, say_json
from app.place import home, moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.doctor.finding import Finding

COLOURS = {"good": "32", "attention": "33", "fault": "31"}
WIDTH = 5
"""Characters of a subject, most of the time."""
MARGIN = f"      {'':　<{WIDTH}}  "


def doctor(
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """体检：设置、数据库、邮件服务器、时钟、运行情况，一项一行。

    有问题的写明怎么办。不寄任何信。有“故障”时退出码为 1，只有“注意”时为 0。
    """
    from app.doctor.examine import examine
    from app.doctor.ground import Ground

    found = examine(Ground(home(), moment(None)))
    if json:
        say_json([_as_json(one) for one in found])
    else:
        _show(found)
    if any(one.level.value == "fault" for one in found):
        raise typer.Exit(1)


def _as_json(one: "Finding") -> dict[str, str]:
    """`level` is good, attention or fault."""
    return {
        "level": one.level.value,
        "subject": one.subject,
        "said": one.said,
        "remedy": one.remedy,
    }


def _show(found: "list[Finding]") -> None:
    for one in found:
        label = _coloured(one.level.label, COLOURS[one.level.value])
        said = one.said.replace("\n", f"\n{MARGIN}")
        say(f"{label}  {one.subject:　<{WIDTH}}  {said}")
        if one.remedy:
            say(f"{MARGIN}→ {one.remedy}")
    say(f"共 {len(found)} 项：{'；'.join(_summed(found))}。")
    if any(one.level.value == "fault" for one in found):
        hint("“故障”会让信寄不出或寄错，请按 → 后面写的处理；“注意”可以缓一缓。")


def _summed(found: "list[Finding]") -> "Iterator[str]":
    """`2 项故障（登录、磁盘）`, `0 项注意`, `17 项正常`"""
    from app.doctor.finding import Level

    for level in (Level.FAULT, Level.ATTENTION):
        subjects = [one.subject for one in found if one.level is level]
        names = f"（{'、'.join(dict.fromkeys(subjects))}）" if subjects else ""
        yield f"{len(subjects)} 项{level.label}{names}"
    yield f"{sum(one.level is Level.GOOD for one in found)} 项正常"


def _coloured(text: str, colour: str) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m" if sys.stdout.isatty() else text
