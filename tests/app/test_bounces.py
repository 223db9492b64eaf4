"""`duban bounces`: what is printed, and how it ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.app.conftest import Duban
from tests.bouncing import letter_head, mail, recipient, report

MONDAY = "2026-03-02T09:00"


def sent(duban: Duban) -> list[tuple[str, str]]:
    """A first morning's letters: recipient and Message-ID."""
    assert duban("apply", "--yes").code == 0
    assert duban("run", "--at", MONDAY).code == 0
    return [
        (one["recipient"], one["message_id"])
        for one in duban("outbox", "--json", "--at", MONDAY).json
    ]


def returned(letters: list[tuple[str, str]]) -> bytes:
    """An mbox of reports that each of them failed."""
    return b"".join(
        b"From MAILER-DAEMON Mon Mar  2 09:00:00 2026\n"
        + report(recipient(f"rfc822; {who}"), returned=letter_head(id, who))
        + b"\n"
        for who, id in letters
    )


def test_without_a_mailbox_it_says_how_to_set_one(duban: Duban) -> None:
    said = duban("bounces")

    assert (said.code, said.err) == (0, "")
    assert "没有设置退信邮箱（config/settings.yaml 的 bounces.source）" in said.out


def test_a_file_of_reports_is_read_and_the_outbox_shows_it(duban: Duban, home: Path) -> None:
    letters = sent(duban)[:3]
    (home / "back.mbox").write_bytes(returned(letters))

    first = duban("bounces", "--file", "back.mbox", "--at", MONDAY)
    again = duban("bounces", "--file", "back.mbox", "--json", "--at", MONDAY).json
    failed = duban("outbox", "--state", "failed", "--json", "--at", MONDAY).json

    assert first.code == 0
    assert "读了 3 封：退信 3 封。" in first.out
    assert again["counts"] == {}
    assert {one["recipient"] for one in failed} == {who for who, _ in letters}
    assert all(one["reply"].startswith("退信：550 5.1.1") for one in failed)


def test_forged_reports_are_shown_with_their_reason(duban: Duban, home: Path) -> None:
    ((_, id), (other, _)) = sent(duban)[:2]
    (home / "back.mbox").write_bytes(returned([(other, id)]))

    said = duban("bounces", "--file", "back.mbox", "--json", "--at", MONDAY).json

    (one,) = said["mails"]
    assert (one["verdict"], one["fate"]) == ("foreign", None)
    assert "收件人对不上" in one["note"]
    assert len(list((home / "var/quarantine").glob("*.eml"))) == 1


def test_a_configured_maildir_is_read(duban: Duban, home: Path, monkeypatch) -> None:
    sent(duban)
    for part in ("new", "cur"):
        (home / "Maildir" / part).mkdir(parents=True)
    (home / "Maildir/new/1.a").write_bytes(mail("x", Subject="自动回复：通知"))
    monkeypatch.setenv("DUBAN_BOUNCES__SOURCE", "maildir")
    monkeypatch.setenv("DUBAN_BOUNCES__PATH", "Maildir")

    said = duban("bounces")

    assert said.code == 0
    assert "自动邮件 1 封" in said.out
    assert (home / "Maildir/.duban/cur/1.a:2,S").exists()


def test_a_mailbox_that_cannot_be_read_is_told_and_ends_with_three(duban: Duban) -> None:
    said = duban("bounces", "--file", "nowhere")

    assert said.code == 3
    assert "没有邮箱文件" in said.err


def test_settings_that_lack_something_are_told(duban: Duban, monkeypatch) -> None:
    monkeypatch.setenv("DUBAN_BOUNCES__SOURCE", "imap")
    assert "bounces.user" in duban("bounces").err
    monkeypatch.setenv("DUBAN_BOUNCES__USER", "duban")
    assert "DUBAN_BOUNCES__PASSWORD" in duban("bounces").err
    monkeypatch.setenv("DUBAN_BOUNCES__PASSWORD", "geheim")
    monkeypatch.setenv("DUBAN_BOUNCES__TLS", "none")
    said = duban("bounces")

    assert said.code == 3
    assert "必须加密" in said.err
    assert "geheim" not in said.err


def test_killed_at_any_moment_it_loses_nothing_and_repeats_nothing(
    duban: Duban, home: Path
) -> None:
    letters = sent(duban)
    (home / "back.mbox").write_bytes(returned(letters))
    command = [sys.executable, "-m", "app", "bounces", "--file", "back.mbox"]
    engine = create_engine(f"sqlite:///{home / 'var/duban.db'}")
    count = text("SELECT count(*) FROM mail_read")
    repository = Path(__file__).resolve().parents[2]
    path = {**os.environ, "PYTHONPATH": str(repository)}

    for goal in (1, len(letters) // 2):
        with subprocess.Popen(command, cwd=home, env=path) as process:
            while process.poll() is None:
                with engine.connect() as connection:
                    if connection.execute(count).scalar_one() >= goal:
                        process.send_signal(signal.SIGKILL)
    assert duban("bounces", "--file", "back.mbox").code == 0

    with engine.connect() as connection:
        events = text("SELECT count(*), count(DISTINCT letter_id) FROM event WHERE act = 'bounce'")
        assert connection.execute(events).one() == (len(letters), len(letters))
        assert connection.execute(count).scalar_one() == len(letters)
    engine.dispose()
