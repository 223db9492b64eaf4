"""The programmes of an office, the newest first."""

from dataclasses import dataclass

from starlette.responses import Response

from app.console.visit import Visit
from duban.programme import Kind, Phase, Programme


@dataclass(frozen=True, slots=True)
class Line:
    programme: Programme
    standing: str
    phases: tuple[Phase, ...]
    """Those that are under way."""
    targets: int


def show(visit: Visit) -> Response:
    every = sorted(visit.desk.branch.programmes, key=lambda one: one.start, reverse=True)
    return visit.page("programmes/list.html", lines=[_line(visit, one) for one in every])


def _line(visit: Visit, one: Programme) -> Line:
    day = visit.today
    standing = "未开始" if day < one.start else "已结束" if day > one.end else "进行中"
    return Line(
        one,
        standing,
        tuple(phase for phase in one.phases if phase.start <= day <= phase.end),
        sum(task.kind is Kind.TARGET for task in one.tasks),
    )
