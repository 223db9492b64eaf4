"""The mailbox that mail comes back to: set, and openable. Nothing in it is read or moved."""

from collections.abc import Iterator
from dataclasses import replace

from adapters.bounces.imap import Imap
from adapters.bounces.mailbox import Mailbox, MailboxTrouble
from adapters.bounces.opening import configured
from adapters.settings import Mode
from app.doctor.finding import Finding, attention, fault, good
from app.doctor.ground import Ground


def returns(ground: Ground) -> Iterator[Finding]:
    box = configured(ground.settings, ground.at.date())
    if box is None:
        yield _unset(ground.settings.mail.mode)
        return
    try:
        with _hasty(box, ground.mail_patience):
            yield good("退信邮箱", f"{box.id} 打得开")
    except MailboxTrouble as trouble:
        yield fault("退信邮箱", str(trouble), REMEDY if isinstance(box, Imap) else "")


REMEDY = (
    "核对 bounces 的 host、port、tls、user 和密码（环境变量 DUBAN_BOUNCES__PASSWORD，没有时是 "
    "password_file 的内容）；QQ、网易等邮箱要先在网页设置里打开 IMAP，密码填“授权码”"
)


def _hasty(box: Mailbox, patience: float) -> Mailbox:
    if isinstance(box, Imap):
        return Imap(replace(box.account, timeout=patience), box.since)
    return box


def _unset(mode: Mode) -> Finding:
    if mode is Mode.CATCH:
        return good("退信邮箱", "没有设置；试用时不需要")
    said = "没有设置：服务器收下以后又退回来的信，账上仍显示“已接收”"
    return attention("退信邮箱", said, "在 config/settings.yaml 填写 bounces，写明退信寄回哪个邮箱")
