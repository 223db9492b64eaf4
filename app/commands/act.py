"""`duban acknowledge|report|return|complete|exempt KEY`: what departments answer and the office decides."""

import getpass
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from app.out import say, say_json
from app.place import home, moment
from duban.completion import Act

if TYPE_CHECKING:
    from duban.assignment import Assignment
    from duban.desk import Desk
    from duban.measure import Measure, Measured
    from state.database import Connection

Keys = Annotated[
    list[str], typer.Argument(help="督办事项编号，如 chongqing/shui/2026/plan/shuili，可多个")
]
By = Annotated[str | None, typer.Option(help="谁做的，记入流水")]
Reason = Annotated[str, typer.Option(help="说明，记入流水")]
At = Annotated[str | None, typer.Option(help="什么时候，默认现在")]
Value = Annotated[
    str | None,
    typer.Option(help="目标的数值，如 12.3；本年没有数据的写“无”，并在 --reason 里写明原因"),
]
Json = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]

HELP = {
    Act.ACKNOWLEDGE: "签收：单位已看到。",
    Act.REPORT: "报送：单位已交来，等纲要办审核；此后不再提醒。",
    Act.RETURN: "退回：请单位补充后重报；此后恢复提醒。",
    Act.COMPLETE: "办结：此后不再提醒。",
    Act.EXEMPT: "免办：这一次不要求该单位办理。",
}


def _command(doing: Act) -> Callable[..., None]:
    def command(
        keys: Keys, by: By = None, reason: Reason = "", at: At = None, json: Json = False
    ) -> None:
        _do(doing, keys, by or getpass.getuser(), reason, at, json=json)

    command.__doc__ = HELP[doing]
    return command


def _report(
    keys: Keys,
    by: By = None,
    reason: Reason = "",
    value: Value = None,
    at: At = None,
    json: Json = False,
) -> None:
    _do(Act.REPORT, keys, by or getpass.getuser(), reason, at, json=json, value=value)


_report.__doc__ = HELP[Act.REPORT]


COMMANDS = {doing.value: _command(doing) for doing in HELP} | {Act.REPORT.value: _report}


def _do(
    doing: Act,
    keys: list[str],
    actor: str,
    reason: str,
    at: str | None,
    *,
    json: bool,
    value: str | None = None,
) -> None:
    """All keys or none: one transaction."""
    from app.reading import open_site
    from flows.premises import NothingApplied, today
    from state import assignments

    site = open_site(home())
    when = moment(at)
    offices = site.desks()
    done = []
    with site.database.writing() as connection:
        for key in keys:
            before = assignments.find(connection, key)
            desk, _ = offices.get(before.asked.office) or (None, None)
            if desk is None:
                raise NothingApplied(f"已应用的日历里没有 {before.asked.office} 这个纲要办")
            day = today(desk.office, when)
            said = _Said(actor, reason, value, when, day)
            after = _act(connection, desk, before, doing, said)
            done.append((before, after))
    if json:
        say_json(
            [{"assignment": a.key, "from": b.state.value, "state": a.state.value} for b, a in done]
        )
    for before, after in done if not json else ():
        say(f"{doing.label} {after.key}：{before.state.label} → {after.state.label}")


@dataclass(frozen=True, slots=True)
class _Said:
    actor: str
    reason: str
    value: str | None
    at: datetime
    today: date


def _act(
    connection: "Connection", desk: "Desk", item: "Assignment", doing: Act, said: _Said
) -> "Assignment":
    """Who leads a target reports its figure, too. Raises NoFigure."""
    from duban.progress import measure_of
    from state import assignments
    from state.answers import hand_in
    from state.scope import Scope

    measure = measure_of(desk, item.asked) if doing is Act.REPORT else None
    if measure is None:
        return assignments.act(
            connection,
            desk,
            item.key,
            doing,
            at=said.at,
            today=said.today,
            actor=said.actor,
            reason=said.reason,
        )
    return hand_in(
        connection,
        desk,
        Scope(desk.office.id),
        item.row,
        said.reason,
        measured=_measured(item.key, measure, said),
        quota=0,
        at=said.at,
        today=said.today,
        actor=said.actor,
        via="",
    )


def _measured(key: str, measure: "Measure", said: _Said) -> "Measured":
    from duban.measure import Measured, NoFigure, read

    if said.value is None:
        raise NoFigure(f"{key} 要报送数值（单位：{measure.unit}），请加上 --value")
    if said.value != "无":
        return Measured(read(measure, said.value), measure.unit)
    if not said.reason:
        raise NoFigure("本年没有数据的，请用 --reason 写明原因")
    return Measured(None, measure.unit)
