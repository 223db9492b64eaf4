"""Recording an announcement: one more entry at the end of calendar/announcements.yaml."""

from adapters.records import grown
from duban.announcement import Announcement

FILE = "calendar/announcements.yaml"
_HEAD = """\
# 已公布日期的记录，由 duban announce 和督办台写入，一条一条往后加，不改旧的。
# 同一活动同一年以最后一条为准，前面的是经过。也可以照样手写。
# activity 活动；year 哪一年；start、end 起止（不写 start：收回，日期重新待公布）；
# office 只对这个纲要办有效（不写：都有效）；announced 公布日；source 文号或网址；
# recorded_at、recorded_by 何时由谁记录。
announcements:
"""


def announced(text: str, record: Announcement) -> str:
    """The file's text with the record behind the others. Raises CannotGrow."""
    return grown(FILE, text, _HEAD, record)
