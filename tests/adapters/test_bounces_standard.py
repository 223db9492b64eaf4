"""Standard reports (RFC 3464, RFC 6533): what each field says, and what servers make of them."""

import base64
import quopri

import pytest

from adapters.bounces.reading import read
from duban.bounce import Bounce, Fate, Foreign, Report
from tests.bouncing import ENVID, OURS, REFUSAL, ZHANG, letter_head, recipient, report


def one(mail: bytes) -> Bounce:
    """What the report says of its only recipient."""
    reading = read(mail)
    assert isinstance(reading, Report), reading
    (bounce,) = reading.bounces
    return bounce


def test_a_report_names_letter_recipient_status_and_the_servers_words():
    found = read(report(envid=ENVID))

    assert found == Report((Bounce(Fate.FAILED, (ZHANG,), "5.1.1", REFUSAL),), OURS, ENVID)


@pytest.mark.parametrize(
    ("action", "status", "fate"),
    [
        ("failed", "5.1.1", Fate.FAILED),
        ("Failed", "4.4.7", Fate.FAILED),  # given up after days
        ("failure", "5.0.0", Fate.FAILED),
        ("delayed", "4.4.1", Fate.DELAYED),
        ("delivered", "2.0.0", Fate.DELIVERED),
        ("relayed", "2.1.5", Fate.RELAYED),
        ("expanded (to 3)", "2.0.0", Fate.EXPANDED),
        ("", "5.7.1", Fate.FAILED),
        ("", "4.2.2", Fate.DELAYED),
        ("", "2.0.0", Fate.DELIVERED),
    ],
)
def test_the_action_decides_and_without_one_the_class_of_the_status(action, status, fate):
    bounce = one(report(recipient(action=action, status=status)))

    assert (bounce.fate, bounce.status) == (fate, status)


@pytest.mark.parametrize(
    ("status", "diagnostic", "found"),
    [
        ("5.1.1 (bad address)", "", "5.1.1"),
        ("(reason 5.2.2)", "", "5.2.2"),
        ("", "smtp; 550 5.7.1 blocked", "5.7.1"),
        ("", "smtp; 554 blocked", "5.0.0"),
        ("", "smtp;550-blocked", "5.0.0"),
        ("", "X-Postfix; host 5.6.7.8 refused", ""),
        ("", "smtp; Exim 4.94.2 is out of order", ""),
        ("nonsense", "", ""),
    ],
)
def test_the_status_is_found_where_servers_put_it(status, diagnostic, found):
    bounce = one(report(recipient(status=status, diagnostic=diagnostic)))

    assert bounce.status == found


@pytest.mark.parametrize(
    ("final", "original", "named"),
    [
        ("rfc822; zhang@shui.cq.example", "", {ZHANG}),
        ("RFC822;Zhang@Shui.CQ.example", "", {ZHANG}),
        ("rfc822; <zhang@shui.cq.example> (Zhang)", "", {ZHANG}),
        ("rfc/822;zhang@shui.cq.example", "", {ZHANG}),
        ("zhang@shui.cq.example", "", {ZHANG}),
        ("rfc822; z@home.example", "rfc822;zhang@shui.cq.example", {"z@home.example", ZHANG}),
        (
            "rfc822;zhang+2Bduban@cq.example",
            "",
            {"zhang+2bduban@cq.example", "zhang+duban@cq.example"},
        ),
        ("utf-8; \\x{5F20}@cq.example", "", {"张@cq.example"}),
        ("utf-8; 张@cq.example", "", {"张@cq.example"}),
        ("utf-8; a\\x{110000}\\x{D800}@cq.example", "", {"a@cq.example"}),
        ("x400; /G=zhang@cq/", "rfc822;zhang@shui.cq.example", {ZHANG}),
    ],
)
def test_a_recipient_is_known_by_each_of_its_addresses(final, original, named):
    bounce = one(report(recipient(final, original)))

    assert set(bounce.recipients) == named


@pytest.mark.parametrize("between", ["\n", "", "\n \t\n\n"])
def test_each_of_several_recipients_has_its_own_fate(between):
    wang = recipient("rfc822; wang@shui.cq.example", action="delayed", status="4.4.1")

    found = read(report(recipient() + between + wang))

    assert [(b.recipients, b.fate) for b in found.bounces] == [
        ((ZHANG,), Fate.FAILED),
        (("wang@shui.cq.example",), Fate.DELAYED),
    ]


def test_fields_of_report_and_recipient_in_one_block_are_told_apart():
    mail = report(envid=ENVID).replace(b"example\n\nFinal", b"example\nFinal")

    assert one(mail).recipients == (ZHANG,)
    assert read(mail).envid == ENVID


