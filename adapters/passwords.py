"""Passwords as they are kept: argon2id (RFC 9106), never the words themselves."""

import secrets
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""OWASP's parameters for argon2id: 19 MiB, two passes; some 20 ms each."""
AT_ONCE = 4
"""Passwords that are computed at the same time in one process: a crowd at the log-in waits a moment, instead
of taking 19 MiB each, which the threads that serve forms would keep."""
_workers = ThreadPoolExecutor(AT_ONCE, "password")
_CLEAR = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that look alike."""
_NOBODY = HASHER.hash("nobody's password")


def encode(password: str) -> str:
    return _workers.submit(HASHER.hash, password).result()


def fits(encoded: str, password: str) -> bool:
    """Whether it is the one; an empty `encoded` fits nothing and takes as long to say so."""
    try:
        right = _workers.submit(HASHER.verify, encoded or _NOBODY, password).result()
        return right and bool(encoded)
    except (VerificationError, InvalidHashError):
        return False


def outdated(encoded: str) -> bool:
    """Whether it was encoded with weaker parameters than today's."""
    return HASHER.check_needs_rehash(encoded)


def invent() -> str:
    """A first password to give out, like `kT7m-Rw3x-pQ9a-hZ4c`: 90 bits, all four kinds of characters."""
    while True:
        made = "-".join("".join(secrets.choice(_CLEAR) for _ in range(4)) for _ in range(4))
        if any(map(str.isdigit, made)) and any(map(str.isupper, made)):
            return made
