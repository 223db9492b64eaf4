"""Where mail goes: the server that the site was given, the configured one, or the embedded catcher."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.catcher import Catcher
from adapters.post import Server
from adapters.settings import Mode
from duban.trouble import Trouble
from flows.premises import Site


class BadServer(Trouble):
    """The mail settings do not fit together."""


def name_of(site: Site) -> str:
    """The server's name in the database: `host:port`; `given` or `catch` where none is configured."""
    mail = site.settings.mail
    if site.server:
        return "given"
    return f"{mail.host}:{mail.port}" if mail.mode is Mode.SMTP else "catch"


@asynccontextmanager
async def server_of(site: Site) -> AsyncIterator[Server]:
    """A server to hand mail to. In `catch` mode it lives as long as this context, on loopback."""
    if site.server:
        yield site.server
    elif site.settings.mail.mode is Mode.SMTP:
        yield configured(site)
    else:
        async with Catcher(site.settings.path(site.settings.mail.folder)) as catcher:
            yield Server(host=catcher.host, port=catcher.port, tls="none")


def configured(site: Site) -> Server:
    """The server of the settings. Raises BadServer, and SettingsFault for a password that cannot be read."""
    mail = site.settings.mail
    try:
        return Server(
            host=mail.host,
            port=mail.port,
            tls=mail.tls.value,
            user=mail.user,
            password=site.settings.password,
            hostname=mail.hostname,
            ca=site.settings.path(mail.ca) if mail.ca else None,
            messages=mail.messages,
        )
    except ValueError as fault:
        raise BadServer(f"config/settings.yaml 的 mail 有误：{fault}") from None
