"""The doctor and a real mail server in trouble: which setting, or who, has to change."""

import asyncio
import socket
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.doctor.examine import Check, run
from app.doctor.finding import Finding, Level
from app.doctor.ground import Ground
from app.doctor.mail import mail
from app.doctor.returns import returns
from tests.dovecot import PASSWORD as PASSWORD_OF_DOVECOT
from tests.dovecot import Dovecot, program
from tests.smtp_script import Act, Script, certificate

OFFER = "250-script\r\n250-STARTTLS\r\n250-SIZE 30000000\r\n250-PIPELINING\r\n250 AUTH PLAIN"
RETURNS = Check("退信邮箱", returns)
USER, PASSWORD = "duban@city.test", "geheim"


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("tls"), ends=90)


@pytest.fixture
def settings(home: Path, monkeypatch: pytest.MonkeyPatch):
    """Write the mail settings; a password stands in the environment where there is a user."""

    def write(**mail: object) -> None:
        lines = {"mode": "smtp", "host": "127.0.0.1", **mail}
        text = "".join(f"  {key}: {value}\n" for key, value in lines.items())
        (home / "config/settings.yaml").write_text(f"mail:\n{text}", encoding="utf-8")
        if "user" in lines:
            monkeypatch.setenv("DUBAN_MAIL__PASSWORD", PASSWORD)

    return write


def ground(home: Path, patience: float = 20) -> Ground:
    return Ground(home, datetime.now(UTC), mail_patience=patience)


async def look(home: Path, patience: float = 20) -> dict[str, Finding]:
    """By subject."""
    here = ground(home, patience)
    found = await asyncio.to_thread(run, Check("邮件服务器", mail), here)
    here.close()
    return {one.subject: one for one in found}


async def test_a_good_server_is_told_line_by_line(home, settings, tls):
    async with Script(tls=tls[0], ehlo=OFFER) as script:
        settings(port=script.port, tls="starttls", user=USER, ca=tls[1])
        found = await look(home)

    assert {one.level for one in found.values()} == {Level.GOOD}
    assert list(found) == ["邮件服务器", "加密", "服务器功能", "登录"]
    assert "证书发给 127.0.0.1，由 authority 签发" in found["加密"].said
    assert "还有 89 天" in found["加密"].said
    assert "最大 30 MB，PIPELINING 有，DSN 无" in found["服务器功能"].said
    assert script.mails == []
    assert not {"MAIL", "RCPT", "DATA"} & {line.split()[0] for line in script.said}


async def test_a_certificate_that_ends_soon_is_an_attention(home, settings, tmp_path):
    context, trusted = certificate(tmp_path, ends=20)
    async with Script(tls=context, ehlo=OFFER) as script:
        settings(port=script.port, tls="starttls", user=USER, ca=trusted)
        found = await look(home)

    assert found["加密"].level is Level.ATTENTION
    assert "只剩 19 天" in found["加密"].said
    assert found["登录"].level is Level.GOOD


@pytest.mark.parametrize(
    ("deeds", "subject", "said", "remedy"),
    [
        ({"greeting": "554 no"}, "邮件服务器", "不接待我们：554 no", "放行本机的地址"),
        ({"greeting": "421 busy"}, "邮件服务器", "421 busy", "暂时的"),
        ({"greeting": Act.HANG}, "邮件服务器", "一言不发", "mail.tls 改为 implicit"),
        ({"greeting": Act.GARBAGE}, "邮件服务器", "不是邮件服务器", "mail.host 和 mail.port"),
        ({"ehlo": "550 who"}, "邮件服务器", "550 who", "mail.hostname"),
        ({"ehlo": "250 script"}, "加密", "不提供 STARTTLS", "mail.port 写 465"),
        ({"starttls": Act.HANG}, "加密", "很久没有答复", "太忙"),
        ({"auth": "535 5.7.8 no"}, "登录", f"{USER} 这个账号", "授权码"),
        ({"auth": "535 5.7.8 no"}, "登录", "535 5.7.8 no", "duban outbox release"),
        ({"auth": "454 later"}, "登录", "454 later", "暂时的"),
        ({"ehlo": "250-script\r\n250 STARTTLS"}, "登录", "登录方式", "去掉 mail.user"),
    ],
)
async def test_each_trouble_is_one_fault_with_what_to_change(
    home, settings, tls, deeds, subject, said, remedy
):
    async with Script(tls=tls[0], **{"ehlo": OFFER, **deeds}) as script:
        settings(port=script.port, tls="starttls", user=USER, ca=tls[1])
        found = await look(home, 0.3 if script.hangs else 20)

    (wrong,) = (one for one in found.values() if one.level is Level.FAULT)
    assert wrong.subject == subject == list(found)[-1]
    assert said in wrong.said
    assert remedy in wrong.remedy
    assert PASSWORD not in wrong.said + wrong.remedy.replace("DUBAN_MAIL__PASSWORD", "")


