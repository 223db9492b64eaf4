"""Reports in a server's own words, and mails that only look like one."""

import pytest

from adapters.bounces.reading import read
from duban.bounce import Automatic, Bounce, Fate, Foreign, Personal, Report
from tests.bouncing import OURS, SENDER, ZHANG, letter_head, mail

COPY = letter_head()
REFUSED = (
    f"host mx.shui.cq.example said: 550 Mailbox not found <{ZHANG}> (in reply to RCPT TO command)"
)


def with_copy(html: bytes, kind: str = "text/html; charset=gbk", **headers: str) -> bytes:
    body = (
        b'--=_b\nContent-Type: ' + kind.encode() + b"\n\n" + html
        + b"\n--=_b\nContent-Type: message/rfc822\n\n" + COPY.encode() + b"\ntext\n--=_b--\n"
    )  # fmt: skip
    return mail(body, **{"Content_Type": 'multipart/mixed; boundary="=_b"', **headers})


QQ = with_copy(
    f"<style>p {{ }}</style><p>很抱歉，您发送到 {ZHANG} 的邮件被退回。</p>"
    f"<p>退信原因：{REFUSED.replace('<', '&lt;').replace('>', '&gt;')}<br>建议：请核对地址后重试</p>".encode(
        "gbk"
    ),
    From="PostMaster@qq.com",
    Subject="=?gb18030?B?z7XNs83L0MU=?=",
)
NETEASE = mail(
    f"抱歉，您的邮件被退回来了……\n\n收件人：{ZHANG}\n退信原因：550 User not found: {ZHANG}\n"
    f"原邮件信息\n主题：通知\n{COPY}",
    charset="gb18030",
    From="Postmaster@163.com",
    Subject="系统退信",
)
EXMAIL = with_copy(
    f"以下收件人的邮件无法投递：{ZHANG}\n原因：对方邮箱已满 (552 5.2.2)".encode("gb18030"),
    kind="text/plain; charset=iso-8859-1",
    From="系统管理员 <sysadmin@exmail.example>",
    Subject="退信通知",
)
ALIYUN = with_copy(
    f"您的邮件投递失败。失败收件人: {ZHANG} 该用户不存在".encode(),
    kind="text/plain; charset=utf-8",
    From="postmaster@aliyun.example",
    Subject="投递失败通知",
)
EXCHANGE = with_copy(
    f"<p>未能向以下收件人或组传递邮件:</p><p>{ZHANG}</p>".encode()
    + b"<p>#550 5.1.10 RESOLVER.ADR.RecipientNotFound ##</p>",
    kind="text/html; charset=utf-8",
    From="Microsoft Outlook <MicrosoftExchange329e@cq.example>",
    Subject="未送达: 通知",
)
QMAIL = mail(
    "Hi. This is the qmail-send program at mx.cq.example.\n"
    "I'm afraid I wasn't able to deliver your message to the following addresses.\n"
    f"This is a permanent error; I've given up. Sorry it didn't work out.\n\n<{ZHANG}>:\n"
    "Sorry, no mailbox here by that name. (#5.1.1)\n\n"
    f"--- Below this line is a copy of the message.\n\nReturn-Path: <{SENDER}>\n{COPY}\n",
    From="MAILER-DAEMON@mx.cq.example",
    Subject="failure notice",
)
EXIM = mail(
    "This message was created automatically by mail delivery software.\n\n"
    "A message that you sent could not be delivered to one or more of its\nrecipients.\n\n"
    f"  {ZHANG}\n    SMTP error from remote mail server: 550 5.1.1 unknown\n\n"
    f"------ This is a copy of your message, including all the headers. ------\n\n{COPY}\n",
    From="Mail Delivery System <Mailer-Daemon@mx.cq.example>",
    Subject="Mail delivery failed: returning message to sender",
    Auto_Submitted="auto-replied",
    X_Failed_Recipients=ZHANG,
)
EXIM_WAITS = EXIM.replace(
    b"Mail delivery failed: returning message to sender", b"Warning: message delayed 24 hours"
)
QUIET = mail(
    f"邮件暂时无法投递到 {ZHANG}，系统将继续尝试。\n\n原始邮件：\n{COPY}",
    From="postmaster@cq.example",
    Subject="邮件系统通知",
)


@pytest.mark.parametrize(
    ("raw", "fate", "status", "words"),
    [
        (QQ, Fate.FAILED, "5.0.0", "550 Mailbox not found"),
        (NETEASE, Fate.FAILED, "5.0.0", "550 User not found"),
        (EXMAIL, Fate.FAILED, "5.2.2", "对方邮箱已满"),
        (ALIYUN, Fate.FAILED, "5.0.0", "该用户不存在"),
        (EXCHANGE, Fate.FAILED, "5.1.10", "RESOLVER.ADR.RecipientNotFound"),
        (QMAIL, Fate.FAILED, "5.1.1", "no mailbox here by that name"),
        (EXIM, Fate.FAILED, "5.1.1", "SMTP error from remote mail server"),
        (EXIM_WAITS, Fate.DELAYED, "5.1.1", "SMTP error"),
        (QUIET, Fate.DELAYED, "4.0.0", ""),
    ],
    ids=["qq", "netease", "exmail", "aliyun", "exchange", "qmail", "exim", "exim-waits", "quiet"],
)
def test_a_servers_own_words_are_understood(raw, fate, status, words):
    found = read(raw)

    assert isinstance(found, Report), found
    (bounce,) = found.bounces
    assert (found.message_id, bounce.fate, bounce.status) == (OURS, fate, status)
    assert ZHANG in bounce.recipients
    assert words in bounce.diagnostic


