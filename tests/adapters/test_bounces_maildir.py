"""The Maildir: what was read is moved beside it, people's own mail stays."""

import os
import socket
from pathlib import Path

import pytest

from adapters.bounces.mailbox import MailboxTrouble
from adapters.bounces.maildir import Maildir
from adapters.bounces.parts import LIMIT
from tests.bouncing import Remembered, mail, read_all


@pytest.fixture
def path(tmp_path: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "Maildir" / name).mkdir(parents=True)
    return tmp_path / "Maildir"


def away(path: Path) -> list[str]:
    return sorted(file.name for file in (path / ".duban" / "cur").glob("*"))


def test_new_and_seen_mail_is_read_once_and_moved(path):
    memory = Remembered()
    (path / "new" / "1.a.mx").write_bytes(mail("a"))
    (path / "cur" / "2.b.mx:2,RS").write_bytes(mail("b"))
    (path / "tmp" / "3.c.mx").write_bytes(mail("half"))

    assert read_all(Maildir(path), memory, stays=False) == [mail("a"), mail("b")]
    assert away(path) == ["1.a.mx:2,S", "2.b.mx:2,S"]
    assert list((path / "new").iterdir()) == list((path / "cur").iterdir()) == []


def test_what_stays_is_not_read_again_when_its_flags_change(path):
    memory = Remembered()
    (path / "new" / "1.a.mx").write_bytes(mail("a"))
    read_all(Maildir(path), memory)

    (path / "new" / "1.a.mx").rename(path / "cur" / "1.a.mx:2,S")

    assert read_all(Maildir(path), memory) == []
    assert (path / "cur" / "1.a.mx:2,S").read_bytes() == mail("a")


def test_who_was_killed_before_moving_moves_it_the_next_time(path):
    memory = Remembered()
    (path / "new" / "1.a.mx").write_bytes(mail("a"))
    memory.note("1.a.mx", stays=False)

    assert read_all(Maildir(path), memory) == []
    assert away(path) == ["1.a.mx:2,S"]


def test_a_mail_that_somebody_opens_meanwhile_is_moved_all_the_same(path):
    (path / "new" / "1.a.mx").write_bytes(mail("a"))

    with Maildir(path) as box:
        (one,) = box.unread(Remembered())
        (path / "new" / "1.a.mx").rename(path / "cur" / "1.a.mx:2,S")
        box.put_away(one)

    assert away(path) == ["1.a.mx:2,S"]


def test_a_mail_that_somebody_deletes_meanwhile_is_no_trouble(path):
    for name in ("1.a", "2.b", "3.c"):
        (path / "new" / name).write_bytes(mail(name))

    with Maildir(path) as box:
        mails = box.unread(Remembered())
        first = next(mails)
        (path / "new" / "1.a").unlink()
        (path / "new" / "2.b").unlink()
        box.put_away(first)

        assert [one.name for one in mails] == ["3.c"]


def test_a_name_of_any_bytes_is_kept_in_writing(path):
    memory = Remembered()
    file = path / "new" / os.fsdecode(b"1.\xff\n.mx")
    file.write_bytes(mail("a"))

    read_all(Maildir(path), memory, stays=False)

    assert list(memory.names) == ["1.\\xff\n.mx"]
    (moved,) = (path / ".duban" / "cur").iterdir()
    assert os.fsencode(moved.name) == b"1.\xff\n.mx:2,S"


def test_only_files_are_read(path):
    outside = path.parent / "secret"
    outside.write_bytes(b"x")
    (path / "new" / "1.link").symlink_to(outside)
    (path / "new" / "2.folder").mkdir()
    os.mkfifo(path / "new" / "3.pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path / "new" / "4.socket"))
    (path / "new" / ".hidden").write_bytes(b"x")

    assert read_all(Maildir(path), Remembered(), stays=False) == []


def test_of_a_huge_mail_only_the_beginning_is_held(path):
    with (path / "new" / "1.huge").open("wb") as file:
        file.truncate(100 * LIMIT)

    with Maildir(path) as box:
        (one,) = box.unread(Remembered())

    assert (len(one.raw), one.size) == (LIMIT, 100 * LIMIT)


def test_a_folder_that_is_no_maildir_is_told(tmp_path):
    with pytest.raises(MailboxTrouble, match=r"不是 Maildir.*new、cur.*bounces\.path"):
        read_all(Maildir(tmp_path), Remembered())


def test_a_folder_that_cannot_be_made_is_told(path):
    (path / ".duban").write_text("in the way")
    (path / "new" / "1.a").write_bytes(mail("a"))

    with pytest.raises(MailboxTrouble, match="没能把邮件移到"):
        read_all(Maildir(path), Remembered(), stays=False)
