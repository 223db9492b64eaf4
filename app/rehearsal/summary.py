"""What the rehearsed year came to, in a few tables."""

from collections import Counter
from datetime import date
from typing import Any

from app.out import cell, say, show_table, table
from app.rehearsal.play import Year
from duban.letter import Kind
from duban.score import Score, falls_in, tally
from flows import scoring
from state import scores
from state.scope import Scope


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
    """As scores count the year, up to its last day."""
    desk, _ = played.site.desk(id)
    first, last = date(played.year, 1, 1), date(played.year, 12, 31)
    with played.site.database.reading() as connection:
        years, upto = scores.years(connection, id), scores.newest_event(connection, id)
        every = scoring.verdicts(connection, desk, Scope(id), years, upto)
        found = tally((one for one, _ in every if falls_in(one, first, last)), {})
    by: dict[str, Score] = {}
    for part, one in found.items():
        by[part.department] = by.get(part.department, Score()) + one
    whole = by.pop("", Score())
    counted = {department: _counts(one) for department, one in by.items() if one.due}
    return {**_counts(whole), "departments": counted}


def _counts(one: Score) -> dict[str, int]:
    return {"due": one.due, "on_time": one.kept, "missing": one.missing}


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
