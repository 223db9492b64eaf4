"""Planning and applying the files of very many offices: what a person sees of it, and where it begins."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from pickle import dumps, loads
from typing import TYPE_CHECKING, Any

import typer

from app.diffs import KINDS
from app.out import cell, error, say, say_json_stream, show_table, table
from app.reading import Faulty
from duban.book import Branch
from duban.fault import Fault
from duban.trouble import Trouble

if TYPE_CHECKING:
    from adapters.branches import Branches
    from flows.countrywide import Plan
    from flows.inforce import Differing
    from flows.premises import Site

LARGE = 100
"""From so many offices on, nothing is held in memory as a whole."""
FAULTS, OFFICES, LINES = 200, 20, 10
"""How many of each are printed."""


class Moved(Trouble):
    """A file was changed while it was being applied; nothing was written."""


def large(folder: Path) -> bool:
    try:
        with os.scandir(folder / "config/departments") as entries:
            return sum(1 for _ in entries) >= LARGE
    except OSError:
        return False


def check(
    folder: Path, declined: Callable[[Branch], list[str]]
) -> tuple[tuple[Fault, ...], list[str]]:
    """Every fault, and what `declined` says of each office; all cores look."""
    from adapters.branches import Branches, read_shared
    from flows.countrywide import families
    from flows.crew import spread

    shared = read_shared(folder)

    def begin() -> Callable[[list[str]], Iterator[bytes]]:
        branches = Branches(shared)
        return lambda unit: (dumps(_looked(branches, office, declined)) for office in unit)

    faults, lines = [*shared.faults], []
    units = families(shared, [*shared.offices, *shared.strangers])
    for _, said in spread(units, begin, os.cpu_count() or 1):
        found, more = loads(said)  # noqa: S301 - our own
        faults += found
        lines += more
    return tuple(sorted(faults, key=_spot)), lines


def _looked(
    branches: "Branches", office: str, declined: Callable[[Branch], list[str]]
) -> tuple[tuple[Fault, ...], list[str]]:
    branch = branches.branch(office)
    return branches.faults(office), declined(branch) if branch else []


def planned(site: "Site", at: datetime, *, everything: bool = False) -> "tuple[Plan, Differing]":
    """What applying the files would do, and which files are others than in the calendar in force."""
    from adapters.branches import read_shared
    from adapters.snapshot import snapshot
    from flows import countrywide, inforce

    home = site.settings.home
    now = snapshot(home)
    found = inforce.differing(site, now)
    if found.offices is not None and not everything:
        few = inforce.touched(site, found.offices, now)
        return (
            countrywide.plan(site, few.shared, at, few.offices, known=few.known, faulty=few.faulty),
            found,
        )
    crew = os.cpu_count() or 1
    return countrywide.plan(site, read_shared(home), at, processes=crew), found


def faultless(made: "Plan") -> None:
    """Prints the faults, and raises Faulty when there is one."""
    if made.faults:
        every = sorted(made.faults, key=_spot)
        for fault in every[:FAULTS]:
            error(str(fault))
        more = f"（只列出前 {FAULTS} 处）" if len(every) > FAULTS else ""
        raise Faulty(f"共 {len(every)} 处错误{more}，请改正后再试；现有的数据没有任何变化。")


def _spot(fault: Fault) -> tuple[str, int]:
    return fault.place.file, fault.line


def carry_out(
    site: "Site",
    made: "Plan",
    found: "Differing",
    when: datetime,
    who: str,
    question: str,
    *,
    yes: bool,
    json: bool,
) -> list[str]:
    """Show what was planned, ask, and make it true; returns the documents that are new. `yes`: nobody is
    asked."""
    from flows import countrywide

    if not json:
        show(made)
    if not (yes or not sys.stdin.isatty()):
        typer.confirm(question, abort=True)
    return countrywide.apply(site, made, when, who, contents(site.settings.home, found.files))


def show(made: "Plan") -> None:
    """By kind, by office, and the first changes."""
    touched = [one for one in made.summaries if one.total]
    if not touched:
        say("没有变化：日历与已应用的一致。")
        return
    counts = "，".join(
        f"{words} {count} 项"
        for words, count in zip(KINDS.values(), made.counts, strict=True)
        if count
    )
    say(f"{len(touched)} 个纲要办有变化：{counts}。")
    lines = table("各纲要办", "纲要办", *KINDS.values(), "将寄出", "撤回")
    for one in touched[:OFFICES]:
        numbers = (*one.counts, one.letters, one.outdated)
        lines.add_row(cell(one.short), *(str(number or "") for number in numbers))
    show_table(lines)
    if len(touched) > OFFICES:
        say(f"…… 还有 {len(touched) - OFFICES} 个纲要办")
    some = table("其中的几项", "纲要办", "变化", "事项", "节点", "时限", "单位")
    for short, kind, name, step, dates, department in list(_lines(made))[:LINES]:
        some.add_row(*map(cell, (short, kind, name, step, dates, department)))
    show_table(some)


def _lines(made: "Plan") -> Iterator[tuple[str, ...]]:
    for one in made.summaries:
        for line in one.sample:
            now = str(line.due or "待公布")
            moved = line.kind != "new" and line.before != line.due
            dates = f"{line.before or '待公布'} → {now}" if moved else now
            yield one.short, KINDS[line.kind], line.name, line.step, dates, line.department


def say_changes(made: "Plan", scopes: list[str] | None = None) -> None:
    """As JSON, a line each, without holding them; `scopes`: the documents that were applied."""
    before, after = (
        ("", "") if scopes is None else (f'{{"scopes": {json.dumps(scopes)}, "changes": ', "}")
    )
    say_json_stream(_changes(made), before, after)


def _changes(made: "Plan") -> Iterator[dict[str, Any]]:
    from flows.parcels import changes

    for parcel in made.parcels():
        yield from changes(parcel)


def contents(home: Path, files: Mapping[str, str | None]) -> Iterator[tuple[str, bytes | None]]:
    """What these files hold (None: gone). Raises Moved where one is not what was planned from."""
    for name, digest in sorted(files.items()):
        if not digest:
            yield name, None
            continue
        content = (home / name).read_bytes()
        if sha256(content).hexdigest() != digest:
            raise Moved(f"{name} 刚刚又有改动，什么都没有写入；请重新应用")
        yield name, content
