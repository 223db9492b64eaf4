"""Acts (动作): every kind of line in the account, and how it is told to people."""

import re

from duban.seal import is_erased

LABELS = {
    # what becomes of an item
    "new": "列入",
    "changed": "调整",
    "moved": "改期",
    "withdraw": "撤销",
    "withdrawn": "撤销",
    "restore": "恢复",
    "restored": "恢复",
    "drop": "不再通知",
    # letters
    "notify": "通知",
    "remind": "提醒",
    "urge": "督办",
    "correct": "更正通知",
    "unsend": "撤回信件",
    "bounce": "退信",
    "delay": "迟延",
    "deliver": "送达",
    "receipt": "回执",
    "revoke": "停用链接",
    "release": "放行发信",
    "confirm": "确认由此发信",
    # what departments do
    "acknowledge": "签收",
    "report": "报送",
    "extension": "申请延期",
    "transfer": "申请转办",
    "not-ours": "非本单位",
    # what the secretariat decides
    "return": "退回",
    "reopen": "重办",
    "complete": "办结",
    "exempt": "免办",
    "grant": "同意申请",
    "refuse": "不同意申请",
    # who comes in
    "login": "登录",
    "login-failed": "登录失败",
    "locked": "账号锁定",
    "logout": "退出",
    "account": "账号变动",
    # what is configured
    "apply": "应用日历",
    "template": "修改模板",
    # the account itself
    "export": "导出个人信息",
    "erase": "删除个人信息",
}
_REASONS = {
    "past": "已经过去，不再通知",
    "needless": "单位没有收到过要更正的内容，不必更正",
    "told": "在岗的收信人都已收到",
}
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_UNTIL = re.compile(r"(.*)（延到 (\S+)）", re.DOTALL)
_FROM = {"console": "督办台", "link": "信中链接", "demo": "演示"}


def label(act: str) -> str:
    """In Chinese; one that nobody named here, as it is."""
    return LABELS.get(act, act)


def who(actor: str) -> str:
    """`duban` itself is 系统, the rehearsal 演练."""
    if actor == "duban":
        return "系统"
    if actor == "rehearsal":
        return "演练"
    return "已删除" if actor.startswith("erased-") else actor


def why(act: str, reason: str) -> str:
    """The reason of a line in words."""
    if is_erased(reason):
        return "应本人请求，内容已删除"
    if act == "new":
        return f"时限 {_dated(reason)}"
    if moved := re.fullmatch(r"(\S+) -> (\S+)", reason):
        return f"{_dated(moved[1])} 改为 {_dated(moved[2])}"
    if until := _UNTIL.fullmatch(reason):
        return f"{until[1]}（延到 {_dated(until[2])}）"
    return _REASONS.get(reason, reason)


def _dated(text: str) -> str:
    """`2026-03-07` is 2026年3月7日; anything else stays."""
    day = _DAY.fullmatch(text)
    return f"{day[1]}年{int(day[2])}月{int(day[3])}日" if day else text


def where(via: str) -> str:
    """`console 10.0.0.8` is 督办台 10.0.0.8."""
    kind, _, address = via.partition(" ")
    return f"{_FROM[kind]} {address}".strip() if kind in _FROM else via
