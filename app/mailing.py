"""Where a run's mail goes: the configured server, or the embedded catcher."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.catcher import Catcher

from adapters.post import Server
from adapters.settings import Mode
from flows.site import Site


@asynccontextmanager
async def mail_ready(site: Site) -> AsyncIterator[Catcher | None]:
    """While open, the site has a mail server. Gives the catcher when mail stays on this machine."""
    if site.settings.mail.mode is Mode.SMTP:
        yield None
        return
    async with Catcher(site.settings.path(site.settings.mail.folder)) as catcher:
        site.server = Server(host=catcher.host, port=catcher.port, tls="none")
        try:
            yield catcher
        finally:
            site.server = None
