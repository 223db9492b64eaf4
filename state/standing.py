"""Where a letter stands in the outbox, and how far its handing over got."""

from enum import StrEnum


class Standing(StrEnum):
    """Where a letter stands in the outbox."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    """The mail server answered 250. It does not mean read."""
    FAILED = "failed"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return {
            "queued": "待寄",
            "sending": "正在寄",
            "accepted": "邮件服务器已接收",
            "failed": "寄送失败",
            "withdrawn": "已撤回",
        }[self.value]


class Phase(StrEnum):
    """How far a claimed letter got; a lease lost in `body` is ambiguous."""

    CLAIMED = "claimed"
    BODY = "body"
