"""The mail that every contender sends: about 4 KB on the wire, real words, one recipient each."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from adapters.mime import Mail, build

AT = datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=8)))
"""A Monday morning on which the office is at work."""
OFFICE = "ceshi"
SENDER = "duban@kx.ceshi.example"
SUBJECT = "【提醒】世界水日方案报送等2项，请于3月6日（周五）前报送"
SENTENCE = "请于3月6日（周五）前报送世界水日活动方案与联络员名单；逾期未报的，列入本月督办通报。\n"
TEXT = SENTENCE * 8
HTML = "".join(f"<p>{line}</p>\n" for line in TEXT.splitlines()) + "<p>市纲要办</p>\n" * 4
SHORT = SENTENCE * 2
_MARK = "00000000"
"""Stands where a mail's number goes; as long as one, so that bytes can be replaced by bytes."""


def recipient(number: int) -> str:
    return f"liaison{number:08}@shuili.ceshi.example"


def message_id(number: int) -> str:
    return f"<{number:08}@kx.ceshi.example>"


class Mould:
    """Gives every mail's bytes, without the price of building each."""

    def __init__(self, text: str = TEXT, html: str = HTML) -> None:
        mail = Mail(
            message_id=message_id(0),
            date=AT,
            sender_name="市纲要办",
            sender=SENDER,
            recipient_name="市水利局联络员",
            recipient=recipient(0),
            subject=SUBJECT,
            text=text,
            html=html,
            kind="reminder",
            letter_id=f"{OFFICE}/2026-03-02/{recipient(0)}",
        )
        self._bytes = build(mail)
        other = replace(mail, recipient=recipient(1), letter_id=mail.letter_id.replace("0@", "1@"))
        assert self.mime(1).count(b"00000001") == build(other).count(b"00000001") + 1

    def mime(self, number: int) -> bytes:
        return self._bytes.replace(_MARK.encode(), b"%08d" % number)
