"""Files of a report: taken within limits, kept under their hash, given out as downloads and to few."""

import io
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.bug import FILE
from app.console.server import beside
from duban.account import Role
from state.tables import attachment
from tests.console.conftest import House
from tests.console.pagereader import Page
from tests.console.replying import KEXIE, do, link, row, state

PDF = b"%PDF-1.7 " + b"x" * 1000


def file(name: str, data: bytes = PDF) -> tuple[str, tuple[str, io.BytesIO, str]]:
    return ("files", (name, io.BytesIO(data), "text/html"))


def kept(house: House) -> list[Path]:
    return [one for one in house.site.settings.console.uploads.rglob("*") if one.is_file()]


def limits(house: House, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(house.site.settings.console, name, value)


async def test_a_report_with_files_is_kept_and_given_back_as_it_was(house: House) -> None:
    await house.tick()
    browser, path = house.client(), link(house)
    page = f"{path}/{row(house)}"

    said = do(browser, page, "report", [file("方案（定稿）.pdf"), file("名单.xlsx", b"PK\x03\x04")])
    found = [one for one in Page(browser.get(page).text).links if "/file/" in one]
    given = browser.get(found[0])

    assert (said.status_code, state(house)) == (303, "reported")
    assert len(found) == len(kept(house)) == 2
    assert given.content == PDF
    assert given.headers["content-type"] == "application/octet-stream"
    assert given.headers["x-content-type-options"] == "nosniff"
    assert given.headers["content-disposition"].startswith("attachment; filename*=utf-8''%E6%96%B9")


async def test_the_secretariat_downloads_and_other_departments_do_not(house: House) -> None:
    await house.tick()
    do(house.client(), f"{link(house)}/{row(house)}", "report", [file("方案.pdf")])
    number = _number(house)

    ours = house.browser(Role.SECRETARIAT).get(f"/o/ceshi/file/{number}")
    theirs = house.client().get(f"{link(house, KEXIE)}/file/{number}")
    nobody = house.client().get(f"/o/ceshi/file/{number}")

    assert (ours.status_code, ours.content) == (200, PDF)
    assert theirs.status_code == 404
    assert nobody.status_code == 303


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([file("a.exe")], "不收 .exe 文件"),
        ([file("a.pdf", b"MZ" + PDF)], "可以运行的程序"),
        ([file("a.pdf", b"")], "空文件"),
        ([file("a.pdf", b"x" * ((1 << 20) + 1))], "最大 1 MB"),
        ([file(f"{n}.pdf") for n in range(9)], "最多附 2 个文件"),
        ([file("a.pdf"), file("b.svg")], "不收 .svg 文件"),
    ],
)
async def test_files_that_are_not_taken_are_named_and_the_text_is_not_lost(
    cottage: House, files: Any, said: str
) -> None:
    await cottage.tick()
    limits(cottage, upload_mb=1, files=2)

    page = f"{link(cottage)}/{row(cottage)}"
    answer = do(cottage.client(), page, "report", files, text="方案已印发")

    shown = Page(answer.text)
    assert answer.status_code == 422
    assert said in shown.words
    assert "请重新选择" in shown.words
    assert shown.form("/report").fields["text"] == ["方案已印发"]
    assert (state(cottage), kept(cottage)) == ("notified", [])


async def test_more_files_than_can_be_read_are_refused(cottage: House) -> None:
    await cottage.tick()
    limits(cottage, files=2)

    page = f"{link(cottage)}/{row(cottage)}"
    answer = do(cottage.client(), page, "report", [file(f"{n}.pdf") for n in range(101)])

    assert answer.status_code == 422
    assert "太多" in answer.text
    assert state(cottage) == "notified"


async def test_a_form_larger_than_all_its_files_may_be_is_not_read(cottage: House) -> None:
    await cottage.tick()
    path = f"{link(cottage)}/{row(cottage)}/report"

    answer = cottage.client().post(path, headers={"content-length": str(1 << 40)}, content=b"x")

    assert answer.status_code == 422
    assert "太大" in answer.text


