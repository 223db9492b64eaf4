"""What a browser brings along from the first step of the log-in to the second: sealed, and soon worthless."""

import json
from datetime import datetime, timedelta
from hashlib import sha256

from adapters.secret import Secret, bytes_of, text_of
from state.accounts import Credentials

PURPOSE = "second step"
LASTS = timedelta(minutes=5)


def issue(secret: Secret, known: Credentials, at: datetime) -> str:
    said = [known.account.id, int(at.timestamp()), mark(known)]
    return text_of(secret.seal(PURPOSE, json.dumps(said).encode()))


def read(secret: Secret, ticket: str, at: datetime) -> tuple[int, str] | None:
    """The account's number and the mark of its password; None when it is not ours, or too old."""
    opened = secret.open(PURPOSE, bytes_of(ticket) or b"")
    if opened is None:
        return None
    id, issued, marked = json.loads(opened)
    age = at.timestamp() - issued
    return (id, marked) if 0 <= age < LASTS.total_seconds() else None


def mark(known: Credentials) -> str:
    """Another one as soon as the password is another one."""
    return sha256(known.password.encode()).hexdigest()[:16]
