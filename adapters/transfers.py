"""Recording a transfer: one more entry at the end of calendar/offices/<office>/transfers.yaml."""

from adapters.records import grown
from duban.transfer import Transfer

_HEAD = """\
# 转办的记录，由督办台写入，一条一条往后加，不改旧的；后面的接着前面的算。也可以照样手写。
# activity 活动；year 哪一年；step 节点代号；from 原单位；to 接办单位；
# at、by 何时由谁记录；reason 原因（可不写）。
transfers:
"""


def file_of(office: str) -> str:
    return f"calendar/offices/{office}/transfers.yaml"


def passed_on(office: str, text: str, record: Transfer) -> str:
    """The file's text with the record behind the others. Raises CannotGrow."""
    return grown(file_of(office), text, _HEAD, record)