async def test_an_offices_files_stay_within_its_room(house: House) -> None:
    await house.tick()
    limits(house, quota_mb=1)
    browser, path = house.client(), link(house)
    do(browser, f"{path}/{row(house)}", "report", [file("a.pdf", b"x" * 900_000)])

    key = "ceshi/shui/2026/summary/shuili"
    page = f"{path}/{row(house, key)}"
    answer = do(browser, page, "report", [file("b.pdf", b"y" * 900_000)], text="总结")

    assert answer.status_code == 422
    assert "空间已满" in answer.text
    assert len(kept(house)) == 1


async def test_a_report_says_something(cottage: House) -> None:
    await cottage.tick()

    answer = do(cottage.client(), f"{link(cottage)}/{row(cottage)}", "report", text="  ")

    assert answer.status_code == 422
    assert "请写明办理情况" in answer.text


async def test_a_text_of_the_longest_is_taken_and_a_longer_one_comes_back(cottage: House) -> None:
    await cottage.tick()
    browser, page = cottage.client(), f"{link(cottage)}/{row(cottage)}"

    longer = do(browser, page, "report", text="字" * 4001)
    longest = do(browser, page, "report", text="字" * 4000)

    assert (longer.status_code, longest.status_code) == (422, 303)
    assert "字" * 4001 in longer.text


async def test_a_disk_that_takes_nothing_loses_no_text(cottage: House) -> None:
    await cottage.tick()
    cottage.site.settings.console.uploads.write_text("in the way", encoding="ascii")

    page = f"{link(cottage)}/{row(cottage)}"
    answer = do(cottage.client(), page, "report", [file("a.pdf")], text="方案已印发")

    assert answer.status_code == 503
    assert "材料没有存下" in answer.text
    assert "方案已印发" in answer.text
    assert state(cottage) == "notified"


async def test_a_file_that_is_gone_from_the_disk_is_said_to_be(cottage: House) -> None:
    await cottage.tick()
    browser, path = cottage.client(), link(cottage)
    do(browser, f"{path}/{row(cottage)}", "report", [file("a.pdf")])
    kept(cottage)[0].unlink()

    answer = browser.get(f"{path}/file/{_number(cottage)}")

    assert answer.status_code == 404
    assert "不在了" in answer.text


async def test_a_stale_form_leaves_no_file_behind(cottage: House) -> None:
    await cottage.tick()
    browser, page = cottage.client(), f"{link(cottage)}/{row(cottage)}"
    found = Page(browser.get(page).text).form("/report")
    do(browser, page, "report", text="好了")

    browser.post(found.action, data=found.filled(name="李四"), files=[file("a.pdf")])

    assert kept(cottage) == []


def _number(house: House) -> int:
    with house.site.database.reading() as connection:
        number: int = connection.scalar(select(attachment.c.id).order_by(attachment.c.id))
    return number


async def test_a_real_browser_reads_that_its_file_was_too_large(cottage: House) -> None:
    await cottage.tick()
    limits(cottage, upload_mb=1, files=1, url="", port=0)
    path = f"{link(cottage)}/{row(cottage)}/report"

    with beside(cottage.site) as address:
        answer = _send(address + path, b"x" * (7 << 20))

    assert answer.status_code == 422
    assert "太大" in answer.text


def _send(address: str, content: bytes) -> httpx.Response:
    return httpx.post(address, content=content, timeout=30)


async def test_who_hangs_up_in_the_middle_does_nothing_and_breaks_nothing(
    cottage: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cottage.tick()
    monkeypatch.chdir(tmp_path)
    limits(cottage, port=0)
    path = f"{link(cottage)}/{row(cottage)}/report"

    with beside(cottage.site) as address:
        _hang_up(address, path)

    assert state(cottage) == "notified"
    assert not _broke(tmp_path)


def _broke(folder: Path) -> bool:
    """Whether a traceback was kept."""
    return (folder / FILE).exists()


def _hang_up(address: str, path: str) -> None:
    host, _, port = address.removeprefix("http://").partition(":")
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100000\r\n"
    head += "Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n"
    with socket.create_connection((host, int(port))) as line:
        line.sendall(head.encode())
