"""Times, spans and sizes as people say them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


def moment(at: datetime, zone: str, *, seconds: bool = False) -> str:
    """`2026年3月2日 09:05` on the wall clock of `zone`."""
    local = at.astimezone(ZoneInfo(zone))
    clock = local.strftime("%H:%M:%S" if seconds else "%H:%M")
    return f"{local.year}年{local.month}月{local.day}日 {clock}"


def day(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.year}年{local.month}月{local.day}日"


def long(span: timedelta) -> str:
    """`3 天`, `2 小时`, `5 分钟`, `40 秒`: its biggest unit, rounded down."""
    seconds = int(span.total_seconds())
    for unit, name in ((86400, "天"), (3600, "小时"), (60, "分钟")):
        if seconds >= unit:
            return f"{seconds // unit} {name}"
    return f"{seconds} 秒"


def size(number: int) -> str:
    """`4.2 MB`"""
    amount = float(number)
    for unit in ("字节", "KB", "MB", "GB"):
        if amount < 1000:
            return (
                f"{amount:.0f} {unit}" if amount >= 10 or unit == "字节" else f"{amount:.1f} {unit}"
            )
        amount /= 1000
    return f"{amount:.1f} TB"
