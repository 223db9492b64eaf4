"""django-mailer: `send_mail`, once for each process; two share the queue by its row locks."""

from benchmarks.delivery.driver import drive
from benchmarks.delivery.peers.django_site import close, make_tables, open_site
from benchmarks.delivery.peers.order import Order

TUNED = {"MAILER_EMAIL_LOG_MESSAGE_DATA": False}
"""The log does not keep the mail."""


def fill(order: Order) -> None:
    from django.core.mail import EmailMultiAlternatives
    from mailer.backend import DbBackend

    make_tables()
    mails = []
    for one in order.messages():
        mail = EmailMultiAlternatives(one["subject"], one["text"], one["sender"], [one["to"]])
        mail.attach_alternative(one["html"], "text/html")
        mails.append(mail)
    DbBackend().send_messages(mails)


def send() -> None:
    from django.core.management import call_command

    call_command("send_mail")


def main() -> None:
    order = Order.read()
    open_site(order, "mailer", MAILER_USE_FILE_LOCK=False, **(TUNED if order.tuned else {}))
    if order.task == "fill":
        fill(order)
    else:
        drive(send)
    close()


if __name__ == "__main__":
    main()
