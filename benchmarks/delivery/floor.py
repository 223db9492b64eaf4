"""The floor: what anyone would write first, EmailMessage and aiosmtplib on one connection.

`python -m benchmarks.delivery.floor PORT MAILS`; nothing is claimed and nothing is recorded.
"""

import asyncio
import sys
from email.message import EmailMessage

from aiosmtplib import SMTP

from benchmarks.delivery.driver import drive
from benchmarks.delivery.mails import AT, HTML, SENDER, SUBJECT, TEXT, message_id, recipient


async def send(port: int, mails: int) -> int:
    async with SMTP(hostname="127.0.0.1", port=port, start_tls=False) as smtp:
        for number in range(mails):
            await smtp.send_message(_message(number))
    return mails


def _message(number: int) -> EmailMessage:
    message = EmailMessage()
    message["Date"] = AT
    message["From"] = SENDER
    message["To"] = recipient(number)
    message["Subject"] = SUBJECT
    message["Message-ID"] = message_id(number)
    message.set_content(TEXT)
    message.add_alternative(HTML, subtype="html")
    return message


if __name__ == "__main__":
    port, mails = map(int, sys.argv[1:])
    drive(lambda: asyncio.run(send(port, mails)))
