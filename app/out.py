"""What the commands print: tables for people, JSON for machines."""

import json
import sys
from datetime import date, datetime, time
from typing import Any

from rich.console import Console
from rich.table import Table

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def error(message: str) -> None:
    err.print(message, markup=False, style="red")


def say(message: str) -> None:
    out.print(message, markup=False)


def say_json(value: Any) -> None:
    """One JSON document on standard output, dates as ISO text."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1, default=_plain)
    sys.stdout.write("\n")


def table(title: str, *columns: str) -> Table:
    return Table(*columns, title=title, title_justify="left", header_style="bold", box=None)


def cell(value: object) -> str:
    """Text for a table cell: nothing for None, and no markup of rich's in it."""
    return "" if value is None else str(value).replace("[", r"\[")


def _plain(value: object) -> str:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    raise TypeError(f"not JSON: {type(value)}")
