"""The files of a made-up country, written as plain text: a library would take minutes for them."""

import json
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from duban.activity import Activity
from duban.generating.country import Level, Seat, seats
from duban.generating.members import Member, Person, Work, asking, departments, people, works
from duban.generating.programme import MadeUp, Undertaking, made_up, shipped, undertakings

ALIKE = ("calendar/observances.yaml", "calendar/steps.yaml", "calendar/workdays", "templates")
"""What the made-up site has in common with the one that duban comes with."""
RULES = ("config/ladders.yaml", "config/scoring.yaml", "config/timetable.yaml")
SETTINGS = """\
# 生成的测试站点：信只存进 var/mail，一封也不寄出。
database: sqlite:///var/duban.db
mail:
  mode: catch
  folder: var/mail
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How large the country is to be."""

    offices: int
    activities: int = 60
    departments: int = 30
    year: int = 2026
    seed: int = 7


def write_country(
    folder: Path, model: Path, activities: Iterable[Activity], size: Size
) -> list[Seat]:
    """Fill the empty `folder`; returns the offices. `model`: the site whose calendar it has in common,
    `activities`: those of that calendar."""
    _copy(model, folder)
    names = shipped(activities, size.year, size.activities)
    more = made_up(size.activities - len(names), size.seed)
    year = undertakings([*names, *(one.name for one in more)], size.seed)
    every = list(seats(size.offices))
    _make(folder, every)
    _write(folder / "config/settings.yaml", SETTINGS)
    _write(folder / "config/offices.yaml", _offices(every, size.year))
    if more:
        _write(folder / "calendar/observances/ceshi.yaml", _activities(more))
    for seat, below in _with_counties(every):
        _office(folder, seat, asking(seat, below, size.seed), year, size)
    return every


def _copy(model: Path, folder: Path) -> None:
    for name in (*ALIKE, *RULES):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (model / name).is_dir():
            shutil.copytree(model / name, target)
        else:
            shutil.copyfile(model / name, target)


def _make(folder: Path, every: Iterable[Seat]) -> None:
    """The folders of all."""
    for name in ("config/departments", "config/contacts", "calendar/observances"):
        (folder / name).mkdir(parents=True)
    for seat in every:
        (folder / "calendar/offices" / seat.id).mkdir(parents=True)


def _with_counties(every: list[Seat]) -> Iterator[tuple[Seat, list[Seat]]]:
    below: dict[str, list[Seat]] = {}
    for seat in every:
        if seat.level is Level.COUNTY and seat.parent:
            below.setdefault(seat.parent, []).append(seat)
    yield from ((seat, below.get(seat.id, [])) for seat in every)


def _office(
    folder: Path, seat: Seat, below: list[Seat], year: list[Undertaking], size: Size
) -> None:
    members = departments(seat, size.departments, below)
    who = people(seat, members, size.seed)
    what = works(seat, members, year, size.seed)
    head = f"office: {seat.id}\n"
    _write(folder / f"config/departments/{seat.id}.yaml", head + _departments(members))
    _write(folder / f"config/contacts/{seat.id}.yaml", head + _contacts(who))
    path = folder / f"calendar/offices/{seat.id}/{size.year}.yaml"
    _write(path, f"{head}year: {size.year}\n{_entries(what)}")


def _offices(every: Iterable[Seat], year: int) -> str:
    return "offices:\n" + "".join(
        f"  - id: {one.id}\n"
        f"    name: {_text(one.name)}\n"
        f"    short: {_text(one.short)}\n"
        f"    region: {one.level.value}\n"
        f"{f'    parent: {one.parent}{chr(10)}' if one.parent else ''}"
        f"    since: {year}-01-01\n"
        f"    sender: duban@kx.{one.id}.example\n"
        for one in every
    )


def _activities(more: Iterable[MadeUp]) -> str:
    return "activities:\n" + "".join(
        f"  - {{id: {one.id}, name: {_text(one.name)}, rules: [{{rule: {_text(one.rule)}}}]}}\n"
        for one in more
    )


def _departments(members: Iterable[Member]) -> str:
    return "departments:\n" + "".join(
        f"  - id: {one.id}\n"
        f"    name: {_text(one.name)}\n"
        f"    short: {_text(one.short)}\n"
        f"    groups: {_text(one.group)}\n"
        f"{f'    office: {one.office}{chr(10)}' if one.office else ''}"
        for one in members
    )


def _contacts(every: Iterable[Person]) -> str:
    return "contacts:\n" + "".join(
        f"  - name: {_text(one.name)}\n"
        f"    email: {one.email}\n"
        f"    role: {one.role.value}\n"
        f"{f'    department: {_text(one.department)}{chr(10)}' if one.department else ''}"
        for one in every
    )


def _entries(every: Iterable[Work]) -> str:
    return "activities:\n" + "".join(
        f"  - activity: {_text(one.undertaking.activity)}\n"
        f"    lead: {_text(one.lead)}\n"
        f"    support: {_text('、'.join(one.support))}\n"
        f"    steps: {one.undertaking.steps}\n"
        for one in every
    )


def _text(value: str) -> str:
    """As it is where YAML reads nothing into it."""
    return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)


_PLAIN = re.compile(r"[一-鿿][一-鿿0-9、]*")


def _write(file: Path, text: str) -> None:
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
