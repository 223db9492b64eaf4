"""Trouble with the mail server in words: what is wrong, and which setting or whom it concerns."""

from datetime import datetime

from adapters.outcome import Step
from adapters.probe import Cause, Probe
from adapters.server import Server
from app.doctor.words import day, moment

ENCRYPTION = (
    Cause.NOT_TLS,
    Cause.NO_STARTTLS,
    Cause.NO_AUTHORITIES,
    Cause.EXPIRED,
    Cause.NOT_YET,
    Cause.WRONG_NAME,
    Cause.UNTRUSTED,
    Cause.HANDSHAKE,
)
STEPS = {
    Step.CONNECT: "刚连上",
    Step.EHLO: "互报家门（EHLO）",
    Step.STARTTLS: "开始加密（STARTTLS）",
    Step.AUTH: "登录（AUTH）",
}


def trouble(seen: Probe, server: Server, zone: str) -> str:
    """One sentence without its full stop. Raises ValueError when there was no trouble."""
    where, held = f"{server.host}:{server.port}", seen.certificate
    words = " ".join(filter(None, (str(seen.code or ""), seen.reply)))
    reply = f"：{words}" if words else ""
    match seen.cause:
        case None:
            raise ValueError("no trouble")
        case Cause.NO_HOST:
            return f"找不到主机 {server.host}（DNS 里查不到）"
        case Cause.REFUSED:
            return f"{where} 拒绝连接：那里没有邮件服务"
        case Cause.UNREACHABLE:
            return f"本机没有通往 {server.host} 的网络"
        case Cause.SILENT:
            return f"连不上 {where}：一直没有回应"
        case Cause.MUTE:
            return f"连上了 {where}，但它一言不发"
        case Cause.NOT_TLS:
            return f"{where} 不是一连上就加密的，而 mail.tls 是 implicit"
        case Cause.NO_STARTTLS:
            return f"{where} 不提供 STARTTLS，而 mail.tls 是 starttls"
        case Cause.NO_AUTHORITIES:
            return f"读不了 mail.ca 指定的证书文件 {server.ca}{reply}"
        case Cause.EXPIRED:
            return f"服务器的证书已{f'在{day(held.ends, zone)}' if held else '经'}过期"
        case Cause.NOT_YET:
            return f"服务器的证书还没有生效{f'（从{day(held.begins, zone)}起）' if held else ''}"
        case Cause.WRONG_NAME:
            whose = f"，而是发给 {listed(held.names)}" if held else ""
            return f"服务器的证书不是发给 {server.host} 的{whose}"
        case Cause.UNTRUSTED:
            return f"本机不信任服务器的证书{reply}"
        case Cause.HANDSHAKE:
            return f"加密握手失败{reply}"
        case Cause.WRONG_LOGIN:
            return f"服务器不接受 {server.user} 这个账号或它的密码{reply}"
        case Cause.NO_MECHANISM:
            offered = f"（它提供 {'、'.join(seen.logins).upper()}）" if seen.logins else ""
            return f"服务器没有给出可用的登录方式{offered}"
        case Cause.ANSWERED if seen.step is Step.CONNECT:
            return f"{where} 不接待我们{reply}"
        case Cause.ANSWERED:
            return f"{STEPS[seen.step]}时服务器没有答应{reply}"
        case Cause.NOT_SMTP:
            return f"{where} 的应答不是邮件服务器的{reply}"
        case Cause.LOST:
            return f"{STEPS[seen.step]}时连接断了"
        case Cause.SLOW:
            return f"{STEPS[seen.step]}时服务器很久没有答复"
        case Cause.OTHER:
            return f"{STEPS[seen.step]}时出错{reply}"


def remedy(seen: Probe, server: Server, at: datetime, zone: str) -> str:
    """What to do about it; settings are those of config/settings.yaml."""
    if seen.code == 421 or (seen.code and seen.code < 500):
        return "这是暂时的，程序会自己再试；一直这样，就请邮件服务器的管理员看一看"
    if seen.cause in (Cause.EXPIRED, Cause.NOT_YET):
        return f"先看本机时钟对不对（现在是{moment(at, zone)}）；时钟没错，就请邮件服务器的管理员换证书"
    if seen.cause is Cause.ANSWERED:
        return ANSWERED[seen.step]
    if seen.cause is Cause.MUTE and server.tls != "implicit":
        return MUTE
    if seen.cause is Cause.NO_HOST:
        return f"核对 mail.host 的拼写；没有写错就是本机的 DNS 不通（用 nslookup {server.host} 试）"
    return REMEDIES[seen.cause] if seen.cause else ""