@pytest.mark.parametrize(
    ("name", "days", "said", "remedy"),
    [
        ("127.0.0.1", (-400, -3), "过期", "时钟"),
        ("127.0.0.1", (3, 400), "还没有生效", "时钟"),
        ("127.0.0.2", (-1, 400), "不是发给 127.0.0.1 的，而是发给 127.0.0.2", "mail.host 改成"),
    ],
)
async def test_a_wrong_certificate_says_what_is_wrong_with_it(
    home, settings, tmp_path, name, days, said, remedy
):
    context, trusted = certificate(tmp_path, name, begins=days[0], ends=days[1])
    async with Script(tls=context, implicit=True) as script:
        settings(port=script.port, tls="implicit", ca=trusted)
        found = await look(home)

    assert found["邮件服务器"].level is Level.GOOD
    assert found["加密"].level is Level.FAULT
    assert said in found["加密"].said
    assert remedy in found["加密"].remedy


async def test_an_authority_of_their_own_points_to_mail_ca(home, settings, tls):
    async with Script(tls=tls[0], implicit=True) as script:
        settings(port=script.port, tls="implicit")
        found = await look(home)

    assert "mail.ca" in found["加密"].remedy


async def test_a_file_of_authorities_that_is_not_there_is_no_connection(home, settings):
    settings(port=1, tls="implicit", ca="config/none.pem")

    found = await look(home)

    assert list(found) == ["加密"]
    assert "none.pem" in found["加密"].said


async def test_a_server_that_does_not_begin_with_tls_points_to_mail_tls(home, settings):
    async with Script() as script:
        settings(port=script.port, tls="implicit")
        found = await look(home)

    assert "mail.tls 改为 starttls" in found["加密"].remedy


async def test_a_closed_port_and_an_unknown_host_point_to_their_settings(home, settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings(port=port, tls="none")
    closed = await look(home)
    settings(port=port, tls="none", host="mail.invalid")
    unknown = await look(home)

    assert "拒绝连接" in closed["邮件服务器"].said
    assert "mail.port" in closed["邮件服务器"].remedy
    assert "找不到主机 mail.invalid" in unknown["邮件服务器"].said
    assert "mail.host" in unknown["邮件服务器"].remedy


async def test_without_a_user_on_a_port_for_submission_a_login_is_asked_for(home, settings):
    async with Script(ehlo="250-script\r\n250 AUTH PLAIN") as script:
        settings(port=script.port, tls="none")
        found = await look(home)

    assert found["登录"].level is Level.GOOD  # not one of those ports
    assert found["加密"].level is Level.GOOD  # it does not leave this machine


async def test_settings_that_do_not_go_together_are_told_before_connecting(home, settings):
    settings(port=25, tls="none", user=USER)

    found = await look(home)

    assert "必须加密" in found["邮件服务器"].said


async def test_a_password_file_that_is_missing_is_told(home, settings, monkeypatch):
    settings(port=25, user=USER, password_file="config/secret")
    monkeypatch.delenv("DUBAN_MAIL__PASSWORD")

    found = await look(home)

    assert "读不到邮箱密码文件" in found["邮件服务器"].said


async def test_a_hanging_server_does_not_hold_up_the_doctor(home, settings):
    async with Script(ehlo=Act.HANG) as script:
        settings(port=script.port, tls="none")
        started = time.monotonic()
        await look(home, 0.3)

    assert time.monotonic() - started < 3


async def test_in_catch_mode_it_is_said_that_nothing_leaves(home):
    found = await look(home)

    assert found["邮件服务器"].level is Level.ATTENTION
    assert "不会真正寄出" in found["邮件服务器"].said


@pytest.mark.skipif(program() is None, reason="no Dovecot here (apt install dovecot-imapd)")
async def test_the_mailbox_for_what_comes_back_is_opened_and_nothing_in_it_moves(
    home, settings, monkeypatch
):
    server = Dovecot()
    server.user("duban", b"Subject: back\r\n\r\nx\r\n")
    text = (
        f"bounces: {{source: imap, host: 127.0.0.1, port: {server.port}, user: duban, "
        f"ca: {server.authority}}}\n"
    )
    (home / "config/settings.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("DUBAN_BOUNCES__PASSWORD", PASSWORD_OF_DOVECOT)
    (found,) = await asyncio.to_thread(run, RETURNS, ground(home))
    monkeypatch.setenv("DUBAN_BOUNCES__PASSWORD", "wrong")
    (refused,) = await asyncio.to_thread(run, RETURNS, ground(home))
    left = server.holds("duban")
    server.close()

    assert found.level is Level.GOOD
    assert refused.level is Level.FAULT
    assert "DUBAN_BOUNCES__PASSWORD" in refused.remedy
    assert [seen for _, seen in left] == [False]


async def test_without_a_mailbox_for_what_comes_back_it_is_an_attention_once_mail_goes_out(
    home, settings
):
    (trying,) = run(RETURNS, ground(home))
    settings(port=25, tls="none")
    (earnest,) = run(RETURNS, ground(home))
    (home / "config/settings.yaml").write_text("bounces: {source: imap}\n", encoding="utf-8")
    (halfway,) = run(RETURNS, ground(home))

    assert [one.level for one in (trying, earnest, halfway)] == [
        Level.GOOD,
        Level.ATTENTION,
        Level.FAULT,
    ]
    assert "bounces.user" in halfway.said
