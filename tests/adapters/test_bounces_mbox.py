"""The mbox file: read forwards under lock, remembered by place, safe against being killed."""

import mailbox as standard
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from adapters.bounces.mailbox import MailboxTrouble
from adapters.bounces.mbox import BATCH, Mbox
from adapters.bounces.parts import LIMIT
from tests.bouncing import Remembered, mail, read_all, report


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "duban"


def append(file: Path, *mails: bytes) -> None:
    """As Postfix does: a From line, the mail with its own From lines quoted, an empty line."""
    with file.open("ab") as stream:
        for one in mails:
            quoted = one.replace(b"\nFrom ", b"\n>From ")
            stream.write(b"From MAILER-DAEMON  Mon Mar  2 09:00:00 2026\n" + quoted + b"\n")


def numbered(*numbers: int) -> list[bytes]:
    return [mail(f"number {n}\n\nFrom here on\n") for n in numbers]


def numbers(mails: list[bytes]) -> list[int]:
    return [int(one.split(b"number ")[1].split()[0]) for one in mails]


def test_every_mail_is_read_once_and_later_ones_later(file):
    memory = Remembered()
    append(file, *numbered(1, 2))

    first = read_all(Mbox(file), memory)
    append(file, *numbered(3))
    then = read_all(Mbox(file), memory)

    assert (numbers(first), numbers(then)) == ([1, 2], [3])
    assert read_all(Mbox(file), memory) == []


def test_a_mail_is_read_as_the_standard_library_reads_it(file):
    append(file, report(), *numbered(1))

    ours = read_all(Mbox(file), Remembered())

    with closing(standard.mbox(file)) as box:
        theirs = [box.get_bytes(key) for key in box.keys()]  # noqa: SIM118
    assert [one.strip() for one in ours] == [one.strip() for one in theirs]


def test_more_mails_than_are_held_at_once_are_all_read(file):
    append(file, *numbered(*range(3 * BATCH + 1)))

    assert numbers(read_all(Mbox(file), Remembered())) == list(range(3 * BATCH + 1))


def test_who_was_killed_before_remembering_reads_that_mail_again(file):
    memory = Remembered()
    append(file, *numbered(1, 2, 3))

    with Mbox(file) as box:
        mails = box.unread(memory)
        memory.note(next(mails).name)
        next(mails)  # and killed

    assert numbers(read_all(Mbox(file), memory)) == [2, 3]


@pytest.mark.parametrize(
    "left", [(2, 3), (3,), (4, 2, 3)], ids=["shorter", "only the last", "another order"]
)
def test_a_file_that_another_program_rewrote_is_read_from_its_beginning(file, left):
    """Whoever answers for it reads nothing twice: what a mail says is done only once."""
    memory = Remembered()
    append(file, *numbered(1, 2, 3))
    read_all(Mbox(file), memory)

    file.unlink()
    append(file, *numbered(*left, 5))

    assert set(numbers(read_all(Mbox(file), memory))) >= {5}
    assert read_all(Mbox(file), memory) == []


def test_an_emptied_file_is_read_anew(file):
    memory = Remembered()
    append(file, *numbered(1))
    read_all(Mbox(file), memory)

    file.write_bytes(b"")
    assert read_all(Mbox(file), memory) == []
    append(file, *numbered(2))

    assert numbers(read_all(Mbox(file), memory)) == [2]


def test_a_mail_that_was_still_being_written_is_read_again_when_it_is_whole(file):
    memory = Remembered()
    append(file, *numbered(1), report())
    whole = file.read_bytes()
    file.write_bytes(whole[:-300])

    cut = read_all(Mbox(file), memory)
    file.write_bytes(whole)
    again = read_all(Mbox(file), memory)

    assert len(cut) == 2
    assert [one.strip() for one in again] == [report().replace(b"\nFrom ", b"\n>From ").strip()]


def test_of_a_huge_mail_only_the_beginning_is_held(file):
    append(file, b"X: y\n\n" + b"x" * 3 * LIMIT + b"\n", *numbered(2))

    with Mbox(file) as box:
        huge, small = box.unread(Remembered())

    assert (len(huge.raw), huge.size) == (LIMIT, 3 * LIMIT + 8)
    assert numbers([small.raw]) == [2]


@pytest.mark.parametrize("content", [b"not an mbox\n", b"\n\nFrom\n", b"\0" * 100_000])
def test_another_kind_of_file_is_told(file, content):
    file.write_bytes(content)

    with pytest.raises(MailboxTrouble, match="不是 mbox"):
        read_all(Mbox(file), Remembered())


def test_a_missing_file_is_told(file):
    with pytest.raises(MailboxTrouble, match=r"没有邮箱文件.*bounces\.path"):
        read_all(Mbox(file), Remembered())


LOCKED = """
import fcntl, sys
file = open(sys.argv[1], "ab")
fcntl.lockf(file, fcntl.LOCK_EX)
print("locked", flush=True)
sys.stdin.readline()
"""


def test_a_file_in_the_middle_of_a_delivery_is_left_alone(file):
    append(file, *numbered(1))
    command = [sys.executable, "-c", LOCKED, str(file)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "locked\n"

        with pytest.raises(MailboxTrouble, match="正被另一个程序占用"):
            read_all(Mbox(file, patience=0), Remembered())
        other.communicate("go\n")

    assert numbers(read_all(Mbox(file), Remembered())) == [1]
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("content", ["", f"{os.getpid()}\n"], ids=["unnamed", "alive"])
def test_a_lock_file_of_another_program_is_respected(file, content):
    append(file, *numbered(1))
    lock = file.with_name("duban.lock")
    lock.write_text(content)

    with pytest.raises(MailboxTrouble, match=r"duban\.lock"):
        read_all(Mbox(file, patience=0), Remembered())

    assert lock.read_text() == content


def test_a_lock_file_of_a_dead_program_is_removed(file):
    append(file, *numbered(1))
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    file.with_name("duban.lock").write_text(f"{dead.pid}\n")

    assert numbers(read_all(Mbox(file), Remembered())) == [1]


def test_a_forgotten_lock_file_is_removed(file):
    append(file, *numbered(1))
    lock = file.with_name("duban.lock")
    lock.touch()
    os.utime(lock, (1_700_000_000, 1_700_000_000))

    assert numbers(read_all(Mbox(file), Remembered())) == [1]


def test_deliveries_go_on_while_mails_are_looked_at(file):
    append(file, *numbered(1, 2))

    with Mbox(file) as box:
        mails = box.unread(Remembered())
        next(mails)
        command = [sys.executable, "-c", LOCKED, str(file)]
        other = subprocess.run(command, input="go\n", capture_output=True, text=True, timeout=30)
        assert other.stdout == "locked\n"
        assert not file.with_name("duban.lock").exists()
        append(file, *numbered(3))

        assert numbers([one.raw for one in mails]) == [2, 3]