@pytest.mark.parametrize(
    ("kind", "returned"),
    [
        ("message/rfc822", letter_head() + "\nthe text\n"),
        ("message/rfc822", letter_head()),
        ("message/rfc822", "\n" + letter_head()),
        ("message/rfc822", "From duban Mon Mar  2 09:00:00 2026\n" + letter_head()),
        ("text/rfc822-headers; charset=utf-8", letter_head()),
        ("message/global-headers", letter_head()),
        ("message/global", letter_head() + "\n正文\n"),
        ("message/rfc822", letter_head().replace("Message-ID: ", "MESSAGE-ID:\n\t")),
    ],
)
def test_the_returned_letter_or_its_head_names_its_message_id(kind, returned):
    assert read(report(returned=returned, returned_kind=kind)).message_id == OURS


def test_an_international_report_is_read_like_any_other():
    mail = report(
        recipient("utf-8; 张@水利.example", diagnostic="smtp; 550 5.1.1 用户不存在"),
        status_kind="message/global-delivery-status",
    )

    assert one(mail) == Bounce(Fate.FAILED, ("张@水利.example",), "5.1.1", "550 5.1.1 用户不存在")


def test_a_diagnostic_in_the_servers_own_charset_is_readable():
    mail = report(recipient(diagnostic="smtp; 550 5.2.2 邮箱已满"))

    found = one(mail.replace("邮箱已满".encode(), "邮箱已满".encode("gbk")))

    assert found.diagnostic == "550 5.2.2 邮箱已满"


def test_a_diagnostic_over_several_lines_is_one_line_without_control_characters():
    mail = report(recipient(diagnostic="smtp; 550-5.1.1 \x1b[31mno\n such\n\tuser"))

    assert one(mail).diagnostic == "550-5.1.1 [31mno such user"


@pytest.mark.parametrize(
    ("encoding", "code"),
    [("quoted-printable", quopri.encodestring), ("BASE64", base64.encodebytes)],
)
def test_the_transfer_encoding_of_a_part_is_undone(encoding, code):
    kind = f"message/delivery-status\nContent-Transfer-Encoding: {encoding}"
    status = f"Reporting-MTA: dns; mx.cq.example\n\n{recipient()}".encode()
    head, _, rest = report(status_kind=kind).partition(b"Reporting-MTA")
    tail = rest[rest.index(b"\n--4DF1A2") :]

    assert one(head + code(status) + tail) == Bounce(Fate.FAILED, (ZHANG,), "5.1.1", REFUSAL)


@pytest.mark.parametrize(
    "mail",
    [
        report().replace(b"boundary=", b"charset=utf-8; boundary = "),
        report().replace(b"\n", b"\r\n"),
        b"From MAILER-DAEMON Mon Mar  2 09:00:00 2026\n" + report(),
        report().replace(b"--4DF1A2.1772442000/mx.cq.example--\n", b""),
        report().replace(b"multipart/report", b"multipart/mixed"),
        b'Content-Type: multipart/mixed; boundary="=x"\n\n--=x\n' + report() + b"--=x\n\nchecked\n",
    ],
    ids=["spaces", "crlf", "mbox", "unclosed", "mixed", "wrapped"],
)
def test_the_shape_around_a_report_does_not_matter(mail):
    assert read(mail) == Report((Bounce(Fate.FAILED, (ZHANG,), "5.1.1", REFUSAL),), OURS)


def test_a_report_that_returns_nothing_may_answer_to_the_letter():
    mail = report(returned="X: y\n", headers=f"In-Reply-To: {OURS}\n")

    assert read(mail).message_id == OURS


@pytest.mark.parametrize(
    "said",
    [
        recipient(final="", original=""),
        recipient(final="x400; /G=zhang/"),
        recipient(action="", status="", diagnostic=""),
        recipient(action="considered"),
    ],
    ids=["nobody", "not a mail address", "no fate", "unknown fate"],
)
def test_a_report_that_says_nothing_of_anybody_is_foreign(said):
    mail = report(said).replace(f"<{ZHANG}>".encode(), b"somebody")

    assert read(mail) == Foreign("退信里看不出收件人或结果")


def test_a_bounce_says_its_status_once():
    assert Bounce(Fate.FAILED, (), "5.1.1", REFUSAL).words == REFUSAL
    assert Bounce(Fate.FAILED, (), "5.1.1", "no").words == "5.1.1 no"
    assert Bounce(Fate.FAILED, (), "", "").words == "对方服务器没有说明原因"
