import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from adapters.settings import SettingsFault
from app.reading import open_site
from app.timetable import keep
from flows.premises import use
from flows.tick import tick
from tests.app.conftest import Duban
from tests.journal import journal
from tests.smtp_script import Script

WORKING_SATURDAY = datetime(2026, 2, 14, 1, 0, tzinfo=UTC)
"""09:00 in the offices."""
TIMETABLE = """\
jobs:
  - {flow: tick, name: x, cron: "0 8 * * *"}
  - {flow: send, name: x, cron: "* 7-19 * * *"}
"""


async def test_what_the_server_put_off_goes_out_before_the_next_tick(
    duban: Duban, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "config/timetable.yaml").write_text(TIMETABLE, encoding="utf-8")
    duban("apply", "--yes", "--at", "2026-01-01")
    stop = asyncio.Event()
    async with Script(mail=["421 busy", "250 ok"]) as server:
        monkeypatch.setenv("DUBAN_MAIL__MODE", "smtp")
        monkeypatch.setenv("DUBAN_MAIL__HOST", "127.0.0.1")
        monkeypatch.setenv("DUBAN_MAIL__PORT", str(server.port))
        monkeypatch.setenv("DUBAN_MAIL__TLS", "none")
        monkeypatch.setenv("DUBAN_MAIL__CONNECTIONS", "1")
        with journal() as log, time_machine.travel(WORKING_SATURDAY, tick=True) as clock:
            service = asyncio.create_task(keep(home, stop=stop, every=0.02))
            ticked = await log.until("ran", flow="tick")
            clock.shift(11 * 60)
            sent = await log.until("ran", flow="send")
            stop.set()
            await service

    assert ticked["letters"] == sent["accepted"] == len(server.mails) > 0
    assert ticked["deferred"] == 1
    assert log.count("ran", flow="tick") == 1


async def test_a_sender_of_its_own_sends_what_others_wrote_and_writes_nothing(
    duban: Duban, home: Path
) -> None:
    duban("apply", "--yes", "--at", "2026-01-01")
    stop = asyncio.Event()
    with journal() as log, time_machine.travel(WORKING_SATURDAY, tick=True) as clock:
        service = asyncio.create_task(keep(home, only=["send"], stop=stop, every=0.02))
        serving = await log.until("serving")
        use(open_site(home))
        written = await tick(hands_over=False)
        clock.shift(120)
        sent = await log.until("ran", flow="send")
        stop.set()
        await service

    assert (serving["jobs"], serving["console"]) == (["send"], "")
    assert sent["accepted"] == sum(len(one.letters) for one in written.written) > 0
    assert log.count("ran", flow="tick") == 0


async def test_a_flow_that_the_timetable_does_not_have_cannot_be_kept(
    duban: Duban, home: Path
) -> None:
    duban("apply", "--yes", "--at", "2026-01-01")

    with pytest.raises(SettingsFault, match="没有流程“sned”，现有：tick、send"):
        await keep(home, only=["sned"])
