"""What stands at the top of every page behind the log-in."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from duban.account import Right

if TYPE_CHECKING:
    from app.console.visit import Visit


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    path: str
    here: bool = False


OFFICE = (
    ("今天", "today", Right.LOOK),
    ("事项", "items", Right.LOOK),
    ("全年", "year", Right.LOOK),
    ("规划", "programmes", Right.LOOK),
    ("看板", "board", Right.LOOK),
    ("考核", "scores", Right.LOOK),
    ("单位", "departments", Right.LOOK),
    ("发件箱", "outbox", Right.LOOK),
    ("日历", "calendar", Right.CONFIGURE),
    ("模板", "templates", Right.CONFIGURE),
    ("流水", "audit", Right.AUDIT),
)
"""Below `/o/<office>/`."""


def menu(visit: "Visit") -> list[Link]:
    """The links that this visitor may follow; none before the log-in."""
    if visit.session is None:
        return []
    links = []
    if visit.desk_ is not None:
        base = f"/o/{visit.office}"
        for label, name, right in OFFICE:
            if visit.may(right):
                path = f"{base}/{name}"
                links.append(Link(label, path, _here(visit.path, path)))
        if visit.may(Right.LOOK) and (title := _cascade(visit)):
            path = f"{base}/cascade"
            links.append(Link(title, path, _here(visit.path, path)))
    if visit.may(Right.ADMINISTER):
        links.append(Link("账号", "/accounts", _here(visit.path, "/accounts")))
    return links


def _cascade(visit: "Visit") -> str:
    """What the page of the cascade is called; empty for an office that has nothing to do with others."""
    desk = visit.desk
    if desk.below:
        return "区县"
    return "上级要求" if desk.above and desk.office.id in desk.above.below else ""


def _here(path: str, link: str) -> bool:
    return path == link or path.startswith(f"{link}/")
