"""`duban deploy`: Prefect learns the timetable."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from app.out import say
from app.place import home

if TYPE_CHECKING:
    from adapters.settings import PrefectSettings
    from flows.deploying import Drift


def deploy(
    check: Annotated[
        bool, typer.Option("--check", help="只比较，不改；有不一致时退出码为 1")
    ] = False,
    parts: Annotated[
        int | None, typer.Option(help="把各纲要办分成几份，默认按 config/settings.yaml", min=1)
    ] = None,
    pool: Annotated[str | None, typer.Option(help="工作池的名字，默认按 settings.yaml")] = None,
) -> None:
    """把时刻表交给 Prefect，由它叫醒各台机器上的 duban worker。

    Prefect 服务器的地址写在环境变量 PREFECT_API_URL 里。重复运行不会改动已经一致的部分。
    """
    from adapters.settings import load_settings
    from adapters.timetable import read_timetable
    from app.timetable import FLOWS, check_jobs
    from flows.deploying import deploy
    from flows.deployments import wanted

    folder = home()
    asked = {"parts": parts, "pool": pool}
    given = {key: value for key, value in asked.items() if value is not None}
    said = load_settings(folder).prefect.model_copy(update=given)
    deployments = wanted(check_jobs(read_timetable(folder).jobs), FLOWS, said)
    drifts = asyncio.run(deploy(deployments, said, change=not check))
    _show(drifts, said, len(deployments), check=check)
    if check and drifts:
        raise typer.Exit(1)


def _show(drifts: "list[Drift]", said: "PrefectSettings", count: int, *, check: bool) -> None:
    for drift in drifts:
        say(f"{'应' if check else '已'}{drift.kind.value} {drift.what}")
        for line in drift.said:
            say(f"  {line}")
    if not drifts:
        say(f"一致：{count} 个部署，工作池 {said.pool}，各纲要办分 {said.parts} 份")
    elif check:
        say(f"{len(drifts)} 处与时刻表不一致，运行 duban deploy 改过来")
    else:
        say(f"完成：{count} 个部署，工作池 {said.pool}，各纲要办分 {said.parts} 份")
