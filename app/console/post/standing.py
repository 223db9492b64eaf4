"""How the post stands: whether it goes, rests or was stopped, what waits, and its limits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.console.visit import Visit
from flows import gate
from flows.postoffice import name_of
from flows.premises import local
from state import letters, servers
from state.seats import Doubt
from state.servers import Server

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Post:
    server: Server
    waiting: int
    """Letters of this office."""
    hour: int
    """Handed over in the last hour, of all offices."""
    limits: tuple[tuple[str, int], ...]
    doubt: Doubt | None
    """Why nothing is sent from here."""
    resting: datetime | None
    """Until when, on the office's wall clock."""


def post(visit: Visit) -> Post:
    name = name_of(visit.site)
    with visit.site.database.reading() as connection:
        server = servers.find(connection, name)
        waiting = letters.waiting(connection, visit.scope, visit.today)
        hour = servers.given(connection, name, visit.at - HOUR, visit.at)
    resting = server.rest_until if server.resting(visit.at) else None
    until = local(visit.desk.office, resting) if resting else None
    return Post(server, waiting, hour, _limits(visit), gate.doubt(visit.site), until)


def _limits(visit: Visit) -> tuple[tuple[str, int], ...]:
    mail = visit.site.settings.mail
    said = (
        ("每分钟", mail.per_minute),
        ("每小时", mail.per_hour),
        ("每天", mail.per_day),
        ("一小时内超过即停", mail.breaker or None),
    )
    return tuple((words, most) for words, most in said if most is not None)
