"""What the rehearsed year came to, in a few tables."""

from collections import Counter
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from app.out import cell, say, show_table, table
from app.rehearsal.play import Year
from duban.letter import Kind
from state import history
from state.history import Kept


def facts(played: Year) -> dict[str, Any]:
    """Counts of the year: {mails, by_kind, items, answers, offices: {id: {departments, on_time}}}."""
    letters = played.letters
    return {
        "year": played.year,
        "mails": len(played.caught),
        "by_kind": dict(Counter(letter.kind.value for letter in letters)),
        "items": sum(len(letter.items) for letter in letters),
        "bundled": dict(sorted(Counter(_bucket(len(letter.items)) for letter in letters).items())),
        "answers": played.acts,
        "unsent": len({about for about, _ in played.unsent}),
        "offices": {id: _office(played, id) for id in played.site.desks()},
    }


def show(played: Year) -> None:
    found = facts(played)
    say("")
    _mails(found)
    for id, office in found["offices"].items():
        _departments(played, id, office)


def _bucket(count: int) -> str:
    return (
        "1 项"
        if count == 1
        else "2-3 项"
        if count <= 3
        else "4-9 项"
        if count <= 9
        else "10 项以上"
    )


def _mails(found: dict[str, Any]) -> None:
    rows = table(f"{found['year']} 年的信件", "类别", "封数")
    for kind in Kind:
        if count := found["by_kind"].get(kind.value):
            rows.add_row(kind.label, str(count))
    rows.add_row("合计", str(found["mails"]))
    show_table(rows)
    bundles = "，".join(f"{words}的 {count} 封" for words, count in found["bundled"].items())
    say(f"共提到 {found['items']} 项次，合并成 {found['mails']} 封：{bundles}。")
    say(f"单位答复和纲要办处理 {found['answers']} 次。")
    if found["unsent"]:
        say(f"有 {found['unsent']} 项没有通知（没有在岗的联络员或已经过去）。")
    say("")


def _office(played: Year, id: str) -> dict[str, Any]:
    first, last = date(played.year, 1, 1), date(played.year, 12, 31)
    zone = ZoneInfo(played.site.desk(id)[0].office.zone)
    with played.site.database.reading() as connection:
        kept = history.kept(connection, id, first, last, zone)
    by: dict[str, list[Kept]] = {}
    for one in kept:
        by.setdefault(one.department, []).append(one)
    return {
        "due": len(kept),
        "on_time": sum(one.on_time for one in kept),
        "missing": sum(one.reported is None for one in kept),
        "departments": {
            department: {
                "due": len(ones),
                "on_time": sum(one.on_time for one in ones),
                "missing": sum(one.reported is None for one in ones),
            }
            for department, ones in by.items()
        },
    }


def _departments(played: Year, id: str, office: dict[str, Any]) -> None:
    desk, _ = played.site.desk(id)
    total, good = office["due"], office["on_time"]
    title = f"{desk.office.short}：应报 {total} 项，按时 {good} 项（{_rate(good, total)}）"
    rows = table(title, "单位", "应报", "按时", "未报", "按时率")
    worst = sorted(
        office["departments"].items(),
        key=lambda pair: (pair[1]["on_time"] / pair[1]["due"], -pair[1]["due"]),
    )
    short = [pair for pair in worst if pair[1]["on_time"] < pair[1]["due"]]
    for department, counts in short:
        rows.add_row(
            cell(desk.department(department).short),
            str(counts["due"]),
            str(counts["on_time"]),
            str(counts["missing"] or ""),
            _rate(counts["on_time"], counts["due"]),
        )
    if short:
        show_table(rows)
    say(f"{'其余' if short else title + '；'} {len(worst) - len(short)} 个单位全部按时。\n")


def _rate(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "—"
