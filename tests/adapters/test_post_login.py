"""The post and a server's encryption and login: trouble with either concerns every letter."""

import base64

import pytest

from adapters.post import Server, Step, Verdict
from tests.posting import BODY, HUGE, send
from tests.smtp_script import Act, Script, certificate

ACCEPTED, DEFERRED, FAILED, HELD, AMBIGUOUS = Verdict
LOGIN = {"user": "duban@city.test", "password": "secret-口令"}


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("tls"))


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


async def test_a_long_body_arrives_whole_over_tls(tls):
    async with Script(tls=tls[0], implicit=True) as script:
        outcome = await send(script, HUGE, tls="implicit", ca=tls[1])

    assert outcome.verdict is ACCEPTED
    assert script.mails == [HUGE.mime]


@pytest.mark.parametrize("deed", [Act.HANG, Act.DROP])
async def test_a_long_body_that_is_not_taken_is_ambiguous_over_tls_too(tls, deed):
    async with Script(tls=tls[0], implicit=True, body=deed) as script:
        outcome = await send(script, HUGE, tls="implicit", ca=tls[1])

    assert (outcome.verdict, outcome.step) == (AMBIGUOUS, Step.BODY)