def test_the_address_in_the_returned_letter_is_nobodys_fate():
    """It names the recipient whatever became of it, so that it proves nothing."""
    raw = QMAIL.replace(f"\n<{ZHANG}>:".encode(), b"\n<somebody@else.example>:")

    (bounce,) = read(raw).bounces

    assert ZHANG not in bounce.recipients


@pytest.mark.parametrize(
    "raw",
    [
        QMAIL.replace(b"Message-ID", b"X-Id"),
        mail("Undelivered", Subject="failure notice", Return_Path="<>"),
        mail("550 5.1.1 no " + ZHANG, From="Mailer-Daemon@x.example"),
        mail("550 5.1.1 no " + ZHANG, From="postmaster@x.example", Auto_Submitted="auto-replied"),
        mail(f"Your mail to {ZHANG} is here\n{COPY}", From="postmaster@x.example"),
        mail(
            "--=b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n--=b--\n",
            Content_Type='multipart/report; report-type=feedback-report; boundary="=b"',
        ),
    ],
    ids=[
        "no id",
        "no words",
        "no copy",
        "no copy, automatic",
        "no failure",
        "complaint",
    ],
)
def test_what_looks_like_a_report_and_cannot_be_matched_is_foreign(raw):
    assert isinstance(read(raw), Foreign)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "Auto-Replied (vacation)"},
        {"X_Autoreply": "yes"},
        {"X_Autorespond": "x"},
        {"Precedence": "auto_reply"},
        {"Subject": "自动回复: 通知"},
        {"Subject": "自动答复：通知"},
        {"Subject": "=?gb18030?B?19S2r7vYuLQ6zajWqg==?="},
        {"Subject": "Automatic reply: x"},
        {"Subject": "Auto-Reply x"},
        {"Subject": "Out of Office: x"},
        {"Subject": "休假通知"},
        {"Subject": "已读: 通知"},
        {"Subject": "[Auto Response] x"},
        {"Subject": "Please confirm your message"},
        {"X_TMDA_Fingerprint": "x"},
        {
            "Content_Type": "multipart/report; report-type=disposition-notification; boundary=b",
            "Subject": "x",
        },
    ],
    ids=lambda headers: "-".join(headers.values())[:30],
)
@pytest.mark.parametrize("path", [f"<{ZHANG}>", "<>"])
def test_automatic_answers_are_ignored_even_when_they_quote_the_letter(headers, path):
    quoted = f"我出差了，550 5.1.1 无法投递 {ZHANG}\n> {COPY}"

    found = read(mail(quoted, Return_Path=path, In_Reply_To=OURS, **headers))

    assert isinstance(found, Automatic), found


@pytest.mark.parametrize(
    "raw",
    [
        mail("收到。", In_Reply_To=OURS, Subject="回复：通知"),
        mail(f"对不起，550 5.1.1 {ZHANG} 不存在\n> {COPY}", In_Reply_To=OURS),
        with_copy(b"see attached", kind="text/plain", Subject="Fwd: x"),
        mail(f"550 5.1.1 {ZHANG}\n> {COPY}", Subject="回复：系统退信怎么办", In_Reply_To=OURS),
        mail(f"{ZHANG}\n{COPY}", Subject="Undelivered mail?", Return_Path=f"<{ZHANG}>"),
        mail("x", Return_Path="<>", Subject="会议邀请"),
        mail("x", Auto_Submitted="no"),
        mail("x", Auto_Submitted="auto-generated", Return_Path="<>"),
        mail("x", List_Id="<news.example>", Precedence="bulk"),
        mail("x", X_Duban_Letter="chongqing/2026-03-02/x", Auto_Submitted="auto-generated"),
        mail("", Subject=""),
        b"",
        b"no header at all",
    ],
    ids=[
        *("reply", "quoting", "forwarding", "about it", "asking", "invitation", "says no"),
        *("notice", "list", "ours", "empty", "nothing", "no header"),
    ],
)
def test_peoples_own_mail_is_left_alone(raw):
    assert read(raw) == Personal()


def test_postfix_marks_its_reports_as_automatic_and_they_are_reports_all_the_same():
    assert b"auto-replied" in EXIM
    assert isinstance(read(EXIM), Report)


def test_a_bounce_without_words_still_has_a_status():
    assert read(ALIYUN).bounces == (
        Bounce(
            Fate.FAILED, (ZHANG,), "5.0.0", f"您的邮件投递失败。失败收件人: {ZHANG} 该用户不存在"
        ),
    )
