"""Flows as runs of Prefect: their names, the late ones that need not be done any more, their tables.

Only flows/engine.py imports this, and only where a Prefect server is configured.
"""

import functools
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import prefect
import structlog
from prefect import runtime
from prefect.artifacts import acreate_table_artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas import filters
from prefect.client.schemas.objects import FlowRun, State
from prefect.context import FlowRunContext
from prefect.states import Completed

log = structlog.get_logger()
ZONE = ZoneInfo("Asia/Shanghai")
"""Of the clock in the names of runs."""
SKIPPED = "Skipped"
"""Our name for the state of a run that a later one made needless. It must not be Prefect's `Completed`:
what is called so has been done."""
Function = Callable[..., Awaitable[Any]]


def as_flow(function: Function, name: str, timeout_seconds: float | None) -> Any:
    """A flow is never repeated by Prefect: its steps are, where keys in the database make that safe, and
    the next one asks again what is due."""

    @functools.wraps(function)
    async def run(*args: Any, **kwargs: Any) -> Any:
        if later := await _overtaken():
            return _skipped(later)
        done = await function(*args, **kwargs)
        await _keep_table(name, done)
        return done

    made = prefect.flow(
        name=name,
        flow_run_name=functools.partial(_name, name),
        retries=0,
        timeout_seconds=timeout_seconds,
        validate_parameters=True,
    )
    return made(run)


def _name(flow: str) -> str:
    """`tick 2/8 2026-03-02 09:00`."""
    said = runtime.flow_run.parameters or {}
    at = said.get("at") or runtime.flow_run.scheduled_start_time
    at = datetime.fromisoformat(at) if isinstance(at, str) else at
    clock = at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M") if at else ""
    return " ".join(filter(None, (flow, said.get("part"), clock)))


# --- late runs ---


async def _overtaken() -> datetime | None:
    """When a run began that has done all that this one was woken for; None: there is none.

    Only what a timetable woke can be overtaken; what a person starts is done.
    """
    here = FlowRunContext.get()
    mine = here.flow_run if here else None
    if mine is None or not (
        mine.auto_scheduled and mine.deployment_id and mine.expected_start_time
    ):
        return None
    try:
        done = await _completed_since(mine)
    except Exception as fault:
        log.warning("not asked whether it was overtaken", reason=str(fault))
        return None
    return max((one.start_time for one in done if one.start_time), default=None)


async def _completed_since(mine: FlowRun) -> list[FlowRun]:
    """Runs of the same deployment and parameters that began after this one's time and came to their end."""
    wanted = filters.FlowRunFilter(
        deployment_id=filters.FlowRunFilterDeploymentId(any_=[mine.deployment_id]),
        state=filters.FlowRunFilterState(name=filters.FlowRunFilterStateName(any_=["Completed"])),
        start_time=filters.FlowRunFilterStartTime(after_=mine.expected_start_time),
    )
    async with get_client() as client:
        found = await client.read_flow_runs(flow_run_filter=wanted, limit=20)
    return [one for one in found if one.id != mine.id and one.parameters == mine.parameters]


def _skipped(later: datetime) -> State[Any]:
    clock = later.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S")
    return Completed(name=SKIPPED, message=f"不用再做：{clock} 开始的那一次已经做过了")


# --- tables ---


async def _keep_table(flow: str, done: Any) -> None:
    """What came of the run, as a table in Prefect; it is told, not needed, so its loss is only logged."""
    rows = getattr(done, "rows", None)
    if rows is None or FlowRunContext.get() is None:
        return
    part = (runtime.flow_run.parameters or {}).get("part") or ""
    key = re.sub(r"[^a-z0-9]+", "-", f"{flow} {part.replace('/', ' of ')}".strip())
    try:
        await acreate_table_artifact(rows, key=key, description=_name(flow))
    except Exception as fault:
        log.warning("no table kept", flow=flow, reason=str(fault))
