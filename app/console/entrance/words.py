"""What the entrance's pages say of moments and passwords."""

from datetime import datetime
from zoneinfo import ZoneInfo

from app.console.visit import Form
from app.place import ZONE


def spoken(at: datetime) -> str:
    """`2026年3月2日 10:05`, on the offices' clock."""
    here = at.astimezone(ZoneInfo(ZONE))
    return f"{here.year}年{here.month}月{here.day}日 {here:%H:%M}"


def typed(form: Form, name: str) -> str:
    """A password exactly as it was typed, with its blanks (ASVS 5.0, 6.2.8)."""
    return (form.fields.get(name) or ("",))[-1][:1000]
