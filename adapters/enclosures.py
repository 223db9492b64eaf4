"""What goes along with a digest: its chart, and its rows as a workbook."""

from collections.abc import Iterator

from adapters import sheet
from adapters.digestwords import looked
from adapters.mimeparts import HOSTILE, UNFIT, File, Picture
from adapters.sheet import Cell, Column, Table, workbook
from adapters.wording import clip
from duban.acts import label, who
from duban.digest import Digest, Line
from duban.letter import Item, Kind, Letter, Section
from duban.office import Office

ITEMS = (
    Column("部门", 20), Column("事项", 36), Column("节点", 16), Column("时限", 12), Column("逾期工作日", 11),
    Column("状态", 9), Column("最近答复", 12), Column("答复人", 22), Column("答复日期", 12),
    Column("答复内容", 40), Column("编号", 40),
)  # fmt: skip
DEPARTMENTS = (
    Column("部门", 20), Column("逾期", 8), Column("上期逾期", 10), Column("最久（工作日）", 15),
    Column("应报送", 9), Column("按时", 9), Column("按时率（%）", 12),
)  # fmt: skip
SPANS = (Column("起", 10), Column("应报送", 9), Column("按时", 9), Column("按时率（%）", 12))

Enclosed = tuple[tuple[Picture, ...], tuple[File, ...]]


class Enclosures:
    """For the letters of one morning: what several readers get is made once."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[Section, Picture, File]] = {}

    def of(self, letter: Letter, office: Office) -> Enclosed:
        sections = [one for one in letter.sections if one.kind is Kind.DIGEST and one.digest]
        made = [self._of(one, letter, office) for one in sections]
        return tuple(picture for picture, _ in made), tuple(file for _, file in made)

    def _of(self, section: Section, letter: Letter, office: Office) -> tuple[Picture, File]:
        if id(section) not in self._made:
            # Costly to import, and seldom needed.
            from adapters.chart import draw

            digest = section.digest
            assert digest
            picture = Picture(digest.picture, draw(digest.bars))
            self._made[id(section)] = (section, picture, _file(section, digest, letter, office))
        _, picture, file = self._made[id(section)]
        return picture, file


def _file(section: Section, digest: Digest, letter: Letter, office: Office) -> File:
    heading = f"{office.short}{digest.which.label}（{looked(digest)}，截至{letter.day}）"
    tables = [
        Table("逾期事项", heading, ITEMS, [_item(one) for one in section.items]),
        Table("各部门", heading, DEPARTMENTS, [_line(one) for one in digest.lines]),
        Table(
            "按时率",
            heading,
            SPANS,
            [(one.label, one.due, one.kept, one.percent) for one in digest.bars],
        ),
    ]
    name = "".join(_fit(f"{clip(office.short, 60)}{digest.which.label}{letter.day}.xlsx"))
    return File(name, sheet.TYPE, workbook(tables, letter.day))


def _item(item: Item) -> tuple[Cell, ...]:
    last = item.last
    answer = (
        (label(last.act), who(last.who), last.at.date(), last.said) if last else ("", "", None, "")
    )
    return (
        item.department_name,
        item.occasion.name,
        item.step_name,
        item.due,
        item.days,
        item.state.label,
        *answer,
        item.assignment,
    )


def _line(line: Line) -> tuple[Cell, ...]:
    return (
        line.name,
        line.overdue,
        line.before,
        line.longest,
        line.rate.due,
        line.rate.kept,
        line.rate.percent,
    )


def _fit(name: str) -> Iterator[str]:
    """Without what a file's name must not hold."""
    return (sign for sign in name.strip() if not HOSTILE.match(sign) and not UNFIT.match(sign))
