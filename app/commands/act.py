"""`duban acknowledge|report|return|complete|exempt KEY`: what departments answer and the office decides."""

import getpass
from collections.abc import Callable
from typing import Annotated

import typer

from app.out import say, say_json
from app.place import home, moment
from duban.completion import Act

Keys = Annotated[
    list[str], typer.Argument(help="督办事项编号，如 chongqing/shui/2026/plan/shuili，可多个")
]
By = Annotated[str | None, typer.Option(help="谁做的，记入流水")]
Reason = Annotated[str, typer.Option(help="说明，记入流水")]
At = Annotated[str | None, typer.Option(help="什么时候，默认现在")]
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


COMMANDS = {doing.value: _command(doing) for doing in HELP}


def _do(
    doing: Act, keys: list[str], actor: str, reason: str, at: str | None, *, json: bool
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
            after = assignments.act(
                connection,
                desk,
                key,
                doing,
                at=when,
                today=today(desk.office, when),
                actor=actor,
                reason=reason,
            )
            done.append((before, after))
    if json:
        say_json(
            [{"assignment": a.key, "from": b.state.value, "state": a.state.value} for b, a in done]
        )
    for before, after in done if not json else ():
        say(f"{doing.label} {after.key}：{before.state.label} → {after.state.label}")
