"""`duban score`: how departments kept their dates, and whether what is stored is what the account says."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.out import cell, error, say, say_json, show_table, table
from app.place import home, moment
from duban.trouble import Trouble

if TYPE_CHECKING:
    from duban.desk import Desk
    from duban.period import Period
    from duban.score import Score, Term
    from flows.premises import Site
    from flows.scoring import Checked


class NoPeriod(Trouble):
    """No such period; the message says how they are written."""

    exit_code = 2


def score(
    period: Annotated[
        str | None,
        typer.Argument(help="时段，默认今年", metavar="2026-03 | 2026-Q1 | 2026 | 规划/阶段"),
    ] = None,
    office: Annotated[str | None, typer.Option(help="只看这个纲要办")] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="按流水重新计算，和存下的结果核对")
    ] = False,
    update: Annotated[bool, typer.Option("--update", help="现在就算，不等夜里")] = False,
    at: Annotated[str | None, typer.Option(help="按这个时间计算，默认现在")] = None,
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """各单位的考核结果：得分、按时率、项数。规则见 config/scoring.yaml。

    核对有不一致的，退出码为 1。
    """
    from app.reading import offices, open_site
    from flows import scoring

    site = open_site(home())
    when = moment(at)
    desks = [desk for desk, _ in offices(site, office)]
    if update:
        for desk in desks:
            scoring.score_office(site, desk, when)
    if verify:
        _verify(site, desks, json=json)
        return
    found = _found(site, desks, period or f"{when.year}")
    if json:
        say_json([_as_json(*one) for one in found])
        return
    for one in found:
        _show(*one)


Found = tuple["Desk", "Period", dict[str, "Score"]]


def _found(site: "Site", desks: list["Desk"], text: str) -> list[Found]:
    """Of the offices that have this period. Raises NoPeriod where none has."""
    from duban.period import read
    from state import scores
    from state.scope import Scope

    found: list[Found] = []
    with site.database.reading() as connection:
        for desk in desks:
            if period := read(text, _terms(desk)):
                span = (period.first, period.last, period.phase)
                by = scores.by_department(connection, Scope(desk.office.id), *span)
                found.append((desk, period, by))
    if not found:
        phases = "、".join(term.id for desk in desks for term in _terms(desk)) or "（没有）"
        raise NoPeriod(f"没有时段“{text}”，可写 2026-03、2026-Q1、2026 或规划阶段：{phases}")
    return found


def _terms(desk: "Desk") -> list["Term"]:
    from duban.score import terms

    return [term for some in terms(desk.branch.programmes).values() for term in some]


def _best_first(found: dict[str, "Score"]) -> list[tuple[str, "Score"]]:
    def place(pair: tuple[str, "Score"]) -> tuple[int, str]:
        tenths = pair[1].tenths
        return (1 if tenths is None else -tenths), pair[0]

    return sorted(found.items(), key=place)


def _as_json(desk: "Desk", period: "Period", found: dict[str, "Score"]) -> dict[str, Any]:
    """{office, period, first, last, departments: [{department, score, lamp, percent, kept, ...}]}"""
    lamps = desk.book.common.scoring.lamps
    return {
        "office": desk.office.id,
        "period": period.id,
        "first": period.first,
        "last": period.last,
        "departments": [
            {
                "department": id,
                "department_name": desk.called(id),
                "score": None if one.tenths is None else one.tenths / 10,
                "lamp": one.lamp(lamps).value,
                "percent": one.percent,
                "due": one.due,
                "kept": one.kept,
                "late": one.late,
                "missing": one.missing,
                "omitted": one.omitted,
            }
            for id, one in _best_first(found)
        ],
    }


def _show(desk: "Desk", period: "Period", found: dict[str, "Score"]) -> None:
    title = f"{desk.office.short}：{period.label}考核"
    if not found:
        say(f"{title}：没有结果。每天夜里算一次；现在就算：duban score --update")
        return
    heads = ("单位", "灯", "得分", "按时率", "计入", "按时报送", "逾期报送", "逾期未报", "不计入")
    rows = table(title, *heads)
    lamps = desk.book.common.scoring.lamps
    for id, one in _best_first(found):
        rate = "—" if one.percent is None else f"{one.percent}%"
        mark = "—" if one.tenths is None else f"{one.tenths // 10}.{one.tenths % 10}"
        counts = (one.due, one.kept, one.late, one.missing, one.omitted)
        rows.add_row(cell(desk.called(id)), one.lamp(lamps).label, mark, rate, *map(str, counts))
    show_table(rows)


def _verify(site: "Site", desks: list["Desk"], *, json: bool) -> None:
    from flows import scoring

    checked = {desk.office.id: scoring.verify(site, desk) for desk in desks}
    if json:
        say_json({id: _checked_as_json(one) for id, one in checked.items()})
    else:
        for desk in desks:
            _tell(desk, checked[desk.office.id])
    if any(one.wrong or one.outdated for one in checked.values()):
        raise typer.Exit(1)


def _checked_as_json(one: "Checked") -> dict[str, Any]:
    return {
        "parts": one.parts,
        "wrong": [
            {"year": year, "department": part.department, "first": part.first, "phase": part.phase}
            for year, part, _, _ in one.wrong
        ],
        "outdated": list(one.outdated),
    }


def _tell(desk: "Desk", one: "Checked") -> None:
    name = desk.office.short
    for year in one.outdated:
        error(f"{name}：{year}年的事项还是按以前的规则算的，请先运行 duban score --update")
    for _, part, stored, anew in one.wrong:
        who = desk.called(part.department) if part.department else "合计"
        what = part.phase or f"{part.first.year}年{part.first.month}月"
        error(f"{name} {who} {what}：存的是 {_counts(stored)}，按流水应是 {_counts(anew)}")
    if not (one.wrong or one.outdated):
        say(f"{name}：{one.parts} 个结果，和流水重算的一致。")


def _counts(one: "Score") -> str:
    counts = f"按时 {one.kept}、逾期报送 {one.late}、未报 {one.missing}、不计入 {one.omitted}"
    return f"{counts}、加权分 {one.points}/{one.weight}"
