"""The post against a scripted server: what each answer, drop, silence and nonsense comes to."""

import socket

import pytest

from adapters.outcome import clean
from adapters.post import Post, Server, Step, Timeouts, Verdict
from tests.posting import HUGE, PARCEL, PATIENT, Began, post_to, send
from tests.smtp_script import Act, Script

ACCEPTED, DEFERRED, FAILED, HELD, AMBIGUOUS = Verdict


@pytest.mark.parametrize(
    ("step", "deed", "verdict", "stopped_at", "code", "wide"),
    [
        ("greeting", "421 too busy", DEFERRED, Step.CONNECT, 421, True),
        ("greeting", "451 not now", DEFERRED, Step.CONNECT, 451, True),
        ("greeting", "554 your address is blocked", HELD, Step.CONNECT, 554, True),
        ("greeting", Act.DROP, DEFERRED, Step.CONNECT, None, True),
        ("greeting", Act.HANG, DEFERRED, Step.CONNECT, None, True),
        ("greeting", Act.GARBAGE, DEFERRED, Step.CONNECT, None, True),
        ("ehlo", "421 too busy", DEFERRED, Step.EHLO, 421, True),
        ("ehlo", "450 not now", DEFERRED, Step.EHLO, 450, True),
        ("ehlo", "550 bad name", HELD, Step.EHLO, 550, True),
        ("ehlo", Act.DROP, DEFERRED, Step.EHLO, None, True),
        ("ehlo", Act.HANG, DEFERRED, Step.EHLO, None, True),
        ("ehlo", Act.GARBAGE, DEFERRED, Step.EHLO, None, True),
        ("mail", "421 too busy", DEFERRED, Step.MAIL, 421, True),
        ("mail", "451 not now", DEFERRED, Step.MAIL, 451, False),
        ("mail", "530 log in first", HELD, Step.MAIL, 530, True),
        ("mail", "553 not your address", HELD, Step.MAIL, 553, True),
        ("mail", "552 too big", FAILED, Step.MAIL, 552, False),
        ("mail", Act.DROP, DEFERRED, Step.MAIL, None, False),
        ("mail", Act.HANG, DEFERRED, Step.MAIL, None, False),
        ("mail", Act.GARBAGE, DEFERRED, Step.MAIL, None, False),
        ("mail", "354 what?", DEFERRED, Step.MAIL, None, False),
        ("rcpt", "421 too busy", DEFERRED, Step.RCPT, 421, True),
        ("rcpt", "450 greylisted", DEFERRED, Step.RCPT, 450, False),
        ("rcpt", "550 no such user", FAILED, Step.RCPT, 550, False),
        ("rcpt", "250 ok\r\n250 ok", DEFERRED, Step.RCPT, None, False),
        ("rcpt", Act.DROP, DEFERRED, Step.RCPT, None, False),
        ("rcpt", Act.HANG, DEFERRED, Step.RCPT, None, False),
        ("rcpt", Act.GARBAGE, DEFERRED, Step.RCPT, None, False),
        ("data", "421 too busy", DEFERRED, Step.DATA, 421, True),
        ("data", "451 not now", DEFERRED, Step.DATA, 451, False),
        ("data", "554 refused", FAILED, Step.DATA, 554, False),
        ("data", "250 what?", DEFERRED, Step.DATA, None, False),
        ("data", "334 what?", DEFERRED, Step.DATA, None, False),
        ("data", Act.DROP, DEFERRED, Step.DATA, None, False),
        ("data", Act.HANG, DEFERRED, Step.DATA, None, False),
        ("data", Act.GARBAGE, DEFERRED, Step.DATA, None, False),
        ("dot", "250 taken", ACCEPTED, Step.DOT, 250, False),
        ("dot", "251 taken", ACCEPTED, Step.DOT, 251, False),
        ("dot", "299 taken", ACCEPTED, Step.DOT, 299, False),
        ("dot", "250 taken\r\n421 bye", ACCEPTED, Step.DOT, 250, False),
        ("dot", "421 too busy", DEFERRED, Step.DOT, 421, True),
        ("dot", "451 not now", DEFERRED, Step.DOT, 451, False),
        ("dot", "554 spam", FAILED, Step.DOT, 554, False),
        ("dot", "354 what?", AMBIGUOUS, Step.DOT, None, False),
        ("dot", Act.DROP, AMBIGUOUS, Step.DOT, None, False),
        ("dot", Act.HANG, AMBIGUOUS, Step.DOT, None, False),
        ("dot", Act.GARBAGE, AMBIGUOUS, Step.DOT, None, False),
        ("body", Act.DROP, AMBIGUOUS, Step.DOT, None, False),
    ],
)
async def test_each_fault_at_each_step_has_its_verdict(step, deed, verdict, stopped_at, code, wide):
    async with Script(**{step: deed}) as script:
        outcome = await send(script)

    assert outcome.verdict is verdict
    assert (outcome.step, outcome.code, outcome.server_wide) == (stopped_at, code, wide)
    assert outcome.reply


@pytest.mark.parametrize(
    ("deed", "verdict", "code"),
    [
        (Act.DROP, AMBIGUOUS, None),
        (Act.HANG, AMBIGUOUS, None),
        (Act.GARBAGE, AMBIGUOUS, None),
        ("250 taken, though it has not ended", AMBIGUOUS, None),
        ("421 shutting down", DEFERRED, 421),
        ("552 too much", FAILED, 552),
    ],
)
async def test_a_fault_in_the_middle_of_a_long_body_has_its_verdict(deed, verdict, code):
    async with Script(body=deed) as script:
        outcome = await send(script, HUGE)

    assert (outcome.verdict, outcome.step, outcome.code) == (verdict, Step.BODY, code)


@pytest.mark.parametrize("step", ["greeting", "ehlo", "mail", "rcpt", "data"])
async def test_nothing_before_354_announces_a_body(step):
    began = Began()
    async with Script(**{step: Act.DROP}) as script, post_to(script) as post:
        await post.send(PARCEL, began=began)

    assert began.times == 0


async def test_a_server_that_is_not_there_defers_everything():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    async with Post(Server("127.0.0.1", port, tls="none", timeouts=PATIENT)) as post:
        outcome = await post.send(PARCEL, began=Began())

    assert (outcome.verdict, outcome.step, outcome.server_wide) == (DEFERRED, Step.CONNECT, True)
    assert outcome.reply == "服务器拒绝连接"


async def test_a_name_that_does_not_exist_defers_everything():
    async with Post(Server("nowhere.invalid", 25, tls="none", timeouts=PATIENT)) as post:
        outcome = await post.send(PARCEL, began=Began())

    assert (outcome.verdict, outcome.step, outcome.server_wide) == (DEFERRED, Step.CONNECT, True)


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ("550-5.1.1 no such user\r\n550 here", "5.1.1 no such user here"),
        ("550 \x07bell\tand\x1b[31mred", "bell and [31mred"),
        ("550 " + "x" * 4000, "x" * 500),
        ("550 用户不存在", "用户不存在"),
    ],
)
async def test_a_reply_is_told_in_one_clean_line(reply, told):
    async with Script(rcpt=reply) as script:
        outcome = await send(script)

    assert outcome.reply == told


def test_a_reply_in_gb18030_is_read():
    reply = "用户不存在".encode("gb18030").decode("utf-8", "surrogateescape")

    assert clean(reply) == "用户不存在"


def test_the_longest_sending_fits_a_lease_of_half_an_hour():
    assert Timeouts().longest(60_000) < 1800
