"""A diff as people read it, and as machines do."""

from typing import Any

from app.out import cell, say, show_table, table
from duban.diff import Change
from flows.applying import Planned

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
        for kind, words in KINDS.items():
            changes = getattr(one.diff, kind)
            if changes:
                _show_kind(one, words, changes, limit)
        _show_mail(one, limit)


def _show_mail(one: Planned, limit: int) -> None:
    """The letters that the changes cause, and those that they take back."""
    if one.outdated:
        say(f"发件箱里有 {len(one.outdated)} 封还没有寄出的信会撤回。")
    if not one.letters:
        return
    day = one.letters[0].day
    lines = table(
        f"{one.desk.office.short} {day} 将寄出 {len(one.letters)} 封", "类别", "收件人", "事项"
    )
    for letter in one.letters[:limit]:
        names = list(dict.fromkeys(item.occasion.name for item in letter.items))
        lines.add_row(letter.kind.label, cell(letter.recipient), cell("、".join(names)))
    show_table(lines)


def as_json(planned: list[Planned]) -> list[dict[str, Any]]:
    """[{office, kind, key, due, due_before, notice_on, next_on}]"""
    return [
        {
            "office": one.desk.office.id,
            "kind": kind,
            "key": change.key,
            "due": change.after.asked.due,
            "due_before": change.before.asked.due if change.before else None,
            "notice_on": change.after.asked.notice_on,
            "next_on": change.after.next_on,
        }
        for one in planned
        for kind in KINDS
        for change in getattr(one.diff, kind)
    ]


def _show_kind(one: Planned, words: str, changes: tuple[Change, ...], limit: int) -> None:
    title = f"{one.desk.office.short} {words} {len(changes)} 项"
    lines = table(title, "事项", "节点", "单位", "时限", "下一次通知")
    for change in changes[:limit]:
        asked = change.after.asked
        piece = one.agenda.piece(asked)
        due = asked.due or "待公布"
        if change.before and change.before.asked.due != asked.due:
            due = f"{change.before.asked.due or '待公布'} → {due}"
        lines.add_row(
            cell(piece.occasion.name if piece else asked.activity),
            cell(piece.step(asked.step).name if piece else asked.step),
            cell(_department(one, asked.department)),
            cell(due),
            cell(change.after.next_on),
        )
    show_table(lines)
    if len(changes) > limit:
        say(f"…… 还有 {len(changes) - limit} 项，用 --json 看全部")


def _department(one: Planned, id: str) -> str:
    try:
        return one.desk.department(id).short
    except LookupError:
        return id
