"""The file of one year's working days."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from duban.workdays import Holiday, WorkYear

_HEAD = """\
# {year}年放假调休。收到国务院办公厅的通知，用 duban workdays import 通知.txt 写入，也可以照此手写。
# year 年份；notice 通知文号；published 通知公布的日期（不知道就不写）；holidays 各节日：
# name 节日名，start/end 放假首日与末日（含），work 因调休要上班的周末（没有就不写）。
# 日期可以落在上一年或下一年。
# amendments 后来的调整通知（没有就不写）：从 published 起替换同名的节日；原来的安排留着不改。
# 例：- {{name: 国庆节, start: 2026-10-01, end: 2026-10-07, work: [2026-09-20, 2026-10-10]}}
"""


def write_year(file: Path, year: WorkYear) -> None:
    """The whole file or nothing. Raises OSError."""
    part = file.with_suffix(".yaml.part")
    file.parent.mkdir(parents=True, exist_ok=True)
    part.write_text(sheet(year), encoding="utf-8")
    part.replace(file)


def has_own_comments(file: Path, year: int) -> bool:
    """Whether the file has comments that writing that year would not keep."""
    head = _HEAD.format(year=year)
    lines = file.read_text(encoding="utf-8").split("\n") if file.exists() else []
    return any(line.lstrip().startswith("#") and line not in head for line in lines)


def sheet(year: WorkYear) -> str:
    """What the file of that year holds."""
    lines = [f"year: {year.year}", f"notice: {_scalar(year.notice)}"]
    if year.published:
        lines.append(f"published: {year.published}")
    lines += ["holidays:" if year.holidays else "holidays: []", *_holidays(year.holidays, "  ")]
    if year.amendments:
        lines.append("amendments:")
    for one in year.amendments:
        lines += [f"  - notice: {_scalar(one.notice)}", f"    published: {one.published}"]
        lines += ["    holidays:", *_holidays(one.holidays, "      ")]
    return _HEAD.format(year=year.year) + "\n".join(lines) + "\n"


def _holidays(holidays: tuple[Holiday, ...], indent: str) -> Iterator[str]:
    for one in holidays:
        yield f"{indent}- name: {_scalar(one.name)}"
        yield f"{indent}  start: {one.start}"
        yield f"{indent}  end: {one.end}"
        if one.work:
            yield f"{indent}  work: [{', '.join(map(str, one.work))}]"


def _scalar(text: str) -> str:
    """Plain where YAML cannot take it for anything else; JSON's quotes are YAML's too."""
    plain = re.fullmatch(r"[\w〔〕、，。（）][\w〔〕、，。（）]*", text)
    return text if plain else json.dumps(text, ensure_ascii=False)
