"""The outbox: whether anything may be sent, and what did not go as it should."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.doctor.finding import Finding, attention, fault, good
from app.doctor.ground import Ground
from app.doctor.words import long, moment
from app.watching import abandoned
from flows import gate
from flows.postoffice import name_of
from state import backlog, servers
from state.backlog import Backlog
from state.servers import Server

LATELY = timedelta(days=31)
OLD = timedelta(hours=1)


def seat(ground: Ground) -> Iterator[Finding]:
    doubt = gate.doubt(ground.site)
    if doubt is None:
        yield good("发信身份", f"由本机用这个数据库发信（{ground.site.place.name}）")
    else:
        yield fault("发信身份", f"{doubt.label}；为免重复发信，一封也不寄", CONFIRM)


CONFIRM = (
    "先弄清有没有另一台机器、另一个目录还在用同一份数据库发信（有就停掉一处），"
    "确认该由这里发，再运行 duban outbox confirm"
)


def post(ground: Ground) -> Iterator[Finding]:
    with ground.site.database.reading() as connection:
        server = servers.find(connection, name_of(ground.site))
    yield standing(server, ground.at, ground.zones[0])


def standing(server: Server, at: datetime, zone: str) -> Finding:
    if server.stopped_at is not None:
        since = moment(server.stopped_at, zone)
        return fault("发信状态", f"{since}起停止发信：{server.reason}", RELEASE)
    if server.open(at) or server.rest_until is None:
        return good("发信状态", "没有停，也没有在歇")
    until = moment(server.rest_until, zone)
    times = f"，已连续 {server.rests} 次" if server.rests > 1 else ""
    return attention(
        "发信状态", f"邮件服务器出过问题{times}，歇到{until}再试：{server.reason}", REST
    )


RELEASE = "查明原因并改好（看“邮件服务器”“加密”“登录”各行），再运行 duban outbox release"
REST = "到时自己会再试；已经修好、不想等，就运行 duban outbox release"


def waiting(ground: Ground) -> Iterator[Finding]:
    """Letters that wait, that a dead sender left, that failed, that may have gone twice."""
    site, at = ground.site, ground.at
    with site.database.reading() as connection:
        found = backlog.backlog(connection, since=at - LATELY)
        held = backlog.holders(connection)
    lost = sum(one.letters for one in abandoned(site, held, at))
    yield queue(found, at)
    if lost:
        yield attention("中断的信", f"{lost} 封正在寄的时候程序中断了", LOST)
    yield failures(found)
    if found.doubtful:
        said = f"{LATELY.days} 天里有 {found.doubtful} 封，对方可能收到两份"
        yield attention("重复的信", said, "看是哪些：duban outbox --possible-duplicates；不必处理")


LOST = "不必处理：下次醒来会接着寄。正文已经开始发送的，会原样再寄一次，并列为可能重复"


def queue(found: Backlog, at: datetime) -> Finding:
    if not found.queued or found.oldest is None:
        return good("排队的信", "没有")
    waited = at - found.oldest
    said = f"{found.queued} 封，最早的一封等了 {long(waited)}"
    return attention("排队的信", said, QUEUE) if waited > OLD else good("排队的信", said)


QUEUE = (
    "非工作时间等着是正常的；工作时间里一直不走，看本页的故障各行。"
    "当天没寄出的会撤回，下一个工作日按当天的情况重写"
)


def failures(found: Backlog) -> Finding:
    if not found.failed:
        return good("没寄成的信", f"{LATELY.days} 天里没有")
    return attention("没寄成的信", f"{LATELY.days} 天里有 {found.failed} 封", FAILED)


FAILED = "运行 duban outbox --state failed 看服务器的答复；多半是地址不对，请改 config/contacts/"
