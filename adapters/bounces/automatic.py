"""Answers that no person wrote: out of office, read receipts, challenges (RFC 3834, RFC 8098)."""

import re

from adapters.bounces.parts import Head, Part

_REPLIES = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-autoreply-from",
    "x-auto-reply",
    "x-mail-autoreply",
    "x-vacation",
    "x-apple-action",
    "x-ms-exchange-inbox-rules-loop",
    "x-facebook-notify",
)
_CHALLENGES = (
    "x-tmda-fingerprint",
    "x-choicemail-registration-request",
    "x-boxtrapper",
    "x-uol-challenge",
)

_SUBJECT = re.compile(
    r"\s*[\[【(（]?\s*(?:"
    r"自动(?:回复|答复|应答|回執|回执)|自動(?:回覆|回復|答覆)|(?:休假|外出|出差|离岗)(?:中|回复|通知|提示)"
    r"|不在办公室|已读(?:回执)?\s*[:：]"
    r"|auto(?:matic|mated)?[ -]?(?:reply|response|responder|antwort)|out[ -]of[ -](?:the[ -])?office"
    r"|vacation|away from (?:the |my )?(?:office|mail)|read\s*:|自動応答"
    r")",
    re.I,
)
_CHALLENGE_SUBJECT = re.compile(
    r"please (?:confirm|verify) your (?:message|mail|e-mail|email)|\bconfirm(?:ation)? (?:required|needed)"
    r"|(?:反垃圾|发件人|寄件人)(?:邮件)?(?:验证|确认|驗證)|challenge.response|verification required",
    re.I,
)


def automatic_reply(mail: Part) -> str:
    """Why the mail is an automatic answer to a person; empty when it does not say that it is one."""
    head = mail.head
    if "disposition-notification" in _report_type(mail):
        return "已读回执"
    if head.has(*_CHALLENGES) or _CHALLENGE_SUBJECT.search(head.get("subject")):
        return "要求验证发件人"
    if head.has(*_REPLIES) or _SUBJECT.match(head.get("subject")):
        return "自动回复"
    if _word(head, "precedence") in ("auto_reply", "auto-reply"):
        return "自动回复"
    return ""


def sent_by_program(mail: Part) -> bool:
    """Whether it says that a program sent it, whatever about: an answer, a notice, a newsletter."""
    return _word(mail.head, "auto-submitted") not in ("", "no")


def answered_by_program(mail: Part) -> bool:
    return _word(mail.head, "auto-submitted") == "auto-replied"


def _report_type(mail: Part) -> str:
    kinds = [mail.kind, *(part.kind for part in mail.parts)]
    named = mail.parameters.get("report-type", "") if mail.kind == "multipart/report" else ""
    return " ".join([named.lower(), *kinds])


def _word(head: Head, name: str) -> str:
    """The value's first word in lower case, without what follows a semicolon or in brackets."""
    return re.split(r"[\s;(]", head.get(name).strip().lower(), maxsplit=1)[0]
