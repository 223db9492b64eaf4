"""A tiny valid site for tests: one office, three departments, four activities, one programme."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from adapters.files import read_site
from duban.fault import Fault

OFFICES = """\
offices:
  - id: cq
    name: 重庆市纲要办
    short: 市纲要办
    region: 市
    since: 2026-01-01
    sender: duban@kx.cq.example
"""
DEPARTMENTS = """\
office: cq
departments:
  - {id: kexie, name: 重庆市科学技术协会, short: 市科协, groups: 各责任单位}
  - {id: shui, name: 重庆市水利局, short: 市水利局, aliases: [市水务局], groups: 各责任单位}
  - {id: jiao, name: 重庆市教育委员会, short: 市教委, groups: 各责任单位}
"""
CONTACTS = """\
office: cq
contacts:
  - {name: 张三, email: zhang@kx.cq.example, role: 联络员, department: 市科协}
  - {name: 李四, email: li@shui.cq.example, role: 联络员, department: 市水利局}
  - {name: 王五, email: wang@jiao.cq.example, role: 联络员, department: 市教委}
  - {name: 赵六, email: zhao@kx.cq.example, role: 经办人}
"""
LADDERS = """\
ladders:
  - id: standard
    name: 常规催办
    stages:
      - {id: before5, name: 到期前提醒, when: 到期前5个工作日}
      - {id: due, name: 到期提醒, when: 到期当天}
      - {id: after5, name: 逾期催办, when: 逾期5个工作日起每5个工作日}
  - id: event
    name: 活动预告
    stages:
      - {id: before3, name: 活动预告, when: 到期前3个工作日}
"""
STEPS = """\
sets:
  - id: day
    name: 主题日
    notice: 开始前30天
    steps:
      - {id: plan, name: 方案报送, due: 开始前15天, who: 牵头}
      - {id: event, name: 活动开展, due: 开始当天, answer: 知悉}
      - {id: summary, name: 总结报送, due: 结束后10个工作日}
"""
OBSERVANCES = """\
activities:
  - id: water-day
    name: 世界水日
    aliases: [水日]
    rules:
      - {rule: 3月22日, since: 1993}
  - id: energy-week
    name: 全国节能宣传周
    rules:
      - rule: 每年公布（通常5月19日至6月1日）
    dates:
      - {year: 2026, start: 2026-05-18, end: 2026-05-24}
  - id: carbon-day
    name: 全国低碳日
    rules:
      - rule: 全国节能宣传周第3天
  - id: science-month
    name: 全国科普月
    rules:
      - {rule: 9月, since: 2025}
      - {rule: 9月第3个星期六, until: 2024, name: 全国科普日}
"""
WORKDAYS = """\
year: 2026
notice: 国办发明电〔2025〕7号
holidays:
  - {name: 元旦, start: 2026-01-01, end: 2026-01-03, work: [2026-01-04]}
  - {name: 国庆节, start: 2026-10-01, end: 2026-10-07, work: [2026-09-20, 2026-10-10]}
"""
YEAR = """\
office: cq
year: 2026
activities:
  - activity: 世界水日
    lead: 市水利局
    support: 市科协、市教委
    steps: day
  - activity: 全国低碳日
    lead: 市教委
    support: 各责任单位
    steps:
      - {id: report, name: 情况报送, due: 6月30日12:00}
"""
PROGRAMME = """\
id: outline
office: cq
name: 全民科学素质行动规划纲要
start: 2021-01-01
end: 2025-12-31
phases:
  - {id: start, name: 启动实施, start: 2021-01-01, end: 2021-12-31}
tasks:
  - id: farmers
    kind: 重点任务
    name: 农民素质提升
    lead: 市科协
    steps:
      - {id: half, name: 半年报送, due: 7月10日}
      - {id: final, name: 总结报送, due: 2025年12月20日}
"""

PLACES = {
    "offices": "config/offices.yaml",
    "departments": "config/departments/cq.yaml",
    "contacts": "config/contacts/cq.yaml",
    "ladders": "config/ladders.yaml",
    "steps": "calendar/steps.yaml",
    "observances": "calendar/observances.yaml",
    "workdays": "calendar/workdays/2026.yaml",
    "year": "calendar/offices/cq/2026.yaml",
    "programme": "calendar/programmes/outline.yaml",
}
TEXTS = {
    "offices": OFFICES,
    "departments": DEPARTMENTS,
    "contacts": CONTACTS,
    "ladders": LADDERS,
    "steps": STEPS,
    "observances": OBSERVANCES,
    "workdays": WORKDAYS,
    "year": YEAR,
    "programme": PROGRAMME,
}


def write_site(
    root: Path, files: Mapping[str, str | bytes] | None = None, **overrides: str | bytes | None
) -> Path:
    """Write the tiny site below `root`, which is returned.

    `overrides` replace whole files by the names in PLACES, None leaves one out; `files` adds others
    by their paths.
    """
    named = {PLACES[name]: text for name, text in {**TEXTS, **overrides}.items()}
    for file, text in {**named, **(files or {})}.items():
        if text is not None:
            path = root / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)
    return root


def faults_of(root: Path, *changes: tuple[str, str, str]) -> tuple[Fault, ...]:
    """The faults of the tiny site with some words of its texts replaced: (name, old, new)."""
    texts = dict(TEXTS)
    for name, old, new in changes:
        assert old in texts[name]
        texts[name] = texts[name].replace(old, new, 1)
    return read_site(write_site(root, **texts)).faults


def keyed(faults: Iterable[Fault]) -> list[str]:
    """`key：message` of each fault."""
    return [f"{fault.place.key}：{fault.message}" for fault in faults]


def located(faults: Iterable[Fault]) -> list[str]:
    """`file:line key message` of each fault."""
    return [
        f"{fault.place.file}:{fault.line} {fault.place.key} {fault.message}" for fault in faults
    ]
