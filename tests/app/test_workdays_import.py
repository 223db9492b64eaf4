"""`duban workdays import`: a notice taken in."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.app.conftest import Duban
from tests.notices import LABOUR_2019, NOTICES, SPRING_2020, TABLE, framed

INVENTED = framed(
    2027,
    "国办发明电〔2026〕99号",
    "2026年11月1日",
    "元旦：1月1日（周五）至3日（周日）放假，共3天。",
    "春节：2月5日（周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月13日（周六）上班。",
    "清明节：4月5日（周一）放假，与周末连休。",
    "劳动节：5月1日（周六）至3日（周一）放假，共3天。",
    "端午节：6月9日（周三）放假1天，不调休。",
    "中秋节：9月15日（周三）放假1天，不调休。",
    "国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。",
)
LONGER = """国务院办公厅关于调整2026年劳动节假期安排的通知
国办发明电〔2026〕98号
现将调整2026年劳动节放假安排通知如下。
一、2026年5月1日（周五）至6日（周三）放假调休，共6天。5月9日（周六）、5月10日（周日）上班。
国务院办公厅
2026年3月2日
"""

Notice = Callable[..., str]


@pytest.fixture
def notice(home: Path) -> Notice:
    """Write a notice beside the site; gives its name."""

    def write(text: str | bytes, name: str = "通知.txt") -> str:
        (home / name).write_bytes(text.encode() if isinstance(text, str) else text)
        return name

    return write


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """What is typed at the question."""
    return lambda text: monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def file(home: Path, year: int) -> Path:
    return home / f"calendar/workdays/{year}.yaml"


def files(home: Path) -> dict[str, str]:
    return {one.name: one.read_text("utf-8") for one in (home / "calendar/workdays").iterdir()}


@pytest.mark.parametrize("year", [one for one in NOTICES if one not in (2019, 2020)])
def test_importing_a_notice_writes_the_shipped_file(
    duban: Duban, home: Path, notice: Notice, year: int
) -> None:
    shipped = file(home, year).read_text("utf-8")
    file(home, year).unlink()

    said = duban("workdays", "import", notice(framed(year, *NOTICES[year])), "--yes")

    assert said.code == 0
    assert file(home, year).read_text("utf-8") == shipped
    assert duban("check").code == 0


@pytest.mark.parametrize(("year", "later"), [(2019, LABOUR_2019), (2020, SPRING_2020)])
def test_importing_both_notices_of_a_year_writes_the_shipped_file(
    duban: Duban, home: Path, notice: Notice, year: int, later: str
) -> None:
    shipped = file(home, year).read_text("utf-8").replace("2018-12-06", "2018-12-04")
    file(home, year).unlink()

    duban("workdays", "import", notice(framed(year, *NOTICES[year])), "--yes")
    said = duban("workdays", "import", notice(later), "--yes")

    assert "记为调整" in said.out
    assert file(home, year).read_text("utf-8") == shipped


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_the_encoding_of_the_text_does_not_matter(
    duban: Duban, home: Path, notice: Notice, encoding: str
) -> None:
    said = duban("workdays", "import", notice(INVENTED.encode(encoding)), "--yes")

    assert said.code == 0
    assert "国办发明电〔2026〕99号" in file(home, 2027).read_text("utf-8")


def test_a_table_can_be_imported(duban: Duban, home: Path, notice: Notice) -> None:
    before = duban("workdays", "--year", "2026", "--json").json
    file(home, 2026).unlink()

    said = duban("workdays", "import", notice(TABLE.encode("gbk"), "假期.csv"), "--yes")

    after = duban("workdays", "--year", "2026", "--json").json
    assert said.code == 0
    assert [row["working"] for row in after] == [row["working"] for row in before]


def test_a_new_year_is_shown_against_monday_to_friday_and_asked_for(
    duban: Duban, home: Path, notice: Notice, answer: Callable[[str], None]
) -> None:
    answer("y\n")

    said = duban("workdays", "import", notice(INVENTED))

    assert "2027年与周一至周五相比，17天不同" in said.out
    assert "写入 calendar/workdays/2027.yaml？" in said.out
    assert file(home, 2027).exists()
    assert not duban("workdays", "--year", "2027", "--json").json[0]["tentative"]


@pytest.mark.parametrize("typed", ["n\n", "\n", ""])
def test_without_a_yes_nothing_is_written(
    duban: Duban, home: Path, notice: Notice, answer: Callable[[str], None], typed: str
) -> None:
    answer(typed)

    said = duban("workdays", "import", notice(INVENTED))

    assert said.code == 1
    assert "什么都没有写" in said.err
    assert not file(home, 2027).exists()


def test_a_later_notice_of_a_year_is_kept_beside_the_first_one(
    duban: Duban, home: Path, notice: Notice
) -> None:
    said = duban("workdays", "import", notice(LONGER), "--yes")

    assert "2026年与现在的文件相比，2天不同" in said.out
    kept = yaml.safe_load(file(home, 2026).read_text("utf-8"))
    assert [one["notice"] for one in kept["amendments"]] == ["国办发明电〔2026〕98号"]
    assert (
        str(next(one for one in kept["holidays"] if one["name"] == "劳动节")["end"]) == "2026-05-05"
    )
    assert duban("check").code == 0


def test_a_whole_notice_of_another_number_is_an_amendment_of_what_it_changes(
    duban: Duban, home: Path, notice: Notice
) -> None:
    changed = framed(2026, *NOTICES[2026]).replace("〔2025〕7号", "〔2026〕97号")
    changed = changed.replace("2025年11月4日", "2026年1月5日").replace("5月9日", "5月10日")

    duban(
        "workdays",
        "import",
        notice(changed.replace("10日（周六）上班。\n五", "10日上班。\n五")),
        "--yes",
    )

    (amendment,) = yaml.safe_load(file(home, 2026).read_text("utf-8"))["amendments"]
    assert [one["name"] for one in amendment["holidays"]] == ["劳动节"]


def test_the_same_notice_again_changes_nothing(duban: Duban, home: Path, notice: Notice) -> None:
    before = files(home)

    for text in (framed(2026, *NOTICES[2026]), framed(2019, *NOTICES[2019]), LABOUR_2019):
        said = duban("workdays", "import", notice(text))

        assert (said.code, "没有变化" in said.out) == (0, True)
    assert files(home) == before


def test_comments_of_ones_own_are_not_lost_without_a_word(
    duban: Duban, home: Path, notice: Notice
) -> None:
    with file(home, 2026).open("a", encoding="utf-8") as stream:
        stream.write("# 已与人事处核对\n")

    assert "注释不会保留" in duban("workdays", "import", notice(LONGER), "--yes").err


# What cannot be taken in


def test_a_broken_notice_is_refused_with_every_sentence(
    duban: Duban, home: Path, notice: Notice
) -> None:
    broken = INVENTED.replace("（周五）至3日", "（周四）至3日").replace("共7天", "共8天")
    before = files(home)

    said = duban("workdays", "import", notice(broken), "--yes")

    assert said.code == 1
    assert (
        "通知.txt:5：“1月1日（周四）至3日（周日）放假，共3天”：2027年1月1日是周五，不是周四"
        in said.err
    )
    assert "通知.txt:6" in said.err
    assert "通知.txt:11" in said.err
    assert "共 3 处没有读懂或自相矛盾，什么都没有写" in said.err
    assert files(home) == before


def test_a_notice_that_contradicts_another_year_is_refused(
    duban: Duban, home: Path, notice: Notice
) -> None:
    text = file(home, 2026).read_text("utf-8")
    text += "  - {name: 年末休整, start: 2026-12-31, end: 2027-01-01}\n"
    file(home, 2026).write_text(text, "utf-8")

    said = duban("workdays", "import", notice(INVENTED), "--yes")

    assert said.code == 1
    assert "2027-01-01已在“年末休整”里放假" in said.err
    assert not file(home, 2027).exists()


def test_an_amendment_needs_its_day(duban: Duban, home: Path, notice: Notice) -> None:
    said = duban("workdays", "import", notice(LONGER.replace("2026年3月2日", "")), "--yes")

    assert said.code == 1
    assert "没有落款日期" in said.err


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"%PDF-1.7\n\x00", "不是文本文件"),
        (b"PK\x03\x04docx", "不是文本文件"),
        (b"\xff\xff\xfe\xff", "编码认不出来"),
        (b"\xff\xfea", "编码认不出来"),
        (b"1" * 1_000_001, "太大"),
        (b"", "没有找到是哪一年的放假通知"),
    ],
)
def test_a_file_that_is_no_text_is_refused(
    duban: Duban, home: Path, notice: Notice, content: bytes, expected: str
) -> None:
    before = files(home)

    said = duban("workdays", "import", notice(content), "--yes")

    assert said.code == 1
    assert expected in said.err
    assert "Traceback" not in said.out + said.err
    assert files(home) == before


@pytest.mark.parametrize("path", ["没有.txt", "."])
def test_a_file_that_cannot_be_opened_is_named(duban: Duban, path: str) -> None:
    said = duban("workdays", "import", path)

    assert said.code == 1
    assert f"打不开 {path}" in said.err
