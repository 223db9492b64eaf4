"""Runs that a dead worker left: Prefect goes on calling them running, and lets no other run of their part
begin for five minutes. The worker that starts anew under the same name says that they are over."""

from typing import TYPE_CHECKING

from flows.deploying import server
from flows.deployments import TAG

if TYPE_CHECKING:
    from prefect.client.orchestration import PrefectClient
    from prefect.client.schemas.objects import FlowRun

LABEL = "prefect.worker.name"
"""By it Prefect knows who took a run."""
MOST = 200


async def bury(name: str) -> list[str]:
    """The names of the runs that the worker `name` left behind. Raises NoServer."""
    from prefect.states import Crashed

    async with server() as client:
        left = [one for one in await _open(client) if one.labels.get(LABEL) == name]
        for one in left:
            await client.set_flow_run_state(one.id, Crashed(message="做这件事的进程中断了"))
    return [one.name for one in left]


async def _open(client: "PrefectClient") -> "list[FlowRun]":
    from prefect.client.schemas import filters
    from prefect.client.schemas.objects import StateType

    open_ = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
    return await client.read_flow_runs(
        deployment_filter=filters.DeploymentFilter(tags=filters.DeploymentFilterTags(all_=[TAG])),
        flow_run_filter=filters.FlowRunFilter(
            state=filters.FlowRunFilterState(type=filters.FlowRunFilterStateType(any_=open_))
        ),
        limit=MOST,
    )
