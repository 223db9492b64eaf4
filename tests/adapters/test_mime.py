"""Mails as bytes: what the standard parser reads back is what was put in, and nothing else."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mime import Mail, build
from adapters.mimeparts import HOSTILE, BadHeader

BEIJING = timezone(timedelta(hours=8))
MAIL = Mail(
    message_id="<5e8c0b5c-1111-5b0c-9c57-0c7d7e1f6d5a@city.example.cn>",
    date=datetime(2026, 3, 2, 9, 0, tzinfo=BEIJING),
    sender_name="市委纲要办",
    sender="duban@city.example.cn",
    recipient_name="张三",
    recipient="zhangsan@mz.city.example.cn",
    subject="【提醒】老年节活动方案",
    text="张三同志：\n请于3月6日前报送。\n",
    html="<p>张三同志：</p>\n<p>请于<b>3月6日</b>前报送。</p>\n",
    kind="reminder",
    letter_id="city/2026-03-02/zhangsan@mz.city.example.cn",
)
NAMES = [
    *("Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress"),
    *("X-Duban-Kind", "X-Duban-Letter", "MIME-Version", "Content-Type"),
]
LONG = (
    "关于做好2026年度全市敬老月暨“九九重阳”系列主题活动筹备工作并按节点报送方案与联络员名单的通知"
)
anything = st.text(min_size=1, max_size=300)
friendly = anything.filter(lambda text: not HOSTILE.search(text))


def read(mail: Mail) -> EmailMessage:
    return message_from_bytes(build(mail), policy=policy.default)


def head(mail: Mail) -> bytes:
    return build(mail).partition(b"\r\n\r\n")[0]


def header(mail: Mail, name: str) -> str:
    """Decoded by RFC 2047, without the newer parser's habit of spaces between the words of names."""
    return str(make_header(decode_header(message_from_bytes(build(mail))[name])))


def test_every_header_is_read_back():
    message = read(MAIL)

    assert message.keys() == NAMES
    assert message["From"] == "市委纲要办 <duban@city.example.cn>"
    assert message["To"] == "张三 <zhangsan@mz.city.example.cn>"
    assert message["Subject"] == "【提醒】老年节活动方案"
    assert message["Message-ID"] == MAIL.message_id
    assert parsedate_to_datetime(message["Date"]) == MAIL.date
    assert message["Date"].endswith("+0800")
    assert message["X-Duban-Kind"] == "reminder"
    assert message["X-Duban-Letter"] == MAIL.letter_id


def test_it_says_that_a_machine_wrote_it():
    message = read(MAIL)

    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"


def test_both_parts_are_read_back_with_the_plain_one_first():
    message = read(MAIL)

    plain, html = message.iter_parts()
    assert message.get_content_type() == "multipart/alternative"
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content() == MAIL.text.replace("\n", "\r\n")
    assert html.get_content() == MAIL.html.replace("\n", "\r\n")
    assert not message.defects


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_becomes_crlf(ends):
    message = read(replace(MAIL, text=ends.join(["甲", "乙", ""])))

    assert message.get_body(("plain",)).get_content() == "甲\r\n乙\r\n"


def test_a_reply_address_is_there_only_when_it_is_given():
    answered = read(replace(MAIL, reply_to="reply@city.example.cn"))

    assert answered["Reply-To"] == "reply@city.example.cn"
    assert "Reply-To" not in read(MAIL)


def test_names_may_be_missing():
    message = read(replace(MAIL, sender_name="", recipient_name=""))

    assert message["From"] == MAIL.sender
    assert message["To"] == MAIL.recipient


@pytest.mark.parametrize(
    "name",
    [
        "Zhang San",
        "张三（民政局）",
        'Zhang "Boss" San',
        "a, b <c@d.test>",
        "O'Brien; x:",
        " 张三 ",
        "𠮷野",
    ],
)
def test_a_name_of_any_shape_stays_one_name_of_one_address(name):
    message = read(replace(MAIL, recipient_name=name))

    [address] = message["To"].addresses
    assert address.addr_spec == MAIL.recipient
    assert address.display_name.strip() == name.strip()


@pytest.mark.parametrize(
    "subject", ["plain", "Reminder: 3 days left (of 10)", LONG, LONG * 8, "é" * 500, " x "]
)
def test_a_subject_of_any_length_is_read_back(subject):
    assert read(replace(MAIL, subject=subject))["Subject"] == subject


def test_no_encoded_word_splits_a_character_or_is_over_75():
    raw = head(replace(MAIL, subject=LONG * 5, recipient_name="督" * 60)).decode("ascii")

    words = re.findall(r"=\?utf-8\?b\?([^?]*)\?=", raw)
    assert len(words) > 10
    for word in words:
        assert len(word) + len("=?utf-8?b??=") <= 75
        assert str(make_header(decode_header(f"=?utf-8?b?{word}?=")))


