"""The end of the demonstration: the rehearsed year's console, open to visitors."""

import asyncio
import urllib.request
from datetime import date
from pathlib import Path

from adapters.settings import load_settings
from app.rehearsal import stage
from app.rehearsal.play import play
from state import accounts
from tests.books import book
from tests.sitting import REPOSITORY


async def test_the_console_is_served_until_it_is_told_to_stop(tmp_path: Path) -> None:
    settings = load_settings(
        REPOSITORY,
        database=f"sqlite:///{tmp_path}/duban.db",
        seats=tmp_path / "seats",
        console=stage.console(tmp_path, 0),
    )
    played = await play(book(), settings, 2026, folder=tmp_path / "mails", until=date(2026, 3, 6))
    stop, seen, visits = asyncio.Event(), [], []
    loop = asyncio.get_running_loop()

    def look(address: str, tickets: list[stage.Ticket]) -> None:
        async def visit() -> None:
            page = await asyncio.to_thread(urllib.request.urlopen, f"{address}/login")
            seen.append((page.status, [ticket.login for ticket in tickets]))
            stop.set()

        visits.append(loop.create_task(visit()))

    await asyncio.wait_for(stage.perform(played, tmp_path, look, stop, every=0.05), 60)

    assert seen == [(200, ["jingban", "zhuren", "shenji", "guanli"])]
    with played.site.database.reading() as connection:
        assert len(accounts.every(connection)) == 4
    played.site.database.close()
