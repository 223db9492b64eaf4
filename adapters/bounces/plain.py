"""Reports in a server's own words, as QQ, NetEase, Exmail, Exchange, Exim and qmail write them.

Only looked at for a Message-ID: whoever cannot give it back is not believed anyway.
"""

import re
from collections.abc import Iterator
from html import unescape

from adapters.bounces.automatic import sent_by_program
from adapters.bounces.parts import TEXT, Part
from adapters.bounces.phrases import COPY, DELAYED, FAILED, SENDER, SUBJECT
from adapters.bounces.returned import answered_id, quoted_id, returned_id
from adapters.bounces.status import REPLY, find_status
from adapters.outcome import clean
from duban.bounce import Bounce, Fate, Report

MOST = 20
"""Addresses in a report that are looked at."""

_TAG = re.compile(r"<(?:[/!]?[a-zA-Z][^<>]{0,2000}|!--[^<>]{0,2000})>")
_HIDDEN = re.compile(r"<(style|script)\b[^<>]*>[^<]*</\1", re.I)
_BREAK = re.compile(r"<(?:br|/?p|/?div|/?tr|/?li|/?h\d)\b[^<>]{0,500}>", re.I)
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z][\w-]{1,62}", re.A)
_CODE = re.compile(r"(?<![\d.])[45](?:\d\d[ -]|\.[0-7]\.\d)")


def looks_returned(mail: Part) -> bool:
    """Whether a mail server seems to have written it. A subject alone does not tell: people write about
    mail that came back too."""
    head = mail.head
    if head.has("x-failed-recipients") or SENDER.search(head.get("from")):
        return True
    return bool(SUBJECT.search(head.get("subject"))) and (
        nobody_wrote(mail) or sent_by_program(mail)
    )


def nobody_wrote(mail: Part) -> bool:
    """Whether it came without an address to answer to, as reports and automatic answers do."""
    return mail.head.get("return-path") == "<>"


def read_plain(mail: Part) -> Report | None:
    """What a mail says in words that only people are meant to read.

    None when it names no Message-ID, nobody whom it is about, or not whether it failed.
    """
    text = "\n".join(_texts(mail))[:TEXT]
    message_id = returned_id(mail) or quoted_id(text)
    words = _before_copy(text)
    if not message_id and find_status(words):
        message_id = answered_id(mail)
    named, fate = _named(mail, words), _fate(mail.head.get("subject"), words)
    if not (message_id and named and fate):
        return None
    return Report((Bounce(fate, named, _status(words, fate), _diagnostic(words)),), message_id)


def _texts(mail: Part) -> Iterator[str]:
    for leaf in mail.leaves():
        if leaf.kind == "text/html":
            yield _plain(leaf.text)
        elif leaf.kind == "text/plain":
            yield leaf.text


def _plain(html: str) -> str:
    return unescape(_TAG.sub(" ", _BREAK.sub("\n", _HIDDEN.sub(" ", html))))


def _before_copy(text: str) -> str:
    """What the server says itself: the returned mail names the recipient whatever became of it."""
    found = COPY.search(text)
    return text[: found.start()] if found else text


def _named(mail: Part, words: str) -> tuple[str, ...]:
    found = _ADDRESS.findall(f"{mail.head.get('x-failed-recipients')}\n{words}")
    return tuple(dict.fromkeys(one.lower() for one in found[: 5 * MOST]))[:MOST]


def _fate(subject: str, words: str) -> Fate | None:
    """A delay tells of failed attempts too, so that it is looked for first."""
    if DELAYED.search(subject):
        return Fate.DELAYED
    if find_status(words).startswith("5") or FAILED.search(subject):
        return Fate.FAILED
    if DELAYED.search(words):
        return Fate.DELAYED
    return Fate.FAILED if REPLY.search(words) or FAILED.search(words) else None


def _status(words: str, fate: Fate) -> str:
    if status := find_status(words):
        return status
    reply = REPLY.search(words)
    if reply:
        return f"{reply[1][0]}.0.0"
    return "4.0.0" if fate is Fate.DELAYED else "5.0.0"


def _diagnostic(words: str) -> str:
    """The line with the refusing server's code, else the first one that tells of failing."""
    found = _CODE.search(words) or FAILED.search(words)
    if found is None:
        return ""
    start = words.rfind("\n", max(0, found.start() - 300), found.start()) + 1
    return clean(words[start or max(0, found.start() - 300) :].partition("\n")[0])
