"""What Prefect is to wake up, as the timetable says it: one deployment a flow, or one for each part of the
offices. Prefect itself is not asked here (flows/deploying.py)."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.settings import PrefectSettings, Senders
from adapters.timetable import Job

TAG = "duban"
"""Deployments with it are ours: what the timetable does not have any more is taken away."""


@dataclass(frozen=True, slots=True)
class Wakeup:
    """A cron line on the clock of a zone."""

    slug: str
    cron: str
    zone: str


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployment as it should be."""

    flow: str
    name: str
    function: Callable[..., Any]
    wakeups: tuple[Wakeup, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    description: str = ""

    @property
    def called(self) -> str:
        """As Prefect writes it: `flow/name`."""
        return f"{self.flow}/{self.name}"

    @property
    def entrypoint(self) -> str:
        return f"{self.function.__module__}.{self.function.__name__}"

    @property
    def tags(self) -> list[str]:
        return sorted({TAG, self.flow})


def wanted(
    jobs: Sequence[Job], flows: Mapping[str, Callable[..., Any]], said: PrefectSettings
) -> list[Deployment]:
    """One a flow; flows that go over offices are cut into `said.parts`.

    Jobs of one flow, such as the tick and its digests, are wake-ups of the same deployments.
    """
    functions: dict[str, Callable[..., Any]] = {}
    by_flow: dict[str, list[Job]] = {}
    for job in jobs:
        function = flows[job.flow]
        if said.senders is Senders.PROCESSES and function is flows["send"]:
            continue
        functions[function.__name__] = function
        by_flow.setdefault(function.__name__, []).append(job)
    return [
        one
        for flow, function in functions.items()
        for one in _deployments(flow, function, by_flow[flow], said)
    ]


def _deployments(
    flow: str, function: Callable[..., Any], jobs: list[Job], said: PrefectSettings
) -> Iterator[Deployment]:
    takes = inspect.signature(function).parameters
    hands = {"hands_over": said.senders is Senders.WORKERS} if "hands_over" in takes else {}
    description = "；".join(dict.fromkeys(job.name for job in jobs))
    wakeups = tuple(_wakeups(jobs))
    if "part" not in takes or said.parts == 1:
        yield Deployment(flow, flow, function, wakeups, hands, description)
        return
    for part in range(1, said.parts + 1):
        name, which = f"{flow}-{part}-of-{said.parts}", {"part": f"{part}/{said.parts}"}
        yield Deployment(flow, name, function, wakeups, {**which, **hands}, description)


def _wakeups(jobs: Sequence[Job]) -> Iterator[Wakeup]:
    """Equal times are one; slugs are unique in a deployment."""
    seen: dict[tuple[str, str], str] = {}
    for job in jobs:
        if (job.cron, job.zone) in seen:
            continue
        slug = f"{job.flow}-{job.digest.value}" if job.digest else job.flow
        taken = sum(slug == one.rstrip("0123456789-") for one in seen.values())
        slug = f"{slug}-{taken + 1}" if taken else slug
        seen[job.cron, job.zone] = slug
        yield Wakeup(slug, job.cron, job.zone)
