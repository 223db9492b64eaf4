"""The mail catcher: everything kept, nothing passed on, nobody let in from outside."""

import socket
from datetime import UTC, datetime

import pytest

from adapters.catcher import Catcher, read_mails
from adapters.mime import Mail, build
from adapters.post import Outcome, Parcel, Post, Server, Verdict

MAIL = build(
    Mail(
        message_id="<1@city.test>",
        date=datetime(2026, 3, 2, 1, 0, tzinfo=UTC),
        sender_name="市委纲要办",
        sender="duban@city.test",
        recipient_name="张三",
        recipient="zhang@mz.test",
        subject="关于老年节活动的通知",
        text="请于3月6日前报送。",
        html="<p>请于3月6日前报送。</p>",
        kind="notice",
        letter_id="city/1",
    )
)


async def began() -> None:
    """Nothing to record here."""


async def drop(catcher: Catcher, mime: bytes = MAIL, times: int = 1) -> list[Outcome]:
    parcel = Parcel("duban@city.test", "zhang@mz.test", mime)
    async with Post(Server(catcher.host, catcher.port, tls="none")) as post:
        return [await post.send(parcel, began=began) for _ in range(times)]


async def test_a_mail_is_kept_with_its_envelope_and_bytes():
    async with Catcher() as catcher:
        await drop(catcher)

    [mail] = catcher.caught
    assert (mail.sender, mail.recipient, mail.mime) == ("duban@city.test", "zhang@mz.test", MAIL)
    assert mail.path is None


async def test_headers_and_parts_are_read_decoded():
    async with Catcher() as catcher:
        await drop(catcher)

    [mail] = catcher.caught
    assert mail.headers["Subject"] == "关于老年节活动的通知"
    assert mail.headers["To"] == "张三 <zhang@mz.test>"
    assert mail.part("plain") == "请于3月6日前报送。"
    assert mail.part("html") == "<p>请于3月6日前报送。</p>"


async def test_each_mail_becomes_a_numbered_file(tmp_path):
    async with Catcher(tmp_path / "mail") as catcher:
        await drop(catcher, times=3)

    names = [path.name for path in sorted((tmp_path / "mail").iterdir())]
    assert names == ["0001.eml", "0002.eml", "0003.eml"]
    assert (tmp_path / "mail" / "0002.eml").read_bytes() == MAIL
    assert catcher.caught[1].path == tmp_path / "mail" / "0002.eml"


async def test_numbering_goes_on_after_what_is_there(tmp_path):
    (tmp_path / "0041.eml").write_bytes(MAIL)
    (tmp_path / "12000.eml").write_bytes(MAIL)
    (tmp_path / "notes.eml").write_bytes(b"")

    async with Catcher(tmp_path) as catcher:
        await drop(catcher)

    assert [mail.path.name for mail in catcher.caught] == ["12001.eml"]


async def test_mails_of_an_earlier_run_are_read_again(tmp_path):
    async with Catcher(tmp_path) as catcher:
        await drop(catcher, times=2)

    assert read_mails(tmp_path) == catcher.caught


async def test_a_mail_that_cannot_be_kept_is_not_accepted(tmp_path):
    async with Catcher(tmp_path) as catcher:
        (tmp_path / "0001.eml").write_bytes(b"someone else's")
        [outcome, after] = await drop(catcher, times=2)

    assert (outcome.verdict, outcome.code) == (Verdict.DEFERRED, 452)
    assert after.verdict is Verdict.ACCEPTED
    assert [mail.path.name for mail in catcher.caught] == ["0002.eml"]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "8.8.8.8", "mail.example.com"])
def test_only_the_loopback_interface_is_bound(host):
    with pytest.raises(ValueError, match="回环地址"):
        Catcher(host=host)


async def test_two_catchers_have_a_port_each():
    async with Catcher() as one, Catcher() as other:
        await drop(other)

    assert one.port != other.port
    assert (len(one.caught), len(other.caught)) == (0, 1)


async def test_after_it_closes_nobody_listens():
    async with Catcher() as catcher:
        pass

    with socket.socket() as caller:
        assert caller.connect_ex((catcher.host, catcher.port)) != 0


@pytest.mark.slow
async def test_thousands_of_mails_are_kept(tmp_path):
    async with Catcher(tmp_path) as catcher:
        outcomes = await drop(catcher, times=3000)

    assert {outcome.verdict for outcome in outcomes} == {Verdict.ACCEPTED}
    assert len(catcher.caught) == len(list(tmp_path.iterdir())) == 3000
