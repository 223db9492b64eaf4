"""The post against a scripted server: what each answer, drop, silence and nonsense comes to."""

import asyncio
import base64
import socket

import pytest

from adapters.catcher import Catcher
from adapters.outcome import clean
from adapters.post import Outcome, Parcel, Post, Server, Step, Timeouts, Verdict
from tests.smtp_script import USUAL, Act, Script, certificate

BODY = b"Subject: x\r\n\r\n.leading dot\r\n..two\r\n\r\nlast line\r\n"
PARCEL = Parcel("duban@city.test", "zhang@mz.test", BODY)
HUGE = Parcel("duban@city.test", "zhang@mz.test", b"0123456789abcde\r\n" * 1_500_000)
QUICK = Timeouts(connect=5, reply=0.25, block=0.25, dot=0.25, farewell=0.1)
PATIENT = Timeouts(connect=20, reply=20, block=20, dot=20, farewell=20)
LOGIN = {"user": "duban@city.test", "password": "secret-口令"}

ACCEPTED, DEFERRED, FAILED, HELD, AMBIGUOUS = Verdict
SERVER_WIDE = True


class Began:
    """Counts how often a body was announced."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self) -> None:
        self.times += 1


def post_to(script: Script, **settings) -> Post:
    patience = QUICK if script.hangs else PATIENT
    settings = {"tls": "none", "timeouts": patience, **settings}
    return Post(Server("127.0.0.1", script.port, **settings))


async def send(script: Script, parcel: Parcel = PARCEL, **settings) -> Outcome:
    async with post_to(script, **settings) as post:
        return await post.send(parcel, began=Began())


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("tls"))


# --- the Reactions table: plain connections ---


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


# --- encryption and login ---


@pytest.mark.parametrize(
    ("deeds", "verdict", "stopped_at", "code"),
    [
        ({"ehlo": "250-script\r\n250 AUTH PLAIN"}, HELD, Step.STARTTLS, None),
        ({"starttls": "454 not now"}, DEFERRED, Step.STARTTLS, 454),
        ({"starttls": "502 no"}, HELD, Step.STARTTLS, 502),
        ({"starttls": Act.DROP}, DEFERRED, Step.STARTTLS, None),
        ({"starttls": Act.HANG}, DEFERRED, Step.STARTTLS, None),
        ({"starttls": Act.GARBAGE}, DEFERRED, Step.STARTTLS, None),
        ({"auth": "535 wrong password"}, HELD, Step.AUTH, 535),
        ({"auth": "454 not now"}, DEFERRED, Step.AUTH, 454),
        ({"auth": "421 too busy"}, DEFERRED, Step.AUTH, 421),
        ({"auth": "504 unknown mechanism"}, HELD, Step.AUTH, 504),
        ({"auth": Act.DROP}, DEFERRED, Step.AUTH, None),
        ({"auth": Act.HANG}, DEFERRED, Step.AUTH, None),
        ({"auth": Act.GARBAGE}, DEFERRED, Step.AUTH, None),
        ({"ehlo": "250-script\r\n250 STARTTLS"}, HELD, Step.AUTH, None),
        ({"ehlo": "250-script\r\n250-STARTTLS\r\n250 AUTH XOAUTH2"}, HELD, Step.AUTH, None),
        ({}, ACCEPTED, Step.DOT, 250),
    ],
)
async def test_trouble_with_encryption_or_login_concerns_the_whole_server(
    tls, deeds, verdict, stopped_at, code
):
    offer = {"ehlo": "250-script\r\n250-STARTTLS\r\n250 AUTH PLAIN"}
    async with Script(tls=tls[0], **{**offer, **deeds}) as script:
        outcome = await send(script, tls="starttls", ca=tls[1], **LOGIN)

    assert (outcome.verdict, outcome.step, outcome.code) == (verdict, stopped_at, code)
    assert outcome.server_wide is (verdict is not ACCEPTED)


@pytest.mark.parametrize("kind", ["starttls", "implicit"])
async def test_a_certificate_that_nobody_vouches_for_holds_the_queue(tls, kind):
    deeds = {"ehlo": "250-script\r\n250 STARTTLS"}
    async with Script(tls=tls[0], implicit=kind == "implicit", **deeds) as script:
        outcome = await send(script, tls=kind)

    assert outcome.verdict is HELD
    assert outcome.server_wide
    assert "证书不可信" in outcome.reply


async def test_a_certificate_for_another_name_holds_the_queue(tmp_path):
    context, trusted = certificate(tmp_path, "127.0.0.2")
    async with Script(tls=context, implicit=True) as script:
        outcome = await send(script, tls="implicit", ca=trusted)

    assert outcome.verdict is HELD


async def test_a_certificate_file_that_is_missing_holds_the_queue(tmp_path):
    async with Script() as script:
        outcome = await send(script, tls="implicit", ca=tmp_path / "none.pem")

    assert outcome.verdict is HELD


async def test_implicit_tls_delivers(tls):
    deeds = {"ehlo": "250-script\r\n250 AUTH PLAIN"}
    async with Script(tls=tls[0], implicit=True, **deeds) as script:
        outcome = await send(script, tls="implicit", ca=tls[1], **LOGIN)

    assert outcome.verdict is ACCEPTED
    assert script.mails == [BODY]


@pytest.mark.parametrize(
    ("offered", "said"),
    [
        ("XOAUTH2 LOGIN PLAIN", "AUTH PLAIN"),
        ("CRAM-MD5 LOGIN", "AUTH LOGIN"),
        ("CRAM-MD5", "AUTH CRAM-MD5"),
    ],
)
async def test_one_login_mechanism_is_tried_and_no_other(tls, offered, said):
    deeds = {"ehlo": f"250-script\r\n250 AUTH {offered}", "auth": "535 wrong password"}
    async with Script(tls=tls[0], implicit=True, **deeds) as script:
        await send(script, tls="implicit", ca=tls[1], **LOGIN)

    logins = [line for line in script.said if line.startswith("AUTH")]
    assert len(logins) == 1
    assert logins[0].startswith(said)


@pytest.mark.parametrize(
    ("offered", "challenge"),
    [("LOGIN", "334 UGFzc3dvcmQ6"), ("CRAM-MD5", "334 PDEyMzQ1QHNjcmlwdD4=")],
)
async def test_a_login_in_two_steps_succeeds(tls, offered, challenge):
    deeds = {"ehlo": f"250-script\r\n250 AUTH {offered}", "auth": [challenge, "235 welcome"]}
    async with Script(tls=tls[0], implicit=True, **deeds) as script:
        outcome = await send(script, tls="implicit", ca=tls[1], **LOGIN)

    assert outcome.verdict is ACCEPTED


async def test_nothing_but_ehlo_and_starttls_is_said_in_clear(tls):
    deeds = {"ehlo": "250-script\r\n250 AUTH PLAIN"}
    async with Script(tls=tls[0], **deeds) as script:
        await send(script, tls="starttls", ca=tls[1], **LOGIN)

    assert [line.split()[0] for line in script.said] == ["EHLO"]


@pytest.mark.parametrize(
    "form",
    [
        "secret-口令",
        base64.b64encode("secret-口令".encode()).decode(),
        base64.b64encode("\0duban@city.test\0secret-口令".encode()).decode(),
    ],
)
async def test_a_reply_that_repeats_the_password_is_told_without_it(tls, form):
    deeds = {"ehlo": "250-script\r\n250 AUTH PLAIN", "auth": f"535 wrong: {form} !"}
    async with Script(tls=tls[0], implicit=True, **deeds) as script:
        outcome = await send(script, tls="implicit", ca=tls[1], **LOGIN)

    assert outcome.reply == "wrong: *** !"


@pytest.mark.parametrize(
    "mixture",
    [
        {"tls": "none", **LOGIN},
        {"tls": "starttls", "user": "a"},
        {"tls": "starttls", "password": "a"},
        {"tls": "ssl"},
        {"hostname": "a b"},
    ],
)
def test_an_unsafe_mixture_of_settings_is_refused(mixture):
    with pytest.raises(ValueError, match=r"[\u4e00-\u9fff]"):
        Server("127.0.0.1", 25, **mixture)


def test_the_password_is_not_shown():
    server = Server("127.0.0.1", 25, **LOGIN)

    assert "口令" not in repr(server)


# --- the body, and the moment before it ---


async def test_began_is_awaited_before_any_byte_of_the_body():
    async with Script() as script, post_to(script) as post:
        seen = []

        async def began() -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", script.port)
            seen.append((await reader.readline(), script.said[-1], script.body))
            writer.close()

        outcome = await post.send(PARCEL, began=began)

    assert seen == [(b"220 script\r\n", "DATA", 0)]
    assert outcome.verdict is ACCEPTED


async def test_when_began_fails_nothing_is_sent_and_the_line_is_cut():
    async def began() -> None:
        raise RuntimeError("the disk is full")

    async with Script() as script, post_to(script) as post:
        outcome = await post.send(PARCEL, began=began)
        await script.idle()

    assert (outcome.verdict, outcome.step, outcome.server_wide) == (DEFERRED, Step.DATA, False)
    assert "the disk is full" in outcome.reply
    assert (script.body, script.ended) == (0, {"cut": 1})


async def test_a_line_that_is_lost_while_began_runs_is_no_duplicate():
    async with Script(data=["354 go ahead\r\n"]) as script, post_to(script) as post:

        async def began() -> None:
            post.abort()

        outcome = await post.send(PARCEL, began=began)

    assert (outcome.verdict, script.body) == (DEFERRED, 0)


async def test_the_body_arrives_byte_for_byte():
    async with Script() as script:
        await send(script)
        await send(script, Parcel("a@b.test", "c@d.test", b".\r\n.\r\n..\r\n"))
        await send(script, HUGE)

    assert script.mails == [BODY, b".\r\n.\r\n..\r\n", HUGE.mime]


async def test_a_real_server_gets_the_same_bytes():
    async with Catcher() as catcher, Post(Server(catcher.host, catcher.port, tls="none")) as post:
        outcome = await post.send(PARCEL, began=Began())

    assert outcome.verdict is ACCEPTED
    assert [mail.mime for mail in catcher.caught] == [BODY]


@pytest.mark.parametrize(
    "mime",
    [b"no end", b"a\n", b"a\rb\r\n", b"a\n.\r\nMAIL FROM:<x@y.test>\r\n", "中\r\n".encode()],
)
async def test_bytes_that_a_server_could_misread_are_never_sent(mime):
    async with Script() as script:
        outcome = await send(script, Parcel(PARCEL.sender, PARCEL.recipient, mime))

    assert (outcome.verdict, outcome.step, script.connections) == (FAILED, Step.DATA, 0)


@pytest.mark.parametrize("address", ["张三@mz.test", "a b@c.test", "a@b.test>\r\nDATA", "a", ""])
async def test_an_address_that_is_none_fails_and_leaves_no_letter_open(address):
    async with Script() as script, post_to(script) as post:
        outcome = await post.send(Parcel(PARCEL.sender, address, BODY), began=Began())
        after = await post.send(PARCEL, began=Began())

    assert (outcome.verdict, outcome.step) == (FAILED, Step.RCPT)
    assert after.verdict is ACCEPTED


async def test_a_mail_over_the_servers_limit_is_not_offered():
    async with Script(ehlo="250-script\r\n250 SIZE 20") as script:
        outcome = await send(script)

    assert (outcome.verdict, outcome.code) == (FAILED, None)
    assert [line.split()[0] for line in script.said] == ["EHLO", "QUIT"]


@pytest.mark.parametrize("size", ["SIZE", "SIZE 0", "SIZE 99999", "SIZE many"])
async def test_a_limit_that_is_none_or_large_enough_does_not_stop_the_mail(size):
    async with Script(ehlo=f"250-script\r\n250 {size}") as script:
        outcome = await send(script)

    assert outcome.verdict is ACCEPTED
    assert f"SIZE={len(BODY)}" in script.said[1]


# --- one connection for many letters ---


async def test_one_connection_serves_letter_after_letter():
    async with Script() as script:
        async with post_to(script) as post:
            for _ in range(5):
                await post.send(PARCEL, began=Began())
        await script.idle()

    assert (script.connections, len(script.mails)) == (1, 5)
    assert "RSET" not in script.said
    assert script.ended == {"quit": 1}


async def test_after_so_many_letters_a_new_connection_is_made():
    async with Script() as script, post_to(script, messages=2) as post:
        for _ in range(5):
            await post.send(PARCEL, began=Began())

    assert (script.connections, len(script.mails)) == (3, 5)


@pytest.mark.parametrize("refusal", [{"rcpt": "550 no"}, {"data": "554 no"}, {"mail": "452 no"}])
async def test_after_a_refusal_the_connection_is_reset_and_kept(refusal):
    deeds = {
        step: [reply, "354 go" if step == "data" else "250 ok"] for step, reply in refusal.items()
    }
    async with Script(**deeds) as script, post_to(script) as post:
        await post.send(PARCEL, began=Began())
        after = await post.send(PARCEL, began=Began())

    assert after.verdict is ACCEPTED
    assert (script.connections, script.said.count("RSET")) == (1, 1)


@pytest.mark.parametrize("deed", [Act.HANG, Act.DROP, Act.GARBAGE, "421 bye", "500 what?"])
async def test_a_reset_that_goes_wrong_costs_only_the_connection(deed):
    async with (
        Script(rcpt=["550 no such user", "250 ok"], rset=deed) as script,
        post_to(script) as post,
    ):
        refused = await post.send(PARCEL, began=Began())
        after = await post.send(PARCEL, began=Began())

    assert (refused.code, after.verdict) == (550, ACCEPTED)
    assert script.connections == 2


@pytest.mark.parametrize("step", ["mail", "rcpt", "data", "dot"])
@pytest.mark.parametrize("deed", [Act.HANG, Act.GARBAGE, "421 bye"])
async def test_after_an_error_the_connection_is_cut_and_not_used_again(step, deed):
    usual = "354 go" if step == "data" else "250 ok"
    async with Script(**{step: [deed, usual]}) as script, post_to(script) as post:
        await post.send(PARCEL, began=Began())
        after = await post.send(PARCEL, began=Began())

    assert after.verdict is ACCEPTED
    assert script.connections == 2
    assert "RSET" not in script.said


async def test_a_connection_that_died_while_idle_costs_nothing():
    async with Script(mail=["250 ok", Act.DROP, "250 ok"]) as script, post_to(script) as post:
        await post.send(PARCEL, began=Began())
        after = await post.send(PARCEL, began=Began())

    assert after.verdict is ACCEPTED
    assert script.connections == 2


async def test_a_quit_that_hangs_holds_nobody():
    async with Script(quit=Act.HANG) as script:
        outcome = await send(script)

    assert outcome.verdict is ACCEPTED


@pytest.mark.parametrize("step", ["ehlo", "mail", "data", "dot"])
async def test_a_cancelled_letter_cuts_the_connection(step):
    began = Began()
    async with (
        Script(**{step: [Act.HANG, USUAL[step]]}) as script,
        post_to(script, timeouts=PATIENT) as post,
    ):
        letter = asyncio.create_task(post.send(PARCEL, began=began))
        await script.reached(step)
        letter.cancel()
        await asyncio.wait([letter])
        after = await post.send(PARCEL, began=began)

    assert letter.cancelled()
    assert after.verdict is ACCEPTED
    assert script.connections == 2
    assert began.times == (2 if step == "dot" else 1)


async def test_letters_sent_at_once_wait_for_each_other():
    async with Script() as script, post_to(script) as post:
        outcomes = await asyncio.gather(*(post.send(PARCEL, began=Began()) for _ in range(4)))

    assert {outcome.verdict for outcome in outcomes} == {ACCEPTED}
    assert (script.connections, script.mails) == (1, [BODY] * 4)


# --- words ---


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
