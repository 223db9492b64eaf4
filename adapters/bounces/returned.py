"""Which mail a report speaks of: what it gives back of it."""

import re

from adapters.bounces.parts import Head, Part

KINDS = (
    "message/rfc822",
    "message/global",
    "message/rfc822-headers",
    "message/global-headers",
    "text/rfc822-headers",
    "text/rfc822-header",
)
ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,250}>")
_QUOTED_ID = re.compile(
    r"^[ \t>|]*(?:X-Original-)?Message-ID:\s*(<[^<>\s@]{1,200}@[^<>\s@]{1,250}>)", re.I | re.M
)


def returned_id(mail: Part) -> str:
    """The Message-ID of the returned mail or of its headers; empty when nothing came back."""
    for leaf in mail.leaves():
        if leaf.kind in KINDS and (found := first_id(_head(leaf), "message-id")):
            return found
    return first_id(mail.head, "x-original-message-id")


def answered_id(mail: Part) -> str:
    """The Message-ID that the report itself answers to, for servers that give nothing back."""
    return first_id(mail.head, "in-reply-to") or first_id(mail.head, "references")


def quoted_id(text: str) -> str:
    """The Message-ID in headers that are quoted in plain text; empty when there are none."""
    found = _QUOTED_ID.search(text)
    return found[1] if found else ""


def first_id(head: Head, name: str) -> str:
    found = ID.search(head.get(name))
    return found[0] if found else ""


def _head(leaf: Part) -> Head:
    """Headers alone may come without the empty line that ends them, or after some empty ones."""
    return leaf.inner.head
