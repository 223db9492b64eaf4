"""A mailbox on a real IMAP server, over TLS."""

import imaplib
import secrets
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest

from adapters.bounces.imap import Account, Imap
from adapters.bounces.mailbox import MailboxTrouble
from adapters.bounces.parts import LIMIT
from tests.bouncing import Remembered, mail, read_all, report
from tests.dovecot import PASSWORD, Dovecot, program

LONG_AGO = date(2000, 1, 1)
User = Callable[..., str]

pytestmark = pytest.mark.skipif(
    program() is None, reason="no Dovecot here (apt install dovecot-imapd)"
)


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    made = Dovecot()
    yield made
    made.close()


@pytest.fixture
def user(server: Dovecot) -> User:
    """Make a user with these mails; returns the name."""

    def make(*mails: bytes) -> str:
        name = f"u{secrets.token_hex(6)}"
        server.user(name, *mails)
        return name

    return make


def account(server: Dovecot, user: str, **settings) -> Account:
    settings = {"port": server.port, "password": PASSWORD, "ca": server.authority, **settings}
    return Account("127.0.0.1", user=user, **settings)


def box(server: Dovecot, user: str, since: date = LONG_AGO, **settings) -> Imap:
    return Imap(account(server, user, **settings), since)


def test_what_was_read_is_moved_into_a_folder_of_ours(server, user):
    memory, name = Remembered(), user(report(), mail("自动"))

    found = read_all(box(server, name), memory, stays=False)

    assert [one.replace(b"\r\n", b"\n") for one in found] == [report(), mail("自动")]
    assert server.holds(name) == []
    assert server.holds(name, "duban") == [(report(), False), (mail("自动"), False)]
    assert read_all(box(server, name), memory) == []


def test_what_stays_is_read_once_and_stays_unseen(server, user):
    memory, name = Remembered(), user(mail("hello"))

    assert len(read_all(box(server, name), memory)) == 1
    assert read_all(box(server, name), memory) == []
    assert server.holds(name) == [(mail("hello"), False)]


def test_who_was_killed_before_moving_moves_it_the_next_time(server, user):
    memory, name = Remembered(), user(mail("a"), mail("b"))
    with box(server, name) as first:
        memory.note(next(first.unread(memory)).name, stays=False)

    assert len(read_all(box(server, name), memory)) == 1
    assert server.holds(name, "duban") == [(mail("a"), False)]


@pytest.mark.parametrize("capability", ["IMAP4rev1 UIDPLUS", "IMAP4rev1", "IMAP4rev1 ID MOVE"])
def test_servers_that_can_do_less_move_it_too(capability):
    server = Dovecot(capability=capability)
    try:
        memory = Remembered()
        server.user("zhang", mail("a"), mail("b"))

        read_all(box(server, "zhang"), memory, stays=False)

        assert server.holds("zhang") == []
        assert server.holds("zhang", "duban") == [(mail("a"), False), (mail("b"), False)]
        assert read_all(box(server, "zhang"), memory, stays=False) == []
        assert len(server.holds("zhang", "duban")) == 2
    finally:
        server.close()


@pytest.mark.parametrize(
    ("folder", "named"),
    [
        ("退信/已读", "&kABP4Q-/&XfKL+w-"),
        ("R&D", "R&-D"),
        ('a "b" \\c', 'a \\"b\\" \\\\c'),
        ("信𠀀", "&T+HYQNwA-"),
    ],
)
def test_folders_have_any_name(server, user, folder, named):
    name = user(mail("a"))

    read_all(box(server, name, folder=folder), Remembered(), stays=False)

    assert server.holds(name, named) == [(mail("a"), False)]


def test_another_folder_can_be_read(server, user):
    name = user()
    with server.connected(name) as connection:
        connection.create('"Junk Mail"')
        connection.append('"Junk Mail"', "", "", mail("junk").replace(b"\n", b"\r\n"))

    found = read_all(box(server, name, mailbox="Junk Mail"), Remembered(), stays=False)

    assert len(found) == 1


def test_mail_from_long_ago_is_not_looked_at(server, user):
    name = user(mail("new"))
    with server.connected(name) as connection:
        then = imaplib.Time2Internaldate(datetime(2020, 5, 1, tzinfo=UTC))
        connection.append("INBOX", "", then, b"Subject: old\r\n\r\nold\r\n")

    assert len(read_all(box(server, name, date(2020, 5, 2)), Remembered())) == 1
    assert len(read_all(box(server, name, date(2020, 5, 1)), Remembered())) == 2


def test_of_a_huge_mail_only_the_beginning_is_fetched(server, user):
    huge = b"Subject: x\n\n" + (b"x" * 999 + b"\n") * (3 * LIMIT // 1000)
    name = user(huge)

    with box(server, name) as open_box:
        (one,) = open_box.unread(Remembered())

    assert (len(one.raw), one.size) == (LIMIT, len(huge) + huge.count(b"\n"))


def test_a_mail_that_somebody_deletes_meanwhile_is_no_trouble(server, user):
    name = user(mail("a"), mail("b"))
    with box(server, name) as open_box:
        mails = open_box.unread(Remembered())
        first = next(mails)
        with server.connected(name) as other:
            other.select()
            other.store("1:2", "+FLAGS", r"(\Deleted)")
            other.expunge()
        open_box.put_away(first)

        assert list(mails) == []


def test_starttls_encrypts_before_the_password_is_said(server, user):
    name = user(mail("a"))

    assert len(read_all(box(server, name, tls="starttls", port=server.plain), Remembered())) == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"password": "geheim7"}, "AUTHENTICATIONFAILED"),
        ({"password": "密码7"}, "AUTHENTICATIONFAILED"),
        ({"ca": None}, "证书不可信"),
        ({"mailbox": "nowhere"}, "打不开邮箱文件夹"),
        ({"folder": ".."}, "不能把邮件移到"),
        ({"tls": "starttls"}, "读不了邮箱"),
        ({"host": "nowhere.invalid"}, "找不到服务器"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_trouble_is_told_without_the_password(server, user, wrong, words):
    name = user(mail("a"))
    settings = {"port": server.port, "password": PASSWORD, "ca": server.authority, "timeout": 2}
    there = Account(**{"host": "127.0.0.1", "user": name, **settings, **wrong})

    with pytest.raises(MailboxTrouble, match=words) as trouble:
        read_all(Imap(there, LONG_AGO), Remembered(), stays=False)

    told = f"{trouble.value} {trouble.value.__cause__} {there!r}"
    assert there.password not in told
    assert len(server.holds(name)) == 1


def test_a_server_that_is_not_there_is_told():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    with pytest.raises(MailboxTrouble, match="服务器拒绝连接"):
        read_all(Imap(Account("127.0.0.1", port, "zhang", "x"), LONG_AGO), Remembered())


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_a_server_that_says_nothing_is_not_waited_for_for_ever(tls):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        there = Account("127.0.0.1", silent.getsockname()[1], "zhang", "x", tls, timeout=0.2)

        with pytest.raises(MailboxTrouble, match="超时"):
            read_all(Imap(there, LONG_AGO), Remembered())
