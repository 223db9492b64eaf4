"""A Django site with nothing but a mail queue."""

from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from benchmarks.delivery.peers.order import Order


def open_site(order: Order, app: str, **more: Any) -> None:
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", app],
        DATABASES={"default": order.store},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=order.port,
        USE_TZ=True,
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        LOGGING_CONFIG=None,
        **more,
    )
    django.setup()


def make_tables() -> None:
    call_command("migrate", verbosity=0)


def close() -> None:
    connections.close_all()