REMEDIES = {
    Cause.REFUSED: (
        "核对 mail.host 和 mail.port：加密提交一般是 587（tls: starttls）或 465（tls: implicit）；"
        "都没错，就是服务器没有开，或防火墙不让本机连"
    ),
    Cause.UNREACHABLE: "检查本机的网络、网关和 VPN；mail.host 若写的是 IP 地址，核对有没有写错",
    Cause.SILENT: (
        "核对 mail.host 和 mail.port；没有写错，多半是防火墙或云主机封了这个端口（25 常被封，"
        "可改用 465 或 587），请网络管理员放行"
    ),
    Cause.MUTE: "服务器可能太忙，过一会儿再试；一直这样，就请邮件服务器的管理员看一看",
    Cause.NOT_TLS: "把 mail.tls 改为 starttls（一般配 587 端口）；要用 implicit，就换成 465 端口",
    Cause.NO_STARTTLS: (
        "改用一连上就加密的端口：mail.port 写 465，mail.tls 写 implicit；"
        "以前一直有而突然没有了，可能有人在中间拦截，请先问邮件服务器的管理员"
    ),
    Cause.NO_AUTHORITIES: "核对 mail.ca 的路径和权限；应是 PEM 文件（-----BEGIN CERTIFICATE----- 开头）",
    Cause.WRONG_NAME: "把 mail.host 改成证书上的名字；没有合适的名字，就请邮件服务器的管理员换证书",
    Cause.UNTRUSTED: (
        "单位自己签发的证书：向邮件服务器的管理员要 CA 证书（PEM 文件），存到本机，在 mail.ca 写上路径；"
        "公网邮箱：更新本机的根证书（apt install ca-certificates），还不行就可能有人在中间拦截"
    ),
    Cause.HANDSHAKE: "服务器的加密方式与本机不合，多半太旧：请邮件服务器的管理员启用 TLS 1.2 或更新的版本",
    Cause.WRONG_LOGIN: (
        "核对 mail.user（多为完整的邮箱地址）和密码（环境变量 DUBAN_MAIL__PASSWORD，没有时是 "
        "mail.password_file 的内容）；QQ、网易等邮箱要填“授权码”或“客户端专用密码”，不是登录网页的密码。"
        "改好后运行 duban outbox release"
    ),
    Cause.NO_MECHANISM: (
        "25 端口常不许登录：把 mail.port 改为 465（tls: implicit）或 587（tls: starttls）；"
        "还不行就请邮件服务器的管理员打开 PLAIN 或 LOGIN；服务器本来不用登录的，去掉 mail.user 和密码"
    ),
    Cause.NOT_SMTP: "核对 mail.host 和 mail.port：那里是别的服务（如网页或收信的 993、995 端口）",
    Cause.LOST: "过一会儿再试；一直这样，就核对 mail.port 和 mail.tls 是否配套，再请邮件服务器的管理员看一看",
    Cause.SLOW: "服务器可能太忙，过一会儿再试；一直这样，就请邮件服务器的管理员看一看",
    Cause.OTHER: "把这一行转给邮件服务器的管理员",
}
MUTE = "这个端口多半要一连上就加密：465 端口请把 mail.tls 改为 implicit；其他端口，可能它太忙，过一会儿再试"
ANSWERED = {
    Step.CONNECT: "多半是本机的 IP 地址不在允许之列，或被列入黑名单：请邮件服务器的管理员放行本机的地址",
    Step.EHLO: "在 mail.hostname 填上本机的完整域名（如 duban.kx.cq.example）；还不行就请邮件管理员放行",
    Step.STARTTLS: "请邮件服务器的管理员检查它的证书和加密；或改用 465 端口（tls: implicit）",
    Step.AUTH: "请邮件服务器的管理员看这个账号能不能用 SMTP 登录（有的邮箱要先在网页设置里打开 SMTP 服务）",
}


def listed(names: tuple[str, ...]) -> str:
    """The first four."""
    shown = "、".join(names[:4])
    return f"{shown} 等" if len(names) > 4 else shown
