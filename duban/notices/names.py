"""The names of holidays."""

import re

HOLIDAYS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
"""Those that every yearly notice since 2007 arranges."""
KNOWN = r"(?:元旦|春节|清明节?|(?:五一)?(?:国际)?劳动节|端午节?|中秋节?|国庆节|除夕)"
NAME = rf"(?:{KNOWN}|[一-龥\d]{{2,40}}纪念日)"
NAMES = re.compile(rf"{NAME}(?:[、和及]{NAME})*")


def canonical(name: str) -> str:
    """`清明、五一国际劳动节` as `清明节、劳动节`, each once."""
    parts = re.split("[、和及]", name)
    short = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}
    named = ("劳动节" if one.endswith("劳动节") else short.get(one, one) for one in parts)
    return "、".join(dict.fromkeys(named))
