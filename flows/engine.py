"""Flows and tasks: Prefect's own where a Prefect server is configured, a plain stand-in otherwise.

Prefect has no local mode: any flow call without a server would start one. The stand-in has the same
call, retries and time-outs, so both drivers run the very same functions. It is chosen at import, by
PREFECT_API_URL.
"""

import asyncio
import functools
import inspect
import os
import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
Wrap = Callable[[Callable[P, R]], Callable[P, R]]

PREFECT = bool(os.environ.get("PREFECT_API_URL"))

if PREFECT:
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_ENABLED", "false")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")


def flow(name: str, *, timeout_seconds: float | None = None) -> Wrap[P, R]:
    """A flow; its parameters must be plain values, since Prefect keeps them as JSON."""
    if PREFECT:
        import prefect

        return prefect.flow(  # type: ignore[no-any-return, call-overload]
            name=name, timeout_seconds=timeout_seconds, log_prints=False
        )
    return functools.partial(_plain, retries=0, delay=0, timeout=timeout_seconds)


def task(name: str, *, retries: int = 0, retry_delay_seconds: int = 0) -> Wrap[P, R]:
    """A step of a flow; retries only where keys in the database make a repeat safe."""
    if PREFECT:
        import prefect
        from prefect.cache_policies import NO_CACHE

        return prefect.task(  # type: ignore[no-any-return, call-overload]
            name=name,
            retries=retries,
            retry_delay_seconds=retry_delay_seconds,
            cache_policy=NO_CACHE,
        )
    return functools.partial(_plain, retries=retries, delay=retry_delay_seconds, timeout=None)


def _plain(
    function: Callable[P, R], *, retries: int, delay: float, timeout: float | None
) -> Callable[P, R]:
    if inspect.iscoroutinefunction(function):
        return _plain_async(function, retries, delay, timeout)  # type: ignore[return-value]

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        for left in range(retries, -1, -1):
            try:
                return function(*args, **kwargs)
            except Exception:
                if left == 0:
                    raise
                time.sleep(delay)
        raise AssertionError("unreachable")

    return call


def _plain_async(
    function: Callable[..., Any], retries: int, delay: float, timeout: float | None
) -> Callable[..., Any]:
    @functools.wraps(function)
    async def call(*args: Any, **kwargs: Any) -> Any:
        for left in range(retries, -1, -1):
            try:
                async with asyncio.timeout(timeout):
                    return await function(*args, **kwargs)
            except Exception:
                if left == 0:
                    raise
                await asyncio.sleep(delay)
        raise AssertionError("unreachable")

    return call
