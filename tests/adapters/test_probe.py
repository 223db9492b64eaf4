"""The look at a mail server: what it offers, or exactly what is wrong."""

import asyncio
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta

import pytest

from adapters.outcome import Step
from adapters.probe import Cause, Probe, probe
from adapters.server import Server
from tests.smtp_script import Act, Script, certificate

LOGIN = {"user": "duban@city.test", "password": "secret-口令"}
OFFER = "250-script\r\n250-STARTTLS\r\n250-SIZE 30000000\r\n250-PIPELINING\r\n250 AUTH PLAIN"


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("tls"), ends=90)


async def look(script: Script, host: str = "127.0.0.1", **settings) -> Probe:
    return await probe(Server(host, script.port, **settings), 0.3 if script.hangs else 20)


async def test_a_good_server_is_seen_whole_and_gets_no_mail(tls):
    async with Script(tls=tls[0], ehlo=OFFER) as script:
        seen = await look(script, tls="starttls", ca=tls[1], **LOGIN)
        await script.idle()

    assert (seen.cause, seen.step) == (None, Step.AUTH)
    assert seen.offers["size"] == "30000000"
    assert "pipelining" in seen.offers
    assert seen.logins == ("plain",)
    assert seen.protocol.startswith("TLSv1.")
    assert seen.certificate.names == ("127.0.0.1",)
    assert seen.certificate.issuer == "authority"
    assert seen.certificate.ends - datetime.now(UTC) > timedelta(days=89)
    assert [line.split()[0] for line in script.said] == ["EHLO", "STARTTLS", "EHLO", "AUTH", "QUIT"]


@pytest.mark.parametrize(
    ("deeds", "cause", "step", "code"),
    [
        ({"greeting": "554 go away"}, Cause.ANSWERED, Step.CONNECT, 554),
        ({"greeting": "421 busy"}, Cause.ANSWERED, Step.CONNECT, 421),
        ({"greeting": Act.HANG}, Cause.MUTE, Step.CONNECT, None),
        ({"greeting": Act.DROP}, Cause.LOST, Step.CONNECT, None),
        ({"greeting": Act.GARBAGE}, Cause.NOT_SMTP, Step.CONNECT, None),
        ({"ehlo": "550 who are you"}, Cause.ANSWERED, Step.EHLO, 550),
        ({"ehlo": Act.HANG}, Cause.SLOW, Step.EHLO, None),
        ({"ehlo": "250-script\r\n250 AUTH PLAIN"}, Cause.NO_STARTTLS, Step.STARTTLS, None),
        ({"starttls": "454 not now"}, Cause.ANSWERED, Step.STARTTLS, 454),
        ({"starttls": Act.HANG}, Cause.SLOW, Step.STARTTLS, None),
        ({"auth": "535 wrong"}, Cause.WRONG_LOGIN, Step.AUTH, 535),
        ({"auth": "534 too weak"}, Cause.WRONG_LOGIN, Step.AUTH, 534),
        ({"auth": "454 not now"}, Cause.ANSWERED, Step.AUTH, 454),
        ({"auth": Act.DROP}, Cause.LOST, Step.AUTH, None),
        ({"auth": Act.HANG}, Cause.SLOW, Step.AUTH, None),
        ({"ehlo": "250-script\r\n250 STARTTLS"}, Cause.NO_MECHANISM, Step.AUTH, None),
    ],
)
async def test_each_trouble_has_its_cause_and_its_step(tls, deeds, cause, step, code):
    async with Script(tls=tls[0], **{"ehlo": OFFER, **deeds}) as script:
        seen = await look(script, tls="starttls", ca=tls[1], **LOGIN)

    assert (seen.cause, seen.step, seen.code) == (cause, step, code)


@pytest.mark.parametrize("kind", ["starttls", "implicit"])
@pytest.mark.parametrize(
    ("name", "days", "cause"),
    [
        ("127.0.0.1", (-400, -3), Cause.EXPIRED),
        ("127.0.0.1", (2, 400), Cause.NOT_YET),
        ("127.0.0.2", (-400, 300), Cause.WRONG_NAME),
    ],
)
async def test_a_certificate_that_is_refused_is_shown_all_the_same(
    tmp_path, kind, name, days, cause
):
    context, trusted = certificate(tmp_path, name, begins=days[0], ends=days[1])
    async with Script(tls=context, implicit=kind == "implicit", ehlo=OFFER) as script:
        seen = await look(script, tls=kind, ca=trusted, **LOGIN)

    assert seen.cause is cause
    assert seen.certificate.names == (name,)
    assert abs(seen.certificate.ends - datetime.now(UTC) - timedelta(days=days[1])) < timedelta(1)
    assert not [line for line in script.said if line.startswith("AUTH")]


async def test_a_host_by_another_name_is_a_wrong_name(tls):
    async with Script(tls=tls[0], implicit=True) as script:
        seen = await look(script, "localhost", tls="implicit", ca=tls[1])

    assert (seen.cause, seen.certificate.names) == (Cause.WRONG_NAME, ("127.0.0.1",))


async def test_a_certificate_that_nobody_vouches_for_is_untrusted(tls):
    async with Script(tls=tls[0], implicit=True) as script:
        seen = await look(script, tls="implicit")

    assert (seen.cause, seen.certificate) == (Cause.UNTRUSTED, None)


@pytest.mark.parametrize("content", [None, "not a certificate"])
async def test_a_file_of_authorities_that_cannot_be_read_is_named(tmp_path, content):
    file = tmp_path / "ca.pem"
    if content:
        file.write_text(content)

    seen = await probe(Server("127.0.0.1", 1, tls="implicit", ca=file))

    assert seen.cause is Cause.NO_AUTHORITIES


async def test_a_server_that_does_not_begin_with_tls_is_recognised():
    async with Script() as script:
        seen = await look(script, tls="implicit")

    assert seen.cause is Cause.NOT_TLS


async def test_a_server_that_only_knows_another_tls_is_recognised(tmp_path):
    context, trusted = certificate(tmp_path)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-SHA")  # for keys that this certificate does not have

    def refuse(door: socket.socket) -> str:
        caller, _ = door.accept()
        with caller, pytest.raises(ssl.SSLError) as refused:
            context.wrap_socket(caller, server_side=True)
        return str(refused.value)

    with socket.create_server(("127.0.0.1", 0)) as door:
        refused = asyncio.create_task(asyncio.to_thread(refuse, door))
        server = Server("127.0.0.1", door.getsockname()[1], tls="implicit", ca=trusted)
        seen = await probe(server)
        await refused

    assert seen.cause is Cause.HANDSHAKE


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_closed_port_is_told_from_a_name_that_is_unknown(host):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    closed = await probe(Server(host, port, tls="none"))
    unknown = await probe(Server("mail.invalid", port, tls="none"))

    assert (closed.cause, unknown.cause) == (Cause.REFUSED, Cause.NO_HOST)


async def test_a_server_that_takes_nothing_is_given_up_in_time():
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        crowd = [socket.socket() for _ in range(4)]
        for one in crowd:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        started = time.monotonic()

        seen = await probe(Server("127.0.0.1", full.getsockname()[1], tls="none"), 0.3)

        for one in crowd:
            one.close()

    assert seen.cause in (Cause.SILENT, Cause.MUTE)
    assert time.monotonic() - started < 5


async def test_the_password_is_in_nothing_that_is_told(tls):
    async with Script(tls=tls[0], ehlo=OFFER, auth="535 no secret-口令 here") as script:
        seen = await look(script, tls="starttls", ca=tls[1], **LOGIN)

    assert seen.reply == "no *** here"
