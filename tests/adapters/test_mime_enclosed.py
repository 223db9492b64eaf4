"""Mails with pictures and files: the standard parser reads back what was put in, however it is called."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mime import Mail, build
from adapters.mimeparts import HOSTILE, UNFIT, BadHeader, File, Picture
from tests.adapters.test_mime import MAIL, NAMES

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLE = File("市纲要办2026年3月2日通报.xlsx", XLSX, b"PK\x03\x04" + bytes(range(256)))
CHART = Picture("chart@duban", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
FULL = replace(MAIL, pictures=(CHART,), files=(TABLE,))
names = (
    st.text(min_size=1, max_size=120)
    .filter(lambda name: not HOSTILE.search(name) and not UNFIT.search(name))
    .filter(lambda name: name == name.strip() and name.strip("."))
)


def read(mail: Mail) -> EmailMessage:
    return message_from_bytes(build(mail), policy=policy.default)


def shape(message: EmailMessage) -> object:
    """Types of the parts, as they are nested."""
    if not message.is_multipart():
        return message.get_content_type()
    return (message.get_content_type(), *(shape(part) for part in message.iter_parts()))


def test_a_picture_stands_beside_the_html_and_a_file_beside_both():
    message = read(FULL)

    related = ("multipart/related", "text/html", "image/png")
    words = ("multipart/alternative", "text/plain", related)
    assert shape(message) == ("multipart/mixed", words, XLSX)
    assert message.keys() == NAMES


@pytest.mark.parametrize(
    ("mail", "kind"),
    [
        (replace(FULL, files=()), "multipart/alternative"),
        (replace(FULL, pictures=()), "multipart/mixed"),
        (replace(FULL, files=(TABLE, replace(TABLE, name="b.xlsx"))), "multipart/mixed"),
    ],
)
def test_each_may_be_there_without_the_other(mail, kind):
    message = read(mail)

    assert message.get_content_type() == kind
    assert message.get_body(("plain",)).get_content() == MAIL.text.replace("\n", "\r\n")
    assert message.get_body(("html",)).get_content() == MAIL.html.replace("\n", "\r\n")
    assert len(list(message.iter_attachments())) == len(mail.files)


def test_the_html_finds_its_picture_by_its_id():
    [picture] = [part for part in read(FULL).walk() if part.get_content_type() == "image/png"]

    assert picture["Content-ID"] == "<chart@duban>"
    assert picture.get_content_disposition() == "inline"
    assert picture.get_content() == CHART.png


def test_no_boundary_begins_like_another():
    boundaries = [part.get_boundary() for part in read(FULL).walk() if part.is_multipart()]

    assert len(set(boundaries)) == 3
    assert not any(a != b and a.startswith(b) for a in boundaries for b in boundaries)


@given(names, st.binary(max_size=3000))
def test_a_file_of_any_name_and_content_is_read_back(name, content):
    mail = replace(FULL, files=(File(name, XLSX, content),))

    message = read(mail)

    [file] = message.iter_attachments()
    assert file.get_filename() == name
    assert file.get_content() == content
    assert message.keys() == NAMES
    assert not any(part.defects for part in message.walk())


@given(names, st.binary(max_size=3000), st.binary(max_size=3000))
def test_lines_are_short_ascii_and_end_in_crlf(name, content, png):
    mail = replace(FULL, files=(File(name, XLSX, content),), pictures=(Picture("a@b", png),))

    lines = build(mail).split(b"\r\n")

    assert all(line.isascii() and len(line) <= 80 for line in lines)
    assert not any(b"\r" in line or b"\n" in line for line in lines)


@given(st.text(max_size=200))
def test_a_hostile_file_name_adds_no_header_and_no_part(name):
    mail = replace(FULL, files=(replace(TABLE, name=name),))

    try:
        message = read(mail)
    except BadHeader:
        return
    assert message.keys() == NAMES
    assert sum(1 for _ in message.walk()) == 7
    assert next(message.iter_attachments()).keys() == [
        *("Content-Type", "Content-Transfer-Encoding", "Content-Disposition")
    ]


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        " ",
        "../a",
        "a/b",
        "a\\b",
        "c:a",
        "a\r\nBcc: x",
        "a\0",
        "\u202efdp.exe",
        "a" * 121,
    ],
)
def test_what_is_no_name_of_a_file_is_refused(name):
    with pytest.raises(BadHeader, match="附件名"):
        build(replace(FULL, files=(replace(TABLE, name=name),)))


@pytest.mark.parametrize("id", ["", "chart", "a@b>\r\nX: y", "a b@c", "图@b"])
def test_what_is_no_content_id_is_refused(id):
    with pytest.raises(BadHeader):
        build(replace(FULL, pictures=(replace(CHART, id=id),)))


def test_a_letter_without_either_is_built_as_ever():
    assert build(replace(FULL, pictures=(), files=())) == build(MAIL)
