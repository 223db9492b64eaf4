"""Bytes of unknown origin -> text: never an error, never a slow codec."""

import re
from binascii import Error, a2b_base64, a2b_qp

_CHINESE = re.compile(r"gb[-_]?(2312|k|18030)(-80)?|x-gbk|hz-gb-2312|cn-gb|chinese", re.I)
_KNOWN = re.compile(
    r"utf-?8|utf-?16(le|be)?|utf-?32(le|be)?|big5(-?hkscs)?|iso-2022-(jp|kr)(-\w+)?|shift[-_]jis"
    r"|euc-(jp|kr)|ks_c_5601-1987|koi8-[ru]|iso-8859-\d{1,2}|windows-12\d\d|tis-620",
    re.I,
)
_ASCII = re.compile(r"us-ascii|ascii|iso-8859-1|windows-1252|x-unknown|unknown-8bit|", re.I)
"""What servers write when they do not know; then 8-bit bytes are looked at."""

_WORD = re.compile(r"=\?([\w.-]{1,40})(?:\*[\w-]{0,20})?\?([bq])\?([^?\s]{0,2000})\?=", re.I)
_BETWEEN = re.compile(r"(\?=)\s+(=\?)")


def decode(raw: bytes, charset: str = "") -> str:
    """The text, in the charset that was declared if it fits, else UTF-8, GB 18030 or Latin-1."""
    for name in (_codec(charset), "utf-8", "gb18030"):
        try:
            if name:
                return raw.decode(name)
        except (UnicodeError, LookupError):
            continue
    return raw.decode("latin-1")


def _codec(charset: str) -> str:
    charset = charset.strip(" \"'")
    if _ASCII.fullmatch(charset):
        return ""
    if _CHINESE.fullmatch(charset):
        return "hz" if charset.lower().startswith("hz") else "gb18030"
    return charset if _KNOWN.fullmatch(charset) else ""


def transfer_decode(raw: bytes, encoding: str) -> bytes:
    """What stood there before base64 or quoted-printable (RFC 2045, section 6); else as it is."""
    match encoding.strip().lower():
        case "base64":
            return unbase64(raw)
        case "quoted-printable":
            return a2b_qp(raw)
    return raw


def unbase64(raw: bytes) -> bytes:
    """Foreign characters are skipped, a broken end is dropped."""
    kept = re.sub(rb"[^A-Za-z0-9+/]+", b"", raw)
    kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
    try:
        return a2b_base64(kept + b"=" * (-len(kept) % 4))
    except Error:
        return b""


def decode_words(text: str) -> str:
    """Encoded words (RFC 2047) as the characters that they stand for."""
    return _WORD.sub(_word, _BETWEEN.sub(r"\1\2", text)) if "=?" in text else text


def _word(found: re.Match[str]) -> str:
    charset, how, coded = found.groups()
    raw = coded.encode("utf-8", "replace")
    return decode(unbase64(raw) if how in "bB" else a2b_qp(raw, header=True), charset)
