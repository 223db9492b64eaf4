"""What the tests of bounces share: reports as servers write them, about letters of ours."""

from datetime import UTC, datetime
from email.utils import format_datetime

from adapters.bounces.mailbox import Mailbox

OURS = "<0b9a3ad6-5f0e-5d6e-9a77-0f3a8f3d2b11@kx.cq.example>"
ENVID = "0b9a3ad6-5f0e-5d6e-9a77-0f3a8f3d2b11"
SENDER = "gangyaoban@kx.cq.example"
ZHANG = "zhang@shui.cq.example"
REFUSAL = f"550 5.1.1 <{ZHANG}>: Recipient address rejected: User unknown"
DATE = format_datetime(datetime(2026, 3, 2, 9, tzinfo=UTC))


def letter_head(message_id: str = OURS, to: str = ZHANG) -> str:
    return (
        f"Date: {DATE}\nFrom: {SENDER}\nTo: {to}\nSubject: =?utf-8?b?6YCa55+l?=\n"
        f"Message-ID: {message_id}\nAuto-Submitted: auto-generated\n"
        "X-Duban-Kind: notice\nX-Duban-Letter: chongqing/2026-03-02/x\nMIME-Version: 1.0\n"
        'Content-Type: multipart/alternative;\n boundary="=_0123"\n'
    )


def recipient(
    final: str = f"rfc822; {ZHANG}",
    original: str = "",
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = f"smtp; {REFUSAL}",
) -> str:
    """One recipient's fields; those that are empty are left out."""
    fields = {
        "Final-Recipient": final,
        "Original-Recipient": original,
        "Action": action,
        "Status": status,
        "Remote-MTA": "dns; mx.shui.cq.example",
        "Diagnostic-Code": diagnostic,
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items() if value)


def report(
    *recipients: str,
    envid: str = "",
    returned: str = "",
    returned_kind: str = "text/rfc822-headers",
    status_kind: str = "message/delivery-status",
    headers: str = "",
) -> bytes:
    """A report as Postfix writes it; `returned`: what it gives back, by default our letter's head."""
    named = f"Original-Envelope-Id: {envid}\n" if envid else ""
    status = "\n".join(recipients or (recipient(),))
    return f"""\
Return-Path: <>
Date: {DATE}
From: MAILER-DAEMON@mx.cq.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {SENDER}
Auto-Submitted: auto-replied
{headers}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4DF1A2.1772442000/mx.cq.example"
Message-Id: <20260302090000.4DF1A2@mx.cq.example>

This is a MIME-encapsulated message.

--4DF1A2.1772442000/mx.cq.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.cq.example.

<{ZHANG}>: host mx.shui.cq.example said: {REFUSAL}

--4DF1A2.1772442000/mx.cq.example
Content-Description: Delivery report
Content-Type: {status_kind}

Reporting-MTA: dns; mx.cq.example
{named}X-Postfix-Queue-ID: 4DF1A2
X-Postfix-Sender: rfc822; {SENDER}
Arrival-Date: {DATE}

{status}
--4DF1A2.1772442000/mx.cq.example
Content-Description: Undelivered Message Headers
Content-Type: {returned_kind}

{returned or letter_head()}
--4DF1A2.1772442000/mx.cq.example--
""".encode()


def mail(body: str | bytes, charset: str = "utf-8", **headers: str) -> bytes:
    """A mail of one part; `headers` with underscores for hyphens, added or put in place of ours."""
    content = body if isinstance(body, bytes) else body.encode(charset)
    every = {
        "From": "zhang@shui.cq.example",
        "To": SENDER,
        "Date": DATE,
        "Subject": "hello",
        "Message-ID": "<1234@shui.cq.example>",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\n" for name, value in every.items() if value)
    return head.encode(charset) + b"\n" + content


class Remembered:
    """A memory of one mailbox, as adapters.bounces.mailbox.Memory has it."""

    def __init__(self) -> None:
        self.names: dict[str, bool] = {}

    def stays(self, name: str) -> bool | None:
        return self.names.get(name)

    def last(self) -> str:
        return next(reversed(self.names), "")

    def note(self, name: str, *, stays: bool = True) -> None:
        self.names[name] = stays


def read_all(box: Mailbox, memory: Remembered, *, stays: bool = True) -> list[bytes]:
    """Read what is unread, remember each mail, and put it away unless it stays."""
    found = []
    with box:
        for one in box.unread(memory):
            found.append(one.raw)
            memory.note(one.name, stays=stays)
            if not stays:
                box.put_away(one)
    return found
