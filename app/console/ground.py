"""What the console stands on: the site, its pages, its secret."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

from adapters.pages import Pages
from adapters.secret import Secret
from app.console.attempts import Attempts
from app.console.metrics import Metrics
from flows.premises import Site

READERS = 3
"""Pages that are made at the same time in one process. More would only take turns at the interpreter,
so that each came later: who came first is answered first. Forms have threads of their own."""


@dataclass
class Ground:
    site: Site

    @cached_property
    def pages(self) -> Pages:
        return Pages(self.site.settings.path("templates/console"))

    @cached_property
    def secret(self) -> Secret:
        return self.site.secret

    @cached_property
    def metrics(self) -> Metrics:
        return Metrics()

    @cached_property
    def attempts(self) -> Attempts:
        return Attempts()

    @cached_property
    def readers(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(READERS, thread_name_prefix="page")

    @property
    def secure(self) -> bool:
        """Whether people reach it by https: then no cookie travels without."""
        return self.site.settings.console.url.startswith("https:")

    @property
    def cookie(self) -> str:
        """The session's; a `__Host-` one can be set by nobody else (RFC 6265bis)."""
        return "__Host-duban" if self.secure else "duban"

    @cached_property
    def proxies(self) -> frozenset[str]:
        return frozenset(self.site.settings.console.proxies)
