"""Caught mails as pages: everything is there, escaped, linked, and nothing calls out."""

from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from adapters.catcher import Caught
from adapters.mailbox import write_pages
from adapters.mime import Mail, build

HOSTILE = "<script>alert('&1')</script>\"'"
MAIL = Mail(
    message_id="<1@city.test>",
    date=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    sender_name="市委纲要办",
    sender="duban@city.test",
    recipient_name="张三",
    recipient="zhang@mz.test",
    subject="关于老年节活动的通知",
    text="请于3月6日前报送。",
    html="<!DOCTYPE html><html><head><title>t</title></head><body>请于3月6日前报送。</body></html>",
    kind="notice",
    letter_id="city/1",
)


class Page(HTMLParser):
    """What the tests ask of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.source = path.read_text(encoding="utf-8")
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(self.source)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def every(self, tag: str, attribute: str) -> list[str]:
        return [found[attribute] for name, found in self.tags if name == tag and attribute in found]


def caught(*mails: Mail) -> list[Caught]:
    return [Caught(mail.sender, mail.recipient, build(mail)) for mail in mails]


def test_the_index_lists_every_mail_with_its_facts(tmp_path):
    index = Page(write_pages(tmp_path, caught(MAIL, replace(MAIL, subject="第二封"))))

    assert "3月2日 周一 09:00 通知 张三 zhang@mz.test 关于老年节活动的通知" in index.text
    assert "第二封" in index.text
    assert "共 2 封邮件" in index.text


def test_the_index_counts_kinds_the_most_frequent_first(tmp_path):
    kinds = ["notice", "reminder", "reminder", "thanks"]

    index = Page(write_pages(tmp_path, caught(*(replace(MAIL, kind=kind) for kind in kinds))))

    assert index.every("button", "data-kind") == ["reminder", "notice", "thanks"]
    assert "提醒 2 封" in index.text
    assert "thanks 1 封" in index.text


def test_mails_are_grouped_by_month_in_the_order_of_their_dates(tmp_path):
    days = [(2026, 3, 9), (2025, 12, 31), (2026, 3, 2)]
    mails = [replace(MAIL, date=datetime(*day, 9, tzinfo=UTC), subject=f"{day}") for day in days]

    index = Page(write_pages(tmp_path, caught(*mails)))

    assert index.every("section", "id") == ["m2025-12", "m2026-03"]
    found = [index.text.index(str(day)) for day in sorted(days)]
    assert found == sorted(found)


def test_every_link_of_every_page_leads_somewhere(tmp_path):
    mails = caught(*(replace(MAIL, subject=str(number)) for number in range(3)))

    write_pages(tmp_path, mails)

    for path in tmp_path.glob("*.html"):
        page = Page(path)
        for link in page.every("a", "href"):
            anchor = link.removeprefix("#")
            assert anchor in page.every("section", "id") or (tmp_path / link).is_file()


def test_a_page_shows_headers_both_parts_and_the_original(tmp_path):
    write_pages(tmp_path, caught(MAIL))

    page = Page(tmp_path / "0001.html")
    assert "发件人市委纲要办 <duban@city.test>" in page.text
    assert "收件人张三 <zhang@mz.test>" in page.text
    assert "时间2026年3月2日 周一 09:00" in page.text
    assert "请于3月6日前报送。" in page.text
    assert page.every("iframe", "srcdoc") == [
        MAIL.html.replace("<head>", '<head><base target="_blank">')
    ]
    assert (tmp_path / "0001.eml").read_bytes() == build(MAIL)


def test_a_letter_runs_no_script_in_its_frame(tmp_path):
    write_pages(tmp_path, caught(replace(MAIL, html=f"<p>{HOSTILE}</p>")))

    page = Page(tmp_path / "0001.html")
    [sandbox] = page.every("iframe", "sandbox")
    [policy] = page.every("meta", "content")[-1:]
    assert "allow-scripts" not in sandbox
    assert policy.startswith("default-src 'none'")
    assert "script-src 'sha256-" in policy


@pytest.mark.parametrize("field", ["subject", "text", "html", "recipient_name", "sender_name"])
def test_markup_in_a_mail_is_shown_and_not_obeyed(tmp_path, field):
    index = Page(write_pages(tmp_path, caught(replace(MAIL, **{field: HOSTILE}))))
    page = Page(tmp_path / "0001.html")

    for found in (index, page):
        assert [tag for tag, _ in found.tags].count("script") == 1
        assert HOSTILE not in found.source
    shown = "".join(page.every("iframe", "srcdoc")) if field == "html" else page.text
    assert HOSTILE in shown


def test_pages_call_nobody(tmp_path):
    write_pages(tmp_path, caught(MAIL))

    for path in tmp_path.glob("*.html"):
        page = Page(path)
        assert "//" not in page.source.replace("<!DOCTYPE", "")
        assert not page.every("script", "src")
        assert not [tag for tag, _ in page.tags if tag in ("link", "img")]


def test_pages_stand_beside_the_files_of_the_catcher(tmp_path):
    original = tmp_path / "0041.eml"
    original.write_bytes(build(MAIL))

    write_pages(tmp_path, [Caught(MAIL.sender, MAIL.recipient, build(MAIL), original)])

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "0041.eml",
        "0041.html",
        "index.html",
    ]


def test_no_mails_make_a_page_that_says_so(tmp_path):
    index = Page(write_pages(tmp_path / "new", []))

    assert "还没有邮件。" in index.text


def test_a_mail_of_another_making_is_shown_as_far_as_it_goes(tmp_path):
    index = Page(write_pages(tmp_path, [Caught("a@b.test", "c@d.test", b"X: y\r\n\r\nhello\r\n")]))

    assert "日期不详 其他 c@d.test （没有主题）" in index.text
    assert "hello" in Page(tmp_path / "0001.html").text


def test_writing_again_gives_the_same_pages(tmp_path):
    first = write_pages(tmp_path / "a", caught(MAIL))
    second = write_pages(tmp_path / "b", caught(MAIL))

    assert first.read_bytes() == second.read_bytes()
