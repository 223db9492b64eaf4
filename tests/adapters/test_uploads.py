"""Files handed in: what is taken, under what name it is shown, and how its bytes are kept."""

import io
from hashlib import sha256
from pathlib import Path

import pytest

from adapters.uploads import LONGEST, CannotStore, Uploads, cleaned, fault


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("方案.docx", "方案.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\zhang\\方案.docx", "方案.docx"),
        ("方案\u202exslx.pdf", "方案xslx.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ('a"b<c>.pdf', "a_b_c_.pdf"),
        ("  ...  ", "未命名"),
        ("", "未命名"),
        ("方案.pdf. . ", "方案.pdf"),
        (".htaccess", "htaccess"),
        ("a\u200b\ufeff\x00b.pdf", "ab.pdf"),
        ("e\u0301.pdf", "\u00e9.pdf"),
    ],
)
def test_a_name_is_shown_without_path_and_hidden_signs(name: str, shown: str) -> None:
    assert cleaned(name) == shown


def test_a_long_name_keeps_its_ending() -> None:
    assert cleaned("长" * 300 + ".docx").endswith("长.docx")
    assert len(cleaned("长" * 300 + ".docx")) == LONGEST
    assert len(cleaned("长" * 300)) == LONGEST


RUN = "exe EXE bat cmd js vbs scr lnk msi ps1 sh jar html htm svg pdf.exe hta xhtml mht iso reg url"


@pytest.mark.parametrize("ending", RUN.split())
def test_what_runs_at_a_double_click_is_refused(ending: str) -> None:
    assert "不收" in fault(cleaned(f"a.{ending}"), io.BytesIO(b"anything"))


@pytest.mark.parametrize(
    "head", [b"MZ\x90\x00", b"\x7fELF\x02", b"#!/bin/sh\n", b"\xca\xfe\xba\xbe"]
)
def test_a_program_is_refused_whatever_it_is_called(head: bytes) -> None:
    assert "可以运行的程序" in fault("方案.pdf", io.BytesIO(head + b"x" * 100))


@pytest.mark.parametrize(
    "name", ["方案.docx", "a.pdf", "a.zip", "a.xlsx", "a.jpg", "a.wps", "a.ofd", "a"]
)
def test_documents_are_taken(name: str) -> None:
    assert fault(name, io.BytesIO(b"PK\x03\x04")) == ""


def test_an_empty_file_is_said_to_be_one() -> None:
    assert "空文件" in fault("方案.docx", io.BytesIO())


def test_bytes_lie_under_their_hash_and_the_same_ones_once(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "uploads")

    first = uploads.keep(io.BytesIO(b"x" * 3_000_000))
    again = uploads.keep(io.BytesIO(b"x" * 3_000_000))

    assert first == again
    assert first.sha256 == sha256(b"x" * 3_000_000).hexdigest()
    files = [one for one in (tmp_path / "uploads").rglob("*") if one.is_file()]
    assert files == [uploads.path(first.sha256)]
    assert files[0].stat().st_mode & 0o777 == 0o600


def test_a_folder_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "uploads").write_text("not a folder", encoding="ascii")

    with pytest.raises(CannotStore, match="材料没有存下"):
        Uploads(tmp_path / "uploads").keep(io.BytesIO(b"x"))


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "g" * 64, "a" * 63, "A" * 64])
def test_a_path_is_made_of_a_hash_only(tmp_path: Path, digest: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        Uploads(tmp_path).path(digest)
