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
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

PREFECT = bool(os.environ.get("PREFECT_API_URL"))

if PREFECT:
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_ENABLED", "false")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")


def flow(name: str, *, timeout_seconds: float | None = None) -> Callable[[F], F]:
    """A flow; its parameters must be plain values, since Prefect keeps them as JSON."""
    if PREFECT:
        from flows.runs import as_flow

        def made(function: F) -> F:
            return cast(F, as_flow(function, name, timeout_seconds))

        return made
    return lambda function: _plain(function, retries=0, delay=0, timeout=timeout_seconds)


def task(name: str, *, retries: int = 0, retry_delay_seconds: int = 0) -> Callable[[F], F]:
    """A step of a flow; retries only where keys in the database make a repeat safe."""
    if PREFECT:
        import prefect
        from prefect.cache_policies import NO_CACHE

        made = prefect.task(
            name=name,
            retries=retries,
            retry_delay_seconds=retry_delay_seconds,
            cache_policy=NO_CACHE,
        )
        return cast(Callable[[F], F], made)
    return lambda function: _plain(
        function, retries=retries, delay=retry_delay_seconds, timeout=None
    )


def _plain(function: F, *, retries: int, delay: float, timeout: float | None) -> F:
    if inspect.iscoroutinefunction(function):
        return cast(F, _plain_async(function, retries, delay, timeout))

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        for left in range(retries, 0, -1):
            try:
                return function(*args, **kwargs)
            except Exception as fault:
                _pass_on(fault, left)
                time.sleep(delay)
        return function(*args, **kwargs)

    return cast(F, call)


def _plain_async(
    function: Callable[..., Any], retries: int, delay: float, timeout: float | None
) -> Callable[..., Any]:
    @functools.wraps(function)
    async def call(*args: Any, **kwargs: Any) -> Any:
        for left in range(retries, 0, -1):
            try:
                async with asyncio.timeout(timeout):
                    return await function(*args, **kwargs)
            except Exception as fault:
                _pass_on(fault, left)
                await asyncio.sleep(delay)
        async with asyncio.timeout(timeout):
            return await function(*args, **kwargs)

    return call


def _pass_on(fault: Exception, left: int) -> None:
    """Log a failed try that will be repeated."""
    import structlog

    structlog.get_logger().warning("step failed, trying again", fault=str(fault), tries_left=left)
