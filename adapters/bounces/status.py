"""message/delivery-status and its international sister: RFC 3464, RFC 6533."""

import re
from collections.abc import Iterator

from adapters.bounces.parts import Head, Part, read_head
from adapters.outcome import clean
from duban.bounce import Bounce, Fate

KINDS = ("message/delivery-status", "message/global-delivery-status")
MOST = 50
"""Recipients of one report that are looked at; our letters have one."""

STATUS = re.compile(r"(?<![\d.])([245])\.([0-7])\.(\d{1,3})(?![\d.]*\d)")
"""Subjects are 0 to 7, so that `Exim 4.94.2` is no status, nor is an address of four numbers."""
REPLY = re.compile(r"(?<![\d.])([45]\d\d)(?=[ -])")

_BLANK = re.compile(rb"(?:\r?\n[ \t]*)+\r?\n")
_HEX = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_COMMENT = re.compile(r"\([^()]{0,200}\)")
_TYPES = ("rfc822", "rfc/822", "utf-8", "utf8", "")
_ACTIONS = {
    "fail": Fate.FAILED,
    "delay": Fate.DELAYED,
    "deliver": Fate.DELIVERED,
    "relay": Fate.RELAYED,
    "expand": Fate.EXPANDED,
}


def read_status(part: Part) -> tuple[str, list[Bounce]]:
    """The ENVID that the report names, empty when it names none, and what it says of each recipient.

    Recipients of whom nothing can be understood are left out.
    """
    envid, bounces = "", list[Bounce]()
    for group in _groups(part.content):
        envid = envid or group.get("original-envelope-id")
        if len(bounces) < MOST and (bounce := _bounce(group)):
            bounces.append(bounce)
    return _unxtext(envid), bounces


def _groups(content: bytes) -> Iterator[Head]:
    """Of fields, parted by empty lines; some servers forget the line between two recipients."""
    for block in _BLANK.split(content, maxsplit=2 * MOST):
        group: list[tuple[str, str]] = []
        for name, value in read_head(block).fields:
            if name == "final-recipient" and any(known == name for known, _ in group):
                yield Head(tuple(group))
                group = []
            group.append((name, value))
        yield Head(tuple(group))


def _bounce(group: Head) -> Bounce | None:
    named = (*_addresses(group, "original-recipient"), *_addresses(group, "final-recipient"))
    diagnostic = _diagnostic(group)
    status = find_status(group.get("status")) or find_status(diagnostic)
    fate = _fate(group.get("action"), status)
    if fate is None or not named:
        return None
    if not status and (reply := REPLY.search(diagnostic)):
        status = f"{reply[1][0]}.0.0"
    return Bounce(fate, tuple(dict.fromkeys(named)), status, diagnostic)


def _fate(action: str, status: str) -> Fate | None:
    """By the action; where a server forgets it, by the class of the status (RFC 3463, section 2)."""
    for word, fate in _ACTIONS.items():
        if action.lower().startswith(word):
            return fate
    by_class = {"5": Fate.FAILED, "4": Fate.DELAYED, "2": Fate.DELIVERED}
    return by_class.get(status[:1]) if not action else None


def _diagnostic(group: Head) -> str:
    value = group.get("diagnostic-code") or group.get("x-supplementary-info")
    kind, colon, words = value.partition(";")
    return clean(words if colon and len(kind) < 40 and " " not in kind.strip() else value)


def _addresses(group: Head, name: str) -> tuple[str, ...]:
    """The address as it stands and as it reads without xtext, for servers do either.

    None for an address of another kind than a mail address (RFC 3464, section 2.1.2).
    """
    value = group.get(name)
    kind, semicolon, rest = value.partition(";")
    kind, rest = (kind, rest) if semicolon else ("", value)
    if _COMMENT.sub("", kind).strip().lower() not in _TYPES:
        return ()
    address = _HEX.sub(_character, _COMMENT.sub("", rest)).strip().strip("<>\"' ")
    return tuple(one.lower() for one in (address, _unxtext(address)) if "@" in one)


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else ""


def _unxtext(text: str) -> str:
    """`a+2Bb` is `a+b` (RFC 3461, section 4)."""
    return _XTEXT.sub(lambda found: chr(int(found[1], 16)), text)


def find_status(text: str) -> str:
    """The first status code (RFC 3463) in the text, as `5.1.1`; empty when there is none."""
    found = STATUS.search(text)
    return ".".join(str(int(digits)) for digits in found.groups()) if found else ""
