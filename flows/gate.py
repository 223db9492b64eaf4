"""The gate before the post: whether anything may be sent now, and how much. See docs/promise.md."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from adapters.outcome import Outcome, Verdict
from duban.trouble import Trouble
from flows.postoffice import name_of
from flows.premises import Site
from state import queue, seats, servers, withdraw
from state.database import Connection
from state.notes import note_act
from state.queue import Claimed

log = structlog.get_logger()
HOUR = timedelta(hours=1)


class Closed(Trouble):
    """Nothing may be sent now; the message says why and what to do, in Chinese."""


@dataclass
class Gate:
    """One site's gate to one server."""

    site: Site
    server: str = ""
    limits: dict[timedelta, int] = field(default_factory=dict)
    breaker: int = 0

    def __post_init__(self) -> None:
        mail = self.site.settings.mail
        self.server = name_of(self.site)
        spans = {timedelta(minutes=1): mail.per_minute, HOUR: mail.per_hour}
        spans[timedelta(days=1)] = mail.per_day
        self.limits = {span: most for span, most in spans.items() if most is not None}
        self.breaker = mail.breaker

    def enter(self, at: datetime) -> None:
        """Take this place's turn to send. Raises Closed where it must not."""
        with self.site.place.turn():
            self._enter(at)

    def _enter(self, at: datetime) -> None:
        place = self.site.place
        kept = place.read()
        with self.site.database.writing() as connection:
            held = servers.find(connection, self.server)
            if held.stopped_at is not None:
                raise Closed(f"发信已停：{held.reason}。查明后用 duban outbox release 放行")
            if not held.open(at):
                raise Closed(f"邮件服务器出了问题，稍后再试：{held.reason}")
            if doubt := seats.doubt(connection, place.name, kept and seats.Seat(*kept)):
                raise _not_here(doubt)
            seat = seats.take_turn(connection, place.name, at=at)
        place.write(seat.token, seat.turn)

    def leave(self, at: datetime) -> None:
        """The round is over: a backup that was made in the middle of it is behind this place now."""
        place = self.site.place
        with place.turn():
            kept = place.read()
            with self.site.database.writing() as connection:
                if seats.doubt(connection, place.name, kept and seats.Seat(*kept)):
                    return
                seat = seats.take_turn(connection, place.name, at=at)
            place.write(seat.token, seat.turn)

    def recover(self, at: datetime) -> int:
        """Letters whose senders died or lost their lease are queued again; returns how many.

        A place that must not send frees nothing either: Closed.
        """
        with self.site.database.reading() as connection:
            owners = queue.owners(connection)
            if not owners and not queue.put_off(connection, at=at):
                return 0
        if found := doubt(self.site):
            raise _not_here(found)
        dead = self.site.place.dead(owners)
        with self.site.database.writing() as connection:
            return queue.recover(connection, at=at, dead=dead)

    def claim(
        self,
        connection: Connection,
        *,
        owner: str,
        at: datetime,
        lease: timedelta,
        limit: int,
        offices: Collection[str] | None = None,
    ) -> tuple[list[Claimed], int]:
        """Letters that may be sent now, looked at once more, and how many were withdrawn at that look."""
        limit = self._allowed(connection, at, limit)
        if not limit:
            return [], 0
        claimed = queue.claim(
            connection, owner=owner, at=at, lease=lease, limit=limit, offices=offices
        )
        if not claimed:
            return [], 0
        desks = self.site.known
        outdated = withdraw.withdraw_outdated(
            connection,
            desks.desks,
            at=at,
            today=desks.roster.today({one.office for one in claimed}, at),
            claimed=[one.id for one in claimed],
        )
        kept = [one for one in claimed if one.id not in outdated]
        servers.count(connection, self.server, len(kept), at=at)
        return kept, len(outdated)

    def give_back(
        self, connection: Connection, ids: list[int], owner: str, *, at: datetime
    ) -> None:
        """Claimed letters that were not tried."""
        given = queue.give_back(connection, ids, owner)
        servers.count(connection, self.server, -given, at=at)

    def judged(self, connection: Connection, outcome: Outcome, at: datetime) -> None:
        """Write down what an outcome says of the whole server."""
        if outcome.stop:
            servers.stop(connection, self.server, at=at, reason=outcome.reply)
            log.error("post stopped", server=self.server, reason=outcome.reply)
        elif outcome.server_wide or outcome.verdict is Verdict.HELD:
            until = servers.rest(
                connection, self.server, at=at, reason=outcome.reply, least=outcome.rest
            )
            say = log.error if outcome.verdict is Verdict.HELD else log.warning
            say("post rests", server=self.server, until=until, reason=outcome.reply)

    def _allowed(self, connection: Connection, at: datetime, limit: int) -> int:
        allowance = servers.allowance(connection, self.server, self.limits, at=at)
        limit = limit if allowance is None else min(limit, allowance)
        if not self.breaker:
            return limit
        released = servers.hold(connection, self.server).released_at
        since = released if released and at - HOUR < released <= at else at - HOUR
        left = self.breaker - servers.given(connection, self.server, since, at)
        if left <= 0 and limit:
            reason = f"一小时内已寄出 {self.breaker} 封，达到 mail.breaker 的上限"
            servers.stop(connection, self.server, at=at, reason=reason)
            log.error("post stopped", server=self.server, reason=reason)
        return max(0, min(limit, left))


def _not_here(why: seats.Doubt) -> Closed:
    return Closed(
        f"{why.label}，为免重复发信，一封也不寄。确认应由这里发信后，运行 duban outbox confirm"
    )


def confirm(
    site: Site, *, at: datetime, by: str, office: str = "", via: str = ""
) -> seats.Doubt | None:
    """A person says that this database is the right one to send from this place.

    Returns the doubt that there was; with None nothing was done.
    """
    place = site.place
    with place.turn():
        kept = place.read()
        with site.database.writing() as connection:
            found = seats.doubt(connection, place.name, kept and seats.Seat(*kept))
            if found is None:
                return None
            seat = seats.confirm(connection, place.name, at=at, by=by[:120])
            note_act(connection, office, "confirm", by, via, f"{place.name}：{found.label}", at)
        place.write(seat.token, seat.turn)
    return found


def doubt(site: Site) -> seats.Doubt | None:
    """Why this database must not send from this place; None: it may."""
    kept = site.place.read()
    with site.database.reading() as connection:
        return seats.doubt(connection, site.place.name, kept and seats.Seat(*kept))
