"""The rehearsed year, open to visitors: its console on a loopback address, its clock on the year's last
working day, and a tick now and then, so that what is done there has its letters."""

import asyncio
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters import clock
from adapters.catcher import Catcher
from adapters.mailbox import write_pages
from adapters.passwords import encode
from adapters.post import Server
from app.console.server import beside
from app.rehearsal.play import Year
from duban.account import Role
from duban.request import Kind
from flows import scoring, sealing
from flows.premises import Site, use
from flows.tick import tick
from state import accounts, answers, assignments, requests
from state.scope import Scope

ZONE = ZoneInfo("Asia/Shanghai")
PORT = 8600
EVERY = 20.0
"""Seconds between two ticks."""
CAST = (
    ("jingban", "李经办", Role.SECRETARIAT),
    ("zhuren", "王主任", Role.MANAGER),
    ("shenji", "赵审计", Role.AUDITOR),
    ("guanli", "孙管理", Role.ADMINISTRATOR),
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """How one visitor comes in."""

    login: str
    password: str
    name: str
    role: Role


def free_port() -> int:
    """The usual one where it is free, else any."""
    for port in (PORT, 0):
        try:
            with socket.create_server(("127.0.0.1", port)) as probe:
                return int(probe.getsockname()[1])
        except OSError:
            continue
    return 0


def console(folder: Path, port: int) -> dict[str, object]:
    """Settings of the console of a rehearsal in `folder`: its links work for as long as it is kept."""
    return {
        "url": f"http://127.0.0.1:{port}",
        "host": "127.0.0.1",
        "port": port,
        "secret_file": folder.resolve() / "secret",
        "uploads": folder.resolve() / "uploads",
        "link_days": 3660,
    }


def moment(played: Year) -> datetime:
    """Half past nine on the year's last working day."""
    day = date(played.year, 12, 31)
    workdays = next(iter(played.site.desks().values()))[0].workdays
    while not workdays.working(day):
        day -= timedelta(1)
    return datetime.combine(day, time(9, 30), ZONE)


def hire(site: Site, at: datetime) -> list[Ticket]:
    """An account of each role, with one password made for this evening."""
    password = secrets.token_urlsafe(9)
    encoded = encode(password)
    with site.database.writing() as connection:
        for login, name, role in CAST:
            accounts.add(
                connection,
                login,
                name,
                frozenset({role}),
                frozenset(),
                encoded,
                at=at,
                by="demo",
                must_change=False,
            )
    return [Ticket(login, password, name, role) for login, name, role in CAST]


def knock(site: Site, at: datetime) -> None:
    """Give the secretariat something to do: of what is overdue in each office, one item is reported
    this morning, and for the next one another date is asked."""
    for desk, _ in site.desks().values():
        scope, day = Scope(desk.office.id), at.astimezone(ZONE).date()
        with site.database.writing() as connection:
            late = assignments.overdue(connection, desk.office.id, day)
            who = [f"{desk.called(one.asked.department)}联络员（演示）" for one in late]
            if late:
                answers.hand_in(
                    connection,
                    desk,
                    scope,
                    late[0].row,
                    "活动已如期举办，参加三百余人；总结和照片随后补上。",
                    quota=1 << 30,
                    at=at,
                    today=day,
                    actor=who[0],
                    via="demo",
                )
            if len(late) > 1:
                requests.ask(
                    connection,
                    scope,
                    late[1].row,
                    Kind.EXTENSION,
                    at=at,
                    today=day,
                    actor=who[1],
                    via="demo",
                    reason="经办同志刚刚轮岗，材料还在核对",
                    progress="数据已收齐，正在写总结",
                    wanted=desk.workdays.count(day, 10),
                )


async def perform(
    played: Year,
    folder: Path,
    opened: Callable[[str, list[Ticket]], None],
    stop: asyncio.Event,
    every: float = EVERY,
) -> None:
    """Serve until `stop` is set; `opened` is told the address and how to come in."""
    begun = moment(played)
    now = clock.running_from(begun)
    site = replace(played.site, now=now)
    tickets = hire(site, begun)
    knock(site, begun)
    scoring.run(site, begun)
    sealing.run(site, begun)
    with beside(replace(played.site, now=now)) as address:
        opened(address, tickets)
        async with Catcher(folder / "mails") as catcher:
            site.server = Server(host=catcher.host, port=catcher.port, tls="none")
            use(site)
            shown = 0
            while not stop.is_set():
                await tick(now())
                await asyncio.to_thread(sealing.run, site, now())
                if len(catcher.caught) > shown:
                    shown = len(catcher.caught)
                    write_pages(folder / "mails", [*played.caught, *catcher.caught])
                await _wait(stop, every)


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        """Time for the next tick."""
