"""Celery's application: one task a mail. The worker imports it; see with_celery.py."""

import os
import smtplib
from email.message import EmailMessage

from celery import Celery

PORT = int(os.environ.get("MAIL_PORT", "0"))
TUNED = os.environ.get("TUNED") == "1"

app = Celery("mails", broker=os.environ["REDIS"])
if TUNED:
    app.conf.update(task_ignore_result=True, worker_prefetch_multiplier=64)
else:
    app.conf.update(result_backend=os.environ["REDIS"])

_kept: list[smtplib.SMTP] = []


@app.task
def send(subject: str, text: str, html: str, sender: str, to: str, **_: str) -> None:
    """As most write it."""
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, sender, to
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    with smtplib.SMTP("127.0.0.1", PORT) as smtp:
        smtp.send_message(message)


@app.task
def send_frozen(mime: str, sender: str, to: str) -> None:
    """The mail comes ready-made, and each process keeps its connection."""
    if not _kept:
        _kept.append(smtplib.SMTP("127.0.0.1", PORT))
    _kept[0].sendmail(sender, [to], mime)
