"""Deploying: Prefect's server is told what the timetable says, or what it has is compared with it."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from adapters.settings import PrefectSettings
from duban.trouble import Trouble
from flows.deployments import TAG, Deployment, Wakeup
from flows.engine import PREFECT

if TYPE_CHECKING:
    from prefect.client.orchestration import PrefectClient
    from prefect.client.schemas.responses import DeploymentResponse

POOL_TYPE = "process"
MOST = 200
"""Deployments that one question to the server may bring."""


class NoServer(Trouble):
    """Prefect's server is not named, does not answer, or is not one that we can work with."""


class Kind(Enum):
    """What is to be done."""

    NEW = "新增"
    CHANGED = "更改"
    GONE = "删除"


@dataclass(frozen=True, slots=True)
class Drift:
    """One thing that the server has otherwise than the timetable says."""

    kind: Kind
    what: str
    """A deployment as `flow/name`, or the work pool."""
    said: tuple[str, ...] = ()
    """What differs, a line each, in Chinese."""


async def deploy(
    deployments: Sequence[Deployment], said: PrefectSettings, *, change: bool
) -> list[Drift]:
    """What differed; with `change` the server has it all right afterwards. Raises NoServer."""
    async with server() as client:
        pool = await _compare_pool(client, said.pool)
        drifts = [pool] if pool else []
        found = await _ours(client)
        stale = dict(found)
        if pool and change:
            await _mend_pool(client, said.pool, pool)
        for wanted in deployments:
            drift = _compare(wanted, stale.pop(wanted.called, None), said)
            if drift:
                drifts.append(drift)
            if drift and change:
                await _put(client, wanted, said)
        for called, one in stale.items():
            drifts.append(Drift(Kind.GONE, called, ("时刻表里没有它",)))
            if change:
                await client.delete_deployment(one.id)
    return drifts


async def _ours(client: "PrefectClient") -> dict[str, "DeploymentResponse"]:
    """By `flow/name`."""
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags

    only = DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG]))
    flows = {}
    found: dict[str, DeploymentResponse] = {}
    while page := await client.read_deployments(
        deployment_filter=only, limit=MOST, offset=len(found)
    ):
        for one in page:
            if one.flow_id not in flows:
                flows[one.flow_id] = (await client.read_flow(one.flow_id)).name
            found[f"{flows[one.flow_id]}/{one.name}"] = one
    return found


# --- the work pool ---


async def _compare_pool(client: "PrefectClient", name: str) -> Drift | None:
    from prefect.exceptions import ObjectNotFound

    try:
        pool = await client.read_work_pool(name)
    except ObjectNotFound:
        return Drift(Kind.NEW, f"工作池 {name}")
    if pool.type != POOL_TYPE:
        raise NoServer(
            f"Prefect 里的工作池“{name}”是 {pool.type} 类型，这里要 {POOL_TYPE} 类型。"
            "请在 config/settings.yaml 的 prefect.pool 换一个名字"
        )
    return Drift(Kind.CHANGED, f"工作池 {name}", ("已暂停，应恢复",)) if pool.is_paused else None


async def _mend_pool(client: "PrefectClient", name: str, drift: Drift) -> None:
    from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
    from prefect.workers.process import ProcessWorker

    if drift.kind is Kind.CHANGED:
        await client.update_work_pool(name, WorkPoolUpdate(is_paused=False))
        return
    template = ProcessWorker.get_default_base_job_template()
    made = WorkPoolCreate(name=name, type=POOL_TYPE, base_job_template=template)
    await client.create_work_pool(made)


# --- one deployment ---


def _compare(
    wanted: Deployment, found: "DeploymentResponse | None", said: PrefectSettings
) -> Drift | None:
    if found is None:
        return Drift(Kind.NEW, wanted.called, tuple(map(_when, wanted.wakeups)))
    differences = tuple(_differences(wanted, found, said))
    return Drift(Kind.CHANGED, wanted.called, differences) if differences else None


def _differences(
    wanted: Deployment, found: "DeploymentResponse", said: PrefectSettings
) -> Iterator[str]:
    before, after = _times(found), {_when(one) for one in wanted.wakeups}
    yield from (f"时刻多出 {one}" for one in sorted(before - after))
    yield from (f"时刻缺少 {one}" for one in sorted(after - before))
    if found.paused:
        yield "已暂停，应恢复"
    limit = found.global_concurrency_limit
    pairs = {
        "参数": (found.parameters, dict(wanted.parameters)),
        "标签": (sorted(found.tags), wanted.tags),
        "工作池": (found.work_pool_name, said.pool),
        "队列": (found.work_queue_name, said.queue),
        "程序": (found.entrypoint, wanted.entrypoint),
        "说明": (found.description or "", wanted.description),
        "同时运行": (limit.limit if limit else None, 1),
        "撞上时": (_strategy(found), "CANCEL_NEW"),
    }
    for what, (has, should) in pairs.items():
        if has != should:
            yield f"{what}是 {has}，应为 {should}"
    if found.parameter_openapi_schema != _schema(wanted):
        yield "参数的写法与程序不同"


