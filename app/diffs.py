"""A diff as people read it, and as machines do."""

from datetime import date
from typing import Any

from app.out import cell, say, show_table, table
from duban.assignment import Duties
from duban.diff import Change
from flows.applying import Planned
from flows.parcels import told

KINDS = {
    "new": "新增",
    "moved": "改期",
    "changed": "变更",
    "withdrawn": "撤销",
    "restored": "恢复",
}


def show(planned: list[Planned], *, limit: int = 40) -> None:
    """Print what applying would change; long lists are cut and counted."""
    if not any(one.diff for one in planned):
        say("没有变化：日历与已应用的一致。")
    for one in planned:
        passed_on = {change.key for pair in one.diff.reassigned for change in pair}
        _show_reassigned(one)
        for kind, words in KINDS.items():
            changes = tuple(c for c in getattr(one.diff, kind) if c.key not in passed_on)
            if changes:
                _show_kind(one, words, changes, limit)
        _show_mail(one, limit)


def _show_reassigned(one: Planned) -> None:
    pairs = one.diff.reassigned
    if not pairs:
        return
    lines = table(
        f"{one.desk.office.short} 改派 {len(pairs)} 项", "事项", "节点", "原单位", "现单位"
    )
    for before, after in pairs:
        asked = after.after.asked
        names = (before.after.asked.department, asked.department)
        lines.add_row(
            cell(asked.name), cell(asked.step_name), *(cell(one.desk.called(id)) for id in names)
        )
    show_table(lines)


def _show_mail(one: Planned, limit: int) -> None:
    """The letters that the changes cause, and those that they take back."""
    if one.outdated:
        say(f"发件箱里有 {len(one.outdated)} 封还没有寄出的信会撤回。")
    for day in sorted({letter.day for letter in one.letters}):
        letters = [letter for letter in one.letters if letter.day == day]
        title = f"{one.desk.office.short} {day} 将寄出 {len(letters)} 封"
        lines = table(title, "类别", "收件人", "事项")
        for letter in letters[:limit]:
            names = list(dict.fromkeys(item.occasion.name for item in letter.items))
            lines.add_row(letter.kind.label, cell(letter.recipient), cell("、".join(names)))
        show_table(lines)


def as_json(planned: list[Planned]) -> list[dict[str, Any]]:
    """[{office, kind, key, due, due_before, notice_on, next_on, from}]

    `from`: for what passed from one department to another, the key that it had there.
    """
    taken = {after.key: gone.key for one in planned for gone, after in one.diff.reassigned}
    return [
        told(one.desk.office.id, kind, change, taken)
        for one in planned
        for kind in KINDS
        for change in getattr(one.diff, kind)
    ]


def _show_kind(one: Planned, words: str, changes: tuple[Change, ...], limit: int) -> None:
    """One line a step, the departments together."""
    rows: dict[tuple[str, str, str, date | None], list[str]] = {}
    for change in changes:
        asked = change.after.asked
        key = (asked.name, asked.step_name, _dates(change), change.after.next_on)
        rows.setdefault(key, []).append(one.desk.called(asked.department))
    title = f"{one.desk.office.short} {words} {len(changes)} 项"
    lines = table(title, "事项", "节点", "时限", "下一次寄信", "单位")
    for (name, step, dates, on), departments in list(rows.items())[:limit]:
        lines.add_row(cell(name), cell(step), cell(dates), cell(_soon(one, on)), _few(departments))
    show_table(lines)
    if len(rows) > limit:
        say(f"…… 还有 {len(rows) - limit} 行，用 --json 看全部")


def _dates(change: Change) -> str:
    after, before = change.after.asked, change.before.asked if change.before else None
    now = _date(after)
    return f"{_date(before)} → {now}" if before and before.due != after.due else now


def _date(asked: Duties) -> str:
    if asked.due:
        return asked.due.isoformat()
    return f"暂定 {asked.expected}" if asked.expected else "待公布"


def _soon(one: Planned, on: date | None) -> date | None:
    """What is due already goes out on the first working morning."""
    return max(on, one.morning) if on else None


def _few(departments: list[str]) -> str:
    names = cell("、".join(departments[:2]))
    return f"{names}等 {len(departments)} 个" if len(departments) > 2 else names
