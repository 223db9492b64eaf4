"""Which passwords are taken: by OWASP ASVS 5.0, or by what 等保 asks for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from duban.guessing import pieces

LONGEST = 128
ENOUGH = 6
"""Pieces that a password has to have at least: duban.guessing."""
FIRST = timedelta(days=14)
"""How long a password opens the door that somebody else gave out (ASVS 5.0, 6.4.1)."""


class Profile(StrEnum):
    """The rules for passwords."""

    ASVS = "asvs"
    """OWASP ASVS 5.0: length and a list of common ones, no composition, no expiry."""
    DENGBAO = "dengbao"
    """等保 (GB/T 22239): composition, expiry, no repetition."""


@dataclass(frozen=True, slots=True)
class Rules:
    """`classes`: of upper, lower, digit, other. `earlier`: how many of the last ones may not come again."""

    shortest: int
    classes: int
    lasts: timedelta | None
    earlier: int

    @property
    def words(self) -> str:
        """What is asked for, for whoever has to choose one."""
        kinds = "大写字母、小写字母、数字、符号四类里至少三类；" if self.classes > 1 else ""
        lasts = f"每 {self.lasts.days} 天换一次；" if self.lasts else ""
        return (
            f"{self.shortest} 到 {LONGEST} 个字符；{kinds}{lasts}"
            f"不用常见的词、姓名、生日和键盘上相邻的键"
        )


RULES = {
    Profile.ASVS: Rules(12, 1, None, 1),
    Profile.DENGBAO: Rules(8, 3, timedelta(days=90), 5),
}


def fault(rules: Rules, password: str, own: Iterable[str]) -> str:
    """Why it cannot be taken and what would do; empty when it can. `own`: the person's login and names,
    the offices' names."""
    if len(password) < rules.shortest:
        return f"密码太短：现在 {len(password)} 个字符，至少要 {rules.shortest} 个"
    if len(password) > LONGEST:
        return f"密码太长：现在 {len(password)} 个字符，最多 {LONGEST} 个"
    if _classes(password) < rules.classes:
        return "密码要有大写字母、小写字母、数字、符号四类里的至少三类"
    if pieces(password, _parts(own)) < ENOUGH:
        return "这个密码太容易猜到：由常见的词、姓名、日期、连续或重复的字符拼成，请换一个"
    return ""


def too_old(rules: Rules, set_at: datetime | None, at: datetime) -> bool:
    return bool(rules.lasts and set_at and at - set_at >= rules.lasts)


def too_late(set_at: datetime | None, at: datetime) -> bool:
    """Whether a password that somebody else gave out was left lying about."""
    return bool(set_at and at - set_at >= FIRST)


def _classes(password: str) -> int:
    kinds = {
        "upper" if one.isupper() else "lower" if one.islower() else "digit" if one.isdigit() else ""
        for one in password
    }
    return len(kinds)


def _parts(own: Iterable[str]) -> set[str]:
    """The names and their parts: `li.wei@kx` gives li, wei, kx too."""
    spread = {part for name in own for part in (name, *_split(name))}
    return {part for part in spread if len(part) > 1}


def _split(name: str) -> list[str]:
    return "".join(one if one.isalnum() else " " for one in name).split()
