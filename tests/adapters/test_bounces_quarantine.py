from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.bounces.mailbox import Mail
from adapters.bounces.quarantine import CannotKeep, Quarantine

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def numbered(number: int, size: int = 10) -> Mail:
    raw = f"{number}".encode().rjust(size, b".")
    return Mail(f"{number}", raw, len(raw))


def test_a_mail_is_kept_byte_for_byte_with_why(tmp_path: Path):
    raw = bytes(range(256)) * 3
    kept = Quarantine(tmp_path / "q").keep(Mail("1", raw, len(raw)), "收件人对不上", AT)

    assert kept.read_bytes() == raw
    assert kept.with_suffix(".txt").read_text() == "2026-03-02T09:00:00+00:00 收件人对不上\n"
    assert (tmp_path / "q").stat().st_mode & 0o077 == 0


def test_the_same_mail_is_kept_once(tmp_path: Path):
    quarantine = Quarantine(tmp_path)

    first = quarantine.keep(numbered(1), "x", AT)
    again = quarantine.keep(numbered(1), "y", AT + timedelta(1))

    assert (again, len(quarantine.mails())) == (first, 1)


@pytest.mark.parametrize("limits", [{"most": 3}, {"most_bytes": 35}])
def test_the_oldest_go_when_it_is_full(tmp_path: Path, limits: dict[str, int]):
    quarantine = Quarantine(tmp_path, **limits)

    for number in range(8):
        quarantine.keep(numbered(number), f"why {number}", AT + timedelta(hours=number))

    assert [why[-5:] for _, why in quarantine.mails()] == ["why 5", "why 6", "why 7"]
    assert len(list(tmp_path.iterdir())) == 6


def test_a_cut_mail_says_so(tmp_path: Path):
    kept = Quarantine(tmp_path).keep(Mail("1", b"begin", 5_000_000), "x", AT)

    assert "原信 5000000 字节，只留开头" in kept.with_suffix(".txt").read_text()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path):
    (tmp_path / "file").touch()

    with pytest.raises(CannotKeep, match="写不了隔离文件夹"):
        Quarantine(tmp_path / "file").keep(numbered(1), "x", AT)
