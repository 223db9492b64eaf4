"""django-post_office: `send_queued_mail`, with its defaults or in large batches."""

from benchmarks.delivery.driver import drive
from benchmarks.delivery.peers.django_site import close, make_tables, open_site
from benchmarks.delivery.peers.order import Order

TUNED = {"BATCH_SIZE": 2000, "THREADS_PER_PROCESS": 16, "LOG_LEVEL": 1}
"""As many threads as ours has connections at most; a log row for each failure only."""


def fill(order: Order) -> None:
    from post_office import mail

    make_tables()
    mail.send_many(
        [
            {
                "sender": one["sender"],
                "recipients": [one["to"]],
                "subject": one["subject"],
                "message": one["text"],
                "html_message": one["html"],
            }
            for one in order.messages()
        ]
    )


def send(processes: int) -> None:
    from django.core.management import call_command

    call_command("send_queued_mail", processes=processes)


def main() -> None:
    order = Order.read()
    open_site(order, "post_office", POST_OFFICE=TUNED if order.tuned else {})
    if order.task == "fill":
        fill(order)
    else:
        drive(lambda: send(order.processes))
    close()


if __name__ == "__main__":
    main()