def _times(found: "DeploymentResponse") -> set[str]:
    from prefect.client.schemas.schedules import CronSchedule

    return {
        _when(Wakeup(one.slug or "", one.schedule.cron, one.schedule.timezone or ""))
        + ("" if one.schedule.day_or is False else "（日与星期任一）")
        + ("" if one.active else "（已停用）")
        if isinstance(one.schedule, CronSchedule)
        else str(one.schedule)
        for one in found.schedules
    }


def _when(one: Wakeup) -> str:
    return f"{one.cron}（{one.zone}）"


def _strategy(found: "DeploymentResponse") -> str:
    options = found.concurrency_options
    return options.collision_strategy.value if options else ""


def _schema(wanted: Deployment) -> dict[str, Any]:
    from prefect.utilities.callables import parameter_schema

    return parameter_schema(wanted.function).model_dump_for_openapi()


async def _put(client: "PrefectClient", wanted: Deployment, said: PrefectSettings) -> None:
    """Raises Trouble where Prefect reads a cron line otherwise than we do."""
    from prefect.client.schemas.objects import ConcurrencyLimitStrategy, ConcurrencyOptions

    await client.create_deployment(
        flow_id=await client.create_flow_from_name(wanted.flow),
        name=wanted.name,
        schedules=[_schedule(one) for one in wanted.wakeups],
        concurrency_limit=1,
        concurrency_options=ConcurrencyOptions(
            collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
        ),
        parameters=dict(wanted.parameters),
        description=wanted.description,
        work_pool_name=said.pool,
        work_queue_name=said.queue,
        tags=wanted.tags,
        entrypoint=wanted.entrypoint,
        parameter_openapi_schema=_schema(wanted),
        enforce_parameter_schema=True,
        paused=False,
    )


def _schedule(one: Wakeup) -> Any:
    """Day and weekday have to fit both, as in the embedded timetable; plain cron takes either."""
    from prefect.client.schemas.actions import DeploymentScheduleCreate
    from prefect.client.schemas.schedules import CronSchedule

    try:
        cron = CronSchedule(cron=one.cron, timezone=one.zone, day_or=False)
    except ValueError as fault:
        raise NoServer(f"config/timetable.yaml：Prefect 看不懂时刻 {one.cron}：{fault}") from None
    return DeploymentScheduleCreate(schedule=cron, slug=one.slug)


# --- the server ---


@asynccontextmanager
async def server() -> AsyncIterator["PrefectClient"]:
    """Its client. Raises NoServer, also for what goes wrong while it is used."""
    if not PREFECT:
        raise NoServer(
            "没有设置环境变量 PREFECT_API_URL，例如 http://127.0.0.1:4200/api。"
            "只用一台机器时不需要 Prefect，运行 duban serve 即可"
        )
    import httpx
    from prefect import __version__
    from prefect.client.orchestration import get_client
    from prefect.exceptions import PrefectException

    try:
        async with get_client() as client:
            check_version(await client.api_version(), __version__)
            yield client
    except httpx.HTTPStatusError as fault:
        raise NoServer(_refused(fault.response.status_code, str(fault))) from None
    except (httpx.HTTPError, OSError, RuntimeError, PrefectException) as fault:
        raise NoServer(_unreachable(fault)) from None


def check_version(server: str, ours: str) -> None:
    if _minor(server) != _minor(ours):
        raise NoServer(
            f"Prefect 服务器是 {server}，这里的程序是 {ours}：前两位要相同。"
            "请把服务器和各台机器的 duban 升到同一个版本"
        )


def _minor(version: str) -> list[str]:
    return version.split(".")[:2]


def _refused(code: int, said: str) -> str:
    if code in (401, 403):
        return f"Prefect 服务器不让进（{code}）：口令要写在环境变量 PREFECT_API_AUTH_STRING 里"
    return f"Prefect 服务器答复 {code}：{said.splitlines()[0]}"


def _unreachable(fault: Exception) -> str:
    import os

    words = str(fault.__cause__ or fault) or type(fault).__name__
    if "Unauthorized" in words or "401" in words:
        return _refused(401, words)
    return (
        f"连不上 Prefect 服务器 {os.environ['PREFECT_API_URL']}：{words.splitlines()[0]}。"
        "看服务器是否在运行（systemctl status prefect-server），地址末尾有没有 /api"
    )
