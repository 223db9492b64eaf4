"""The mail server, without sending a mail: connection, encryption, what it offers, login."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta

from adapters.outcome import Step
from adapters.probe import Cause, Probe, probe
from adapters.server import Server
from adapters.settings import Mode
from app.doctor.finding import Finding, attention, fault, good
from app.doctor.ground import Ground
from app.doctor.mailwords import ENCRYPTION, listed, remedy, trouble
from app.doctor.words import day, size
from flows.postoffice import BadServer, configured

SOON = timedelta(days=21)
SUBMISSION = (465, 587)
"""Ports at which a server has to ask for a login (RFC 6409, section 4.3)."""
NEARBY = ("localhost", "127.0.0.1", "::1")


def mail(ground: Ground) -> Iterator[Finding]:
    settings = ground.settings.mail
    if settings.mode is Mode.CATCH:
        folder = ground.settings.path(settings.folder).resolve()
        yield attention("邮件服务器", f"mail.mode 是 catch：信不会真正寄出，存入 {folder}", CATCH)
        return
    try:
        server = configured(ground.site)
    except BadServer as mixture:
        yield fault("邮件服务器", str(mixture))
        return
    seen = asyncio.run(probe(server, ground.mail_patience))
    yield from findings(seen, server, ground.at, ground.zones[0])


CATCH = "试用时就该这样；正式启用时在 config/settings.yaml 把 mail.mode 改为 smtp，并填好服务器"


def findings(seen: Probe, server: Server, at: datetime, zone: str) -> Iterator[Finding]:
    """What was seen, as far as it went; the last one is the trouble, when there was one."""
    wrong = _wrong(seen, server, at, zone)
    reached = STAGES.index(wrong.subject) if wrong else len(STAGES)
    if reached > 0 and seen.cause is not Cause.NO_AUTHORITIES:
        yield good("邮件服务器", f"{server.host}:{server.port} 连得上")
    if reached > 1:
        yield encryption(seen, server, at, zone)
        yield good("服务器功能", _offers(seen.offers))
    yield wrong or _login(seen, server)


STAGES = ("邮件服务器", "加密", "登录")


def _wrong(seen: Probe, server: Server, at: datetime, zone: str) -> Finding | None:
    if seen.cause is None:
        return None
    if seen.cause in ENCRYPTION or seen.step is Step.STARTTLS:
        subject = "加密"
    else:
        subject = "登录" if seen.step is Step.AUTH else "邮件服务器"
    return fault(subject, trouble(seen, server, zone), remedy(seen, server, at, zone))


def encryption(seen: Probe, server: Server, at: datetime, zone: str) -> Finding:
    held = seen.certificate
    if server.tls == "none":
        said = "mail.tls 是 none，信在网络上是明文"
        return good("加密", said) if server.host in NEARBY else attention("加密", said, CLEAR)
    if held is None:  # it hung up before it could be looked at
        return good("加密", "证书可信")
    ends = f"{day(held.ends, zone)}到期"
    said = f"{seen.protocol}；证书发给 {listed(held.names)}，由 {held.issuer} 签发，{ends}"
    left = held.ends - at
    if left < SOON:
        return attention("加密", f"{said}，只剩 {left.days} 天", RENEW)
    return good("加密", f"{said}（还有 {left.days} 天）")


CLEAR = "服务器支持时，把 mail.tls 改为 starttls（587 端口）或 implicit（465 端口）"
RENEW = "过期后一封信也寄不出：请提醒邮件服务器的管理员换证书"


def _offers(offers: dict[str, str]) -> str:
    limit = offers.get("size", "")
    big = (
        f"一封信最大 {size(int(limit))}" if limit.isdigit() and int(limit) else "没有说信的大小上限"
    )
    quick = "PIPELINING 有" if "pipelining" in offers else "PIPELINING 无（寄得慢一些）"
    notices = "DSN 有" if "dsn" in offers else "DSN 无（退信里少一些信息）"
    return f"{big}，{quick}，{notices}"


def _login(seen: Probe, server: Server) -> Finding:
    if server.user is not None:
        return good("登录", f"{server.user} 登录成功")
    if seen.logins and server.port in SUBMISSION:
        return attention("登录", "没有填 mail.user，不登录；这个端口一般要登录才收信", ANONYMOUS)
    return good("登录", "没有填 mail.user，不登录")


ANONYMOUS = "若服务器要求登录，请填 mail.user 和密码（mail.password_file 或 DUBAN_MAIL__PASSWORD）"
