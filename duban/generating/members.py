"""One office of a made-up country: its departments, its people, and what it asks of whom."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from duban.generating.country import Level, Seat
from duban.generating.programme import Undertaking
from duban.office import Role

EVERYBODY, BELOW = "各责任单位", "各县"
"""The groups of an office: its own departments, and the offices below it that are departments of it."""
KNOWN = (
    ("zuzhi", "委组织部"),
    ("xuanchuan", "委宣传部"),
    ("fagai", "发展改革局"),
    ("jiaoyu", "教育局"),
    ("keji", "科技局"),
    ("gongxin", "工业信息化局"),
    ("minzheng", "民政局"),
    ("sifa", "司法局"),
    ("caizheng", "财政局"),
    ("renshe", "人社局"),
    ("ziyuan", "自然资源局"),
    ("huanjing", "生态环境局"),
    ("zhujian", "住建局"),
    ("jiaotong", "交通局"),
    ("shuili", "水利局"),
    ("nongye", "农业农村局"),
    ("shangwu", "商务局"),
    ("wenlv", "文化旅游局"),
    ("weijian", "卫生健康局"),
    ("yingji", "应急管理局"),
    ("shichang", "市场监管局"),
    ("tongji", "统计局"),
    ("qixiang", "气象局"),
    ("linye", "林业局"),
    ("gonghui", "总工会"),
    ("tuanwei", "团委"),
    ("fulian", "妇联"),
    ("kexie", "科协"),
    ("shekelian", "社科联"),
    ("wenlian", "文联"),
)
FEW = 5
"""Departments that support an activity beside the one that leads it."""


@dataclass(frozen=True, slots=True)
class Member:
    """A department; `office`: the office below that it is."""

    id: str
    short: str
    name: str
    group: str
    office: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    email: str
    role: Role
    department: str | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """One entry of the office's year."""

    undertaking: Undertaking
    lead: str
    support: tuple[str, ...]


def departments(seat: Seat, count: int, below: Sequence[Seat]) -> list[Member]:
    """`below`: the offices that this one asks for something."""
    own = [_department(seat, number) for number in range(count)]
    linked = [Member(one.id, one.place, one.place, BELOW, one.id) for one in below]
    return [*own, *linked]


def _department(seat: Seat, number: int) -> Member:
    level = seat.level.value
    known = number < len(KNOWN)
    id, word = KNOWN[number] if known else (f"danwei{number + 1}", f"第{number + 1}测试局")
    return Member(id, f"{level}{word}", f"{seat.place}{word}", EVERYBODY)


def people(seat: Seat, members: Sequence[Member], seed: int) -> Iterator[Person]:
    """Everybody who gets mail; the offices below have their own people."""
    for name, local, role in (
        ("经办人", "jingban", Role.SECRETARY),
        ("主任", "zhuren", Role.MANAGER),
        ("分管领导", "fenguan", Role.HEAD),
    ):
        yield Person(f"{seat.short}{name}", f"{local}@kx.{seat.id}.example", role)
    dice = Random(f"{seed}/{seat.id}/people")
    for one in members:
        if one.office is None:
            yield from _of_department(seat, one, dice)


def _of_department(seat: Seat, one: Member, dice: Random) -> Iterator[Person]:
    """A 联络员 everywhere, an AB岗 in a third of them, a 分管领导 in half."""
    for local, role, share in (
        ("liaison", Role.LIAISON, 1.0),
        ("backup", Role.SUBSTITUTE, 1 / 3),
        ("leader", Role.LEADER, 1 / 2),
    ):
        if dice.random() < share:
            email = f"{local}@{one.id}.{seat.id}.example"
            yield Person(f"{one.short}{role.value}", email, role, one.short)


def works(
    seat: Seat, members: Sequence[Member], year: Sequence[Undertaking], seed: int
) -> Iterator[Work]:
    """Who leads and who supports; the offices below take part in every fourth campaign."""
    dice = Random(f"{seed}/{seat.id}/year")
    own = [one.short for one in members if one.office is None]
    below = (BELOW,) if len(own) < len(members) else ()
    asked = 0
    for one in year:
        few = dice.sample(own, min(FEW + 1, len(own)))
        support = (EVERYBODY,) if one.everybody else tuple(few[1:])
        asked += one.steps == "campaign"
        handed = below if one.steps == "campaign" and asked % 4 == 0 else ()
        yield Work(one, few[0], support + handed)


def asking(seat: Seat, counties: Collection[Seat], seed: int) -> list[Seat]:
    """The offices below that are departments of this one: two cities of three have such. Provinces ask
    nobody, so that no more than a city and its counties belong together."""
    if seat.level is not Level.CITY or Random(f"{seed}/{seat.id}/below").random() > 2 / 3:
        return []
    return list(counties)
