"""What the commands print: tables for people, JSON for machines. Rich is loaded when it is needed."""

import json
import sys
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


WIDE = 240
"""Columns where there is no terminal: nothing is cut in a file or a pipe."""


def say(message: str) -> None:
    print(message)


def error(message: str) -> None:
    """To standard error, red on a terminal."""
    red, plain = ("\x1b[31m", "\x1b[0m") if sys.stderr.isatty() else ("", "")
    print(f"{red}{message}{plain}", file=sys.stderr)


def hint(message: str) -> None:
    """An aside that must not end up in a pipe."""
    print(message, file=sys.stderr)


def say_json(value: Any) -> None:
    """One JSON document on standard output, a line an entry of a list, dates as ISO text."""
    write = json.JSONEncoder(ensure_ascii=False, default=_plain).encode
    if isinstance(value, list):
        print("[" + ",\n ".join(map(write, value)) + "]")
    else:
        print(write(value))


def say_json_stream(values: Iterable[Any], before: str = "", after: str = "") -> None:
    """A list, as say_json prints it, of very many; `before` and `after`: JSON around it."""
    write = json.JSONEncoder(ensure_ascii=False, default=_plain).encode
    print(before, "[", sep="", end="")
    for number, value in enumerate(values):
        print(",\n " if number else "", write(value), sep="", end="")
    print("]", after, sep="")


def console(*, stderr: bool = False) -> "Console":
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False)
    return made if made.is_terminal else Console(stderr=stderr, highlight=False, width=WIDE)


def table(title: str, *columns: str) -> "Table":
    from rich.table import Column, Table

    folding = [Column(name, overflow="fold") for name in columns]
    return Table(*folding, title=title, title_justify="left", header_style="bold", box=None)


def show_table(rows: "Table") -> None:
    console().print(rows)


def cell(value: object) -> str:
    """Text for a table cell: nothing for None, and no markup of rich's in it."""
    return "" if value is None else str(value).replace("[", r"\[")


def _plain(value: object) -> str:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    raise TypeError(f"not JSON: {type(value)}")
