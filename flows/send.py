"""Sending: what waits in the outbox is handed to the mail server, and nothing new is written.

Between two ticks it takes up what was put off, what a limit held back, and what a released server
left.
"""

from datetime import datetime

from flows.delivery import Delivered, deliver
from flows.engine import flow, task
from flows.premises import current


@flow(name="send")
async def send(at: datetime | None = None) -> Delivered:
    """Hand over what may be tried at `at` (an aware instant; default: now), until none is left."""
    site = current()
    site.desks()
    return await hand_over(at or site.now())


@task(name="hand over")
async def hand_over(at: datetime) -> Delivered:
    """Hand the queued letters to the mail server."""
    return await deliver(current(), at)
