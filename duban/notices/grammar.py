"""The grammar of a sentence: clauses, one after another."""

import re

from duban.notices.days import DAY, SPAN
from duban.notices.figures import FIGURE
from duban.notices.names import NAME

_DAYS = rf"(?P<days>{SPAN}(?:[、和及]{SPAN})*)"
_HOLIDAY = rf"(?:将?\d{{4}}年)?{NAME}假期"
_COUNT = rf"(?P<count>\d{{1,2}}|{FIGURE}{{1,3}})天"
_CLAUSES = {
    "off": rf"{_DAYS}(?:放假(?:调休|公休)?|调休放假)(?:{_COUNT})?",
    "work": rf"{_DAYS}(?P<from>起)?(?P<usual>恢复|恢复正常|正常|照常)?上班",
    "rest": rf"{_DAYS}(?:补休|调休)",
    "legal": rf"{_DAYS}为(?:{NAME})?法定节?假日",
    "weekend": rf"{_DAYS}(?:照常公休|为公休日)",
    "move": rf"将?{_DAYS}(?:[两三四]个)?公休日(?:及{NAME})?(?:分别)?调至(?P<to>{SPAN}(?:[、和及]{SPAN})*)",
    "longer": rf"(?:{_HOLIDAY})?延长(?:{_HOLIDAY})?至(?P<days>{DAY})",
    "join": r"与(?:前后)?周末(?:连休|相连)",
    "total": rf"共计?{_COUNT}",
    "unmoved": "不调休",
    "advice": "鼓励[^。;]*",
}
CLAUSES = {name: re.compile(pattern) for name, pattern in _CLAUSES.items()}
"""By the name under which duban/notices/clauses.py takes them; the first that fits counts."""
LEAD = re.compile(
    rf"(?:{FIGURE}{{1,3}}、|\({FIGURE}{{1,3}}\)|\d{{1,2}}[、.](?=\D))?(?:其中|同时)?[,:]*"
)
"""What may stand before the first clause."""
BETWEEN = re.compile(r"[,、:]*(?:(?:其中|同时|并)[,:]*)?")
