"""The crew of one play on PostgreSQL: two workers of Prefect and two senders of our own, as services."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import func, select

from state import tables
from state.database import Database, DatabaseFault
from tests.faults import country
from tests.faults.account import join
from tests.faults.crowds import wait
from tests.faults.figures import Figures, of
from tests.faults.services import Service, run
from tests.faults.sink import SinkProcess
from tests.postgres import Cluster
from tests.prefects import PrefectServer

PARTS = 4
OFTEN = 1.0
"""Seconds between two questions to Prefect's server."""


class Ground:
    """Two clusters, one ours and one Prefect's, and Prefect's server."""

    def __init__(self, folder: Path, stack: ExitStack, offices: int) -> None:
        self.folder, self.offices = folder, offices
        self.cluster = stack.enter_context(_cluster(lasting=True))
        theirs = stack.enter_context(_cluster(lasting=False))
        theirs.create("prefect")
        url = theirs.url("prefect", tcp=True).replace("postgresql://", "postgresql+asyncpg://")
        self.prefect = PrefectServer(folder / "prefect", url)
        stack.callback(self.prefect.stop)
        self.prefect.start()

    @contextmanager
    def crew(self, name: str) -> Iterator["Crew"]:
        """At work on a database of its own."""
        with ExitStack() as stack:
            crew = Crew(self, self.folder / name, stack)
            crew.begin()
            try:
                yield crew
            finally:
                crew.end()


@contextmanager
def _cluster(*, lasting: bool) -> Iterator[Cluster]:
    cluster = Cluster(lasting=lasting, max_connections="100")
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.close()


@dataclass
class Crew:
    """Two workers and two senders; whoever ends is started again, as by systemd."""

    ground: Ground
    folder: Path
    stack: ExitStack
    workers: list[Service] = field(default_factory=list)
    senders: list[Service] = field(default_factory=list)
    letters: int = 0
    _runs: list[dict[str, Any]] = field(default_factory=list)
    _asked: float = 0.0

    def __post_init__(self) -> None:
        self.home = country.home(self.folder)
        self.url = self.ground.cluster.create(self.folder.name)
        self.logs = [self.folder / f"sink-{n}" for n in (1, 2)]
        sinks = [self.stack.enter_context(SinkProcess(log)) for log in self.logs]
        self.ports = [sink.port for sink in sinks]
        self.database = Database(self.url)

    def begin(self) -> None:
        self.letters = country.populate(self.home, self.url, self._seats, self.ground.offices)
        self.begun = datetime.now(UTC)
        run(self.home, self.worker_variables(), "deploy")
        for n, port in enumerate(self.ports, 1):
            self.workers.append(self._service(f"w{n}", self.worker_variables(), "worker", n))
            self.senders.append(self._service(f"s{n}", self._variables(port), "serve", n))

    def _service(self, name: str, variables: dict[str, str], command: str, n: int) -> Service:
        more = ("--name", f"{self.folder.name}-w{n}", "--limit", "2")
        said = more if command == "worker" else ("--only", "send")
        return Service(self.folder / f"{name}.log", self.home, variables, command, *said)

    @property
    def _seats(self) -> Path:
        return self.folder / "seats"

    def _variables(self, port: int) -> dict[str, str]:
        mail = {"MODE": "smtp", "HOST": "127.0.0.1", "PORT": str(port), "TLS": "none"}
        mail |= {"BREAKER": "0", "CONNECTIONS": "1"}
        return {
            "DUBAN_DATABASE": self.url,
            "DUBAN_SEATS": str(self._seats),
            **{f"DUBAN_MAIL__{key}": value for key, value in mail.items()},
        }

    def worker_variables(self) -> dict[str, str]:
        return {
            **self._variables(1),
            "DUBAN_PREFECT__PARTS": str(PARTS),
            "DUBAN_PREFECT__SENDERS": "processes",
            "PREFECT_API_URL": self.ground.prefect.api,
            "PREFECT_HOME": str(self.folder / "prefect-home"),
            "PREFECT_LOGGING_LEVEL": "INFO",
            "PREFECT_WORKER_QUERY_SECONDS": "2",
        }

    def end(self) -> None:
        for one in (*self.workers, *self.senders):
            one.stop()
        self.database.close()

    # --- what has come about ---

    def until(self, true: Callable[[], object], seconds: float, otherwise: str) -> str:
        """Tends everybody meanwhile; the words when it did not come about."""
        begun = monotonic()
        while not true():
            if monotonic() - begun > seconds:
                return otherwise
            for one in (*self.workers, *self.senders):
                one.tend()
            wait(0.1)
        return ""

    def states(self) -> Counter[str]:
        """Of the letters; empty where the database cannot be asked."""
        state = tables.delivery.c.state
        try:
            with self.database.reading() as connection:
                found = connection.execute(select(state, func.count()).group_by(state))
                return Counter(dict(map(tuple, found)))
        except DatabaseFault:
            return Counter()

    def written(self) -> int:
        return self.states().total()

    def arrived(self) -> bool:
        return self.states()["accepted"] == self.letters

    def lines(self) -> list[int]:
        """Mails that each sender's sink has."""
        return [log.read_text().count("\n") if log.exists() else 0 for log in self.logs]

    def runs(self) -> list[dict[str, Any]]:
        """Prefect's runs of ticks since this crew began, as they were a second ago or later: asking is work
        for its server."""
        if monotonic() - self._asked > OFTEN:
            self._runs, self._asked = self._ask(), monotonic()
        return self._runs

    def _ask(self) -> list[dict[str, Any]]:
        since = {"expected_start_time": {"after_": self.begun.isoformat()}}
        found: list[dict[str, Any]] = []
        while page := self.ground.prefect.ask("flow_runs", flow_runs=since, offset=len(found)):
            found += page
        return found

    def done(self) -> Counter[str]:
        """Ticks that came to their end, by worker."""
        ended = [one for one in self.runs() if one["state_name"] == "Completed"]
        return Counter(one["labels"].get("prefect.worker.name", "?") for one in ended)

    def figures(self, name: str, faults: int, wrong: list[str]) -> Figures:
        log = self.folder / "log"
        log.write_text("".join(one.read_text() for one in self.logs if one.exists()))
        account = join(self.database, log)
        if account.states["accepted"] != self.letters:
            wrong.append(f"{self.letters} letters are due, there are {dict(account.states)}")
        wrong += [f"{one.log.name} has a traceback of ours" for one in self.senders if one.bug()]
        return of(name, account, faults, wrong)
