"""The post and its letters: the moment before the body, the bytes, and the line they share."""

import asyncio

import pytest

from adapters.catcher import Catcher
from adapters.post import Parcel, Post, Server, Step, Verdict
from tests.posting import BODY, HUGE, PARCEL, PATIENT, Began, post_to, send
from tests.smtp_script import USUAL, Act, Script

ACCEPTED, DEFERRED, FAILED, HELD, AMBIGUOUS = Verdict


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


@pytest.mark.parametrize("deed", [Act.HANG, Act.DROP, Act.GARBAGE, "451 no", "500 what?"])
async def test_a_reset_that_goes_wrong_costs_only_the_connection(deed):
    async with (
        Script(rcpt=["550 no such user", "250 ok"], rset=deed) as script,
        post_to(script) as post,
    ):
        refused = await post.send(PARCEL, began=Began())
        after = await post.send(PARCEL, began=Began())

    assert (refused.code, after.verdict) == (550, ACCEPTED)
    assert script.connections == 2


async def test_a_reset_answered_by_421_leaves_the_server_alone():
    async with (
        Script(rcpt=["550 no such user", "250 ok"], rset="421 bye") as script,
        post_to(script) as post,
    ):
        await post.send(PARCEL, began=Began())
        after = await post.send(PARCEL, began=Began())

    assert (after.verdict, after.server_wide, after.code) == (DEFERRED, True, 421)
    assert script.connections == 1


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
