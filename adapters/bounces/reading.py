"""Bytes of a mail -> what it is. It never raises, and believes nobody: that is for the account."""

from adapters.bounces.automatic import answered_by_program, automatic_reply, sent_by_program
from adapters.bounces.parts import Part, take_apart
from adapters.bounces.plain import looks_returned, nobody_wrote, read_plain
from adapters.bounces.returned import answered_id, returned_id
from adapters.bounces.status import KINDS, read_status
from duban.bounce import Automatic, Bounce, Foreign, Personal, Reading, Report

COMPLAINT = "message/feedback-report"
"""RFC 5965."""
OURS = "x-duban-letter"
"""A letter to somebody of the office may come to the very mailbox that reports come to."""


def read(raw: bytes) -> Reading:
    """What the mail is; of a long one only the beginning is looked at.

    A standard report goes before everything, for Postfix marks its own as `auto-replied`; then what
    says that it is an automatic answer; then reports in a server's own words.
    """
    mail = take_apart(raw)
    leaves = list(mail.leaves())
    statuses = [leaf for leaf in leaves if leaf.kind in KINDS]
    if statuses:
        return _standard(mail, statuses) or Foreign("退信里看不出收件人或结果")
    if any(leaf.kind == COMPLAINT for leaf in leaves):
        return Foreign("收件人把信举报为垃圾邮件")
    if mail.head.has(OURS):
        return Personal()
    if why := automatic_reply(mail):
        return Automatic(why)
    if looks_returned(mail):
        return read_plain(mail) or Foreign(_why(mail))
    if answered_by_program(mail):
        return Automatic("自动回复")
    if nobody_wrote(mail) and not sent_by_program(mail):
        return read_plain(mail) or Personal()
    return Personal()


def _standard(mail: Part, statuses: list[Part]) -> Report | None:
    envid, bounces = "", list[Bounce]()
    for part in statuses:
        named, said = read_status(part)
        envid = envid or named
        bounces += said
    if not bounces:
        return read_plain(mail)
    return Report(tuple(bounces), returned_id(mail) or answered_id(mail), envid)


def _why(mail: Part) -> str:
    if returned_id(mail):
        return "像退信，但看不出收件人或结果"
    return "像退信，但没有带回原信的 Message-ID"