@pytest.mark.parametrize("field", ["subject", "sender_name", "recipient_name"])
@pytest.mark.parametrize(
    "hostile",
    [
        *("a\nBcc: x@y.test", "a\r\nBcc: x@y.test", "a\rb", "a\0b", "a\tb", "a\x7fb", "a\x85b"),
        *("=?utf-8?q?a=0ABcc:_x@y.test?=", "a=?b", "a\u2028b", "a\u2029b", "\u202egnp", "a\ud83d"),
    ],
)
def test_control_characters_and_encoded_words_are_refused_in_chinese(field, hostile):
    with pytest.raises(BadHeader, match=r"(主题|姓名)里有不允许的字符"):
        build(replace(MAIL, **{field: hostile}))


@pytest.mark.parametrize("field", ["sender", "recipient", "reply_to"])
@pytest.mark.parametrize(
    "address",
    [
        *(
            "",
            "a",
            "a@",
            "@b.test",
            "张三@b.test",
            "a b@c.test",
            "a@b.test, c@d.test",
            "a@b.test\r\nX: y",
        ),
        *("<a@b.test>", "=?utf-8?q?a?=@b.test", "a@b.test\n", "a" * 65 + "@b.test"),
    ],
)
def test_what_is_no_address_is_refused(field, address):
    with pytest.raises(BadHeader, match="地址不合规"):
        build(replace(MAIL, **{field: address}))


@pytest.mark.parametrize(
    "change",
    [
        {"message_id": "1@city.test"},
        {"message_id": "<1@city.test>\r\nBcc: x@y.test"},
        {"message_id": "<1 2@city.test>"},
        {"kind": "a b"},
        {"kind": ""},
        {"letter_id": "a\nb"},
        {"letter_id": "督办"},
        {"letter_id": "x" * 400},
        {"subject": ""},
        {"date": datetime(2026, 3, 2, 9, 0)},  # noqa: DTZ001
        {"text": "\ud83d"},
        {"html": "\ud83d"},
    ],
)
def test_other_things_that_cannot_be_sent_are_refused(change):
    with pytest.raises(BadHeader):
        build(replace(MAIL, **change))


def test_building_twice_gives_the_same_bytes():
    assert build(MAIL) == build(replace(MAIL))


def test_another_message_has_another_boundary():
    other = replace(MAIL, message_id="<2@city.example.cn>")

    assert read(MAIL).get_boundary() != read(other).get_boundary()


@given(friendly, friendly, friendly, st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_is_let_through_is_read_back_and_adds_no_header(sender, name, subject, text):
    mail = replace(MAIL, sender_name=sender, recipient_name=name, subject=subject, text=text)

    message = read(mail)

    assert message.keys() == NAMES
    assert header(mail, "Subject") == subject
    assert header(mail, "From").removesuffix(f"<{mail.sender}>").strip() == sender.strip()
    assert header(mail, "To").removesuffix(f"<{mail.recipient}>").strip() == name.strip()
    assert len(message["To"].addresses) == 1
    assert len(list(message.iter_parts())) == 2


@given(anything, anything, anything)
def test_whatever_is_put_in_no_header_is_added(sender, name, subject):
    mail = replace(MAIL, sender_name=sender, recipient_name=name, subject=subject)

    try:
        message = read(mail)
    except BadHeader:
        assert HOSTILE.search(f"{sender}|{name}|{subject}")
    else:
        assert message.keys() == NAMES


@given(friendly, st.text(st.characters(exclude_categories=["Cs"]), max_size=3000))
def test_lines_end_in_crlf_and_are_short(subject, text):
    mime = build(replace(MAIL, subject=subject, recipient_name=subject, text=text, html=text))

    lines = mime.split(b"\r\n")
    assert mime.isascii()
    assert mime.endswith(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert max(map(len, lines)) <= 78


@given(
    st.from_regex(r"<[a-z0-9.]{1,200}@[a-z0-9.]{1,100}>", fullmatch=True),
    st.from_regex(r"[a-z.]{1,64}@[a-z.]{1,250}", fullmatch=True),
)
def test_ids_and_addresses_of_any_length_stay_whole_and_below_998(message_id, address):
    mail = replace(MAIL, message_id=message_id, recipient=address)

    message = message_from_bytes(build(mail))
    assert message["Message-ID"].strip() == message_id
    assert message["To"].endswith(f"<{address}>")
    assert max(map(len, build(mail).split(b"\r\n"))) < 998


def test_utc_is_written_as_an_offset():
    message = read(replace(MAIL, date=datetime(2026, 3, 2, 1, 0, tzinfo=UTC)))

    assert message["Date"] == "Mon, 02 Mar 2026 01:00:00 +0000"
