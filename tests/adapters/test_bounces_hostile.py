"""Mail that means harm: whatever comes, there is an answer, soon, and of bounded size."""

import random
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.bounces.parts import DEPTH, LIMIT, PARTS, take_apart
from adapters.bounces.reading import read
from duban.bounce import Automatic, Foreign, Personal, Report
from tests.adapters.test_bounces_plain import EXIM, NETEASE, QQ
from tests.bouncing import ZHANG, mail, recipient, report

UNFIT = set("\0\a\b\t\n\r\x1b\x7f\x9b\u2028\u202e\u2066")
ANSWERS = (Report, Automatic, Personal, Foreign)
SEEDS = (report(), report(recipient(), recipient(action="delayed")), QQ, NETEASE, EXIM)
PIECES = (
    b"--4DF1A2.1772442000/mx.cq.example", b"\n\n", b"\r\n", b"Content-Type: ", b"message/rfc822",
    b"multipart/mixed; boundary=", b"message/delivery-status", b"charset=", b"base64", b"?=",
    b"=?gb18030?B?", b"Final-Recipient:", b"rfc822;", b"\\x{10FFFF}", b"+2B", b"\x00", b"\xff\xfe",
    b"Message-ID: <a@b>", b"<" * 50, b"@" * 50, b"5.1.1", "\u202e".encode(),
    b"utf-7", b"punycode", b"unicode_escape", b"zlib",
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A report with pieces cut out, put in, doubled and swapped."""
    raw = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 12))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.integers(0, 60)))
        put = draw(
            st.sampled_from(PIECES) | st.binary(max_size=20) | st.just(bytes(raw[start:end]) * 2)
        )
        raw[start:end] = put
    return bytes(raw)


@settings(max_examples=400, deadline=None)
@given(mutated())
def test_a_mutated_report_has_some_answer(raw):
    found = read(raw)

    assert isinstance(found, ANSWERS)
    for bounce in found.bounces if isinstance(found, Report) else ():
        assert len(bounce.diagnostic) <= 500
        assert not UNFIT & set(bounce.diagnostic)
        assert all("@" in one and "\n" not in one for one in bounce.recipients)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_have_some_answer(raw):
    assert isinstance(read(raw), ANSWERS)


def nested(depth: int) -> bytes:
    head = b"".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n'.encode() for n in range(depth)
    )
    return head + report()


BOUNDARY = b"Content-Type: multipart/report; boundary=b\n\n"
STATUS = b"--b\nContent-Type: message/delivery-status\n\n"
HARMFUL = {
    "deep": nested(20_000),
    "many parts": BOUNDARY + b"--b\n\n\n" * 150_000,
    "many statuses": BOUNDARY + STATUS * 20_000,
    "many recipients": BOUNDARY + STATUS + b"\n" + (recipient() + "\n").encode() * 5_000,
    "many groups": BOUNDARY + STATUS + b"A: b\n\n" * 150_000,
    "many header lines": b"A: b\n" * 200_000,
    "one header line": b"Subject: " + b"=?utf-8?q?x?= " * 70_000,
    "no end of header": b"Content-Type: multipart/mixed;" + b" a=" * 300_000,
    "open quote": b'Content-Type: a/b; x="' + b'; y="' * 200_000,
    "folded for ever": b"Subject: x" + b"\n " * 400_000,
    "tags": mail("<" * 900_000, Content_Type="text/html", From="postmaster@x.example"),
    "styles": mail("<style>" * 120_000, Content_Type="text/html", From="postmaster@x.example"),
    "comments": report(recipient(final="rfc822; " + "(" * 100_000 + ZHANG)),
    "addresses": mail("a@b." * 200_000, From="postmaster@x.example"),
    "addresses without end": mail("a" * 900_000 + "@", From="postmaster@x.example"),
    "numbers": mail("5.1." * 200_000, From="postmaster@x.example"),
    "numbers in a row": mail("550 " * 200_000, From="postmaster@x.example"),
    "words": mail("deliver delivery " * 50_000, Subject="delivery " * 1_000),
    "dashes": mail("-" * 900_000, From="postmaster@x.example"),
    "quoted ids": mail("Message-ID: <" * 70_000, From="postmaster@x.example"),
    "xtext": report(recipient(final="rfc822; " + "+2B" * 300_000 + "@x")),
    "hex": report(recipient(final="utf-8; " + "\\x{41}" * 100_000 + "@x")),
    "base64": mail("=" * 900_000, Content_Transfer_Encoding="base64", From="postmaster@x.example"),
    "one line": mail("x" * 5_000_000, From="postmaster@x.example"),
    "line ends": b"\r" * 500_000 + b"\n" * 500_000,
    "blanks": b" \n" * 500_000,
    "boundary of blanks": b'Content-Type: multipart/mixed; boundary=" "\n\n' + b"-- \n" * 200_000,
    "zeros": bytes(3_000_000),
    "noise": random.Random(7).randbytes(2_000_000),
}


@pytest.mark.parametrize("raw", HARMFUL.values(), ids=HARMFUL)
def test_harmful_mail_is_answered_within_time_and_memory(raw):
    tracemalloc.start()
    began = time.process_time()

    found = read(raw)

    spent, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(found, ANSWERS)
    assert spent < 5
    assert peak < 64 << 20


def test_only_the_beginning_of_a_huge_mail_is_looked_at():
    assert isinstance(read(report() + bytes(4 * LIMIT)), Report)
    assert take_apart(b"\n" + bytes(4 * LIMIT)).raw == bytes(LIMIT - 1)


def test_what_lies_too_deep_is_not_looked_at():
    assert isinstance(read(nested(DEPTH - 1)), Report)
    assert isinstance(read(nested(DEPTH + 1)), Foreign | Personal)


def test_no_more_parts_than_a_report_can_have_are_looked_at():
    parts = take_apart(HARMFUL["many parts"])

    assert len(parts.parts) == PARTS
    assert len(list(parts.leaves())) == PARTS
