"""Letters in words: what recipients read is complete, in order, safe, and never half written."""

import re
import shutil
from datetime import time
from pathlib import Path

import pytest

from adapters.letters import LetterError, Letters, Rendered
from duban.activity import Certainty
from duban.assignment import Duty
from duban.completion import State
from duban.letter import Item, Kind, Letter
from duban.step import Answer
from tests.letters import (
    VILLAGE,
    WEEK,
    digest,
    make_item,
    make_late,
    make_letter,
    make_occasion,
    make_office,
    make_section,
    notice,
    reminder,
)
from tests.pictures import TEMPLATES, read_aloud, samples, words

LETTERS = Letters(TEMPLATES)
AGREED = Path(__file__).parent / "letters"
HOSTILE = '水<script>alert(1)</script>&amp; "日"'
EVERY_KIND = pytest.mark.parametrize("kind", list(Kind))


def render(letter: Letter, **office: object) -> Rendered:
    return LETTERS.render(letter, make_office(**office))


def reminded(*items: Item) -> Rendered:
    return render(make_letter(make_section(Kind.REMINDER, *items)))


def both(rendered: Rendered) -> list[str]:
    return [rendered.text, words(rendered.html)]


@pytest.mark.parametrize("name", samples())
def test_every_word_is_as_agreed(name: str) -> None:
    """After a change that is meant: `python -m tests.pictures FOLDER`, read its *.txt, copy them."""
    rendered = render(samples()[name])

    assert read_aloud(rendered) == (AGREED / f"{name}.txt").read_text("utf-8")


# --- every fact ----------------------------------------------------------------------------------


@EVERY_KIND
def test_every_fact_of_an_item_is_in_text_and_html(kind: Kind) -> None:
    item = make_late(3, due_at=time(17, 0), why="逾期第二次提醒", state=State.RETURNED)

    rendered = render(make_letter(make_section(kind, item), departments=("市水利局",)))

    facts = ["世界水日", "方案报送", "2月25日（星期三）17:00前", "已逾期3个工作日", "市水利局"]
    facts += ["逾期第二次提醒", "chongqing/shui/2026/plan/shuili"]
    assert [[fact for fact in facts if fact not in part] for part in both(rendered)] == [[], []]


def test_a_notice_tells_of_the_activity_and_who_has_to_do_what() -> None:
    item = make_item(occasion=WEEK, duty=Duty.SUPPORT, answer=Answer.KNOW)

    rendered = render(make_letter(make_section(Kind.NOTICE, item)))

    facts = ["2026年5月23日（星期六）至5月30日（星期六），已公布", "关于举办2026年全国科技活动周"]
    facts += ["市科技局、市委宣传部、市科协", "各责任单位、各区县纲要办", "责任", "知悉即可"]
    assert [[fact for fact in facts if fact not in part] for part in both(rendered)] == [[], []]


@pytest.mark.parametrize(
    ("certainty", "warned"), [(Certainty.RULE, True), (Certainty.ANNOUNCED, False)]
)
def test_a_day_known_by_its_rule_only_is_said_to_be_so(certainty: Certainty, warned: bool) -> None:
    item = make_item(occasion=make_occasion(certainty=certainty))

    rendered = render(make_letter(make_section(Kind.NOTICE, item)))

    assert all(f"2026年3月22日（星期日），{certainty.label}" in part for part in both(rendered))
    assert [("以公布的为准" in part) for part in both(rendered)] == [warned, warned]


def test_a_task_names_its_programme_and_not_a_rule() -> None:
    item = make_item(occasion=VILLAGE)

    rendered = render(make_letter(make_section(Kind.NOTICE, item)))

    assert all(VILLAGE.category in part for part in both(rendered) if VILLAGE.category)
    assert not any("规则推算" in part for part in both(rendered))


def test_overdue_items_stand_first_and_the_others_by_their_due_date() -> None:
    rendered = reminded(
        make_item(step_name="丁", days=-5),
        make_item(step_name="丙", days=0),
        make_late(1, step_name="乙"),
        make_late(9, step_name="甲"),
    )

    for part in both(rendered):
        assert re.findall("[甲乙丙丁]", part) == ["甲", "乙", "丙", "丁"]


def test_a_digest_sums_up_who_is_late_and_longest() -> None:
    rendered = render(make_letter(digest()))

    facts = ["12项工作逾期，涉及7个部门", "最多的是市水利局，3项", "45个工作日", "红灯"]
    facts += ["最久的是市规划自然资源局“世界水日·方案报送”"]
    assert "<b>45个工作日</b>" in rendered.html
    assert [[fact for fact in facts if fact not in part] for part in both(rendered)] == [[], []]


def test_a_digest_goes_department_by_department_most_items_first() -> None:
    names = [name for name, _ in digest().departments]

    rendered = render(make_letter(digest()))

    for part in both(rendered):
        assert re.findall("（[一二三四五六七]）(.+?)\\s", part) == names


def test_the_department_is_named_with_each_item_for_who_speaks_for_two() -> None:
    letter = make_letter(make_section(Kind.REMINDER), departments=("市水利局", "市科协"))

    rendered = render(letter)

    assert all("方案报送（市水利局）" in part for part in both(rendered))
    assert all("市水利局、市科协 王小川，您好！" in part for part in both(rendered))


def test_a_due_date_of_another_year_says_which() -> None:
    rendered = reminded(make_late(45))

    assert all("2025年12月29日（星期一）" in part for part in both(rendered))


def test_a_hundred_items_are_all_there() -> None:
    items = [make_item(department=f"bumen-{number:03}") for number in range(100)]

    rendered = reminded(*items)

    for part in both(rendered):
        assert len(set(re.findall("chongqing/shui/2026/plan/bumen-\\d{3}", part))) == 100


def test_sections_stand_in_order_under_one_greeting() -> None:
    rendered = render(make_letter(notice(), reminder(), digest()))

    for part in both(rendered):
        assert re.findall("[一二三]、(通知|提醒|通报)", part) == ["通知", "提醒", "通报"]
        assert part.count("您好") == 1
        assert part.count("办理完成后，请直接回复本邮件") == 1


def test_the_foot_tells_who_sends_when_and_where_to_call() -> None:
    rendered = render(make_letter(), name="武隆区纲要办", phone="023-5555 0199")

    facts = ["武隆区纲要办", "2026年3月2日", "此邮件由督办系统自动发送", "023-5555 0199"]
    assert [[fact for fact in facts if fact not in part] for part in both(rendered)] == [[], []]


def test_an_office_without_a_phone_promises_none() -> None:
    rendered = render(make_letter(), phone=None)

    assert not any("电话" in part for part in both(rendered))


def test_what_has_only_to_be_known_asks_for_no_answer() -> None:
    rendered = reminded(make_item(answer=Answer.KNOW))

    assert all("不必回复" in part and "办理完成后" not in part for part in both(rendered))


# --- safety --------------------------------------------------------------------------------------


@EVERY_KIND
def test_a_hostile_name_is_escaped_in_html_and_verbatim_in_text(kind: Kind) -> None:
    item = make_late(1, occasion=make_occasion(name=HOSTILE), step_name=HOSTILE, why=HOSTILE)
    letter = make_letter(make_section(kind, item), recipient_name=HOSTILE)

    rendered = render(letter, name=HOSTILE)

    assert "<script" not in rendered.html
    assert all(HOSTILE in part for part in both(rendered))


@EVERY_KIND
def test_no_value_can_start_a_line_or_turn_the_writing_round(kind: Kind) -> None:
    bad = "水\r\nBcc: a@b.example\x00\x85\u2028\u202e\ud800日"
    item = make_late(1, occasion=make_occasion(name=bad), step_name=bad)

    rendered = render(make_letter(make_section(kind, item), recipient_name=bad))

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e\ud800]", "".join(both(rendered)))
    assert not re.search("(?m)^ *Bcc", rendered.text)
    assert rendered.subject.isprintable()


def test_nothing_is_fetched_from_elsewhere_and_nothing_runs() -> None:
    page = render(make_letter(notice(), reminder(), digest())).html.lower()

    found = re.findall(r"src=|https?:|href=|<script|<link|<img|@import|url\(| on\w+=", page)

    assert found == []


def test_styles_stand_in_the_tags_and_only_windows_and_dark_mode_in_a_sheet() -> None:
    page = render(make_letter(reminder())).html

    assert re.search('class="red" style="[^"]*color: #b42318', page)
    assert page.count("@media") == 2
    assert ".red { font" not in page


def test_overdue_items_are_red_and_the_others_are_not() -> None:
    page = render(make_letter(make_section(Kind.NOTICE, make_late(1)), reminder())).html

    red = re.findall(r'class="red"[^>]*>(?:<span[^>]*>)?(.+?)<', page)
    assert red == ["已逾期", "2项已逾期", "已逾期", "已逾期"]
    assert page.count('<tr class="late"') == 2 * 3, "an item takes two rows"
    assert re.findall(r'class="soon"[^>]*><span[^>]*>(.+?)<', page) == ["今天到期"]


def test_the_page_is_called_as_the_mail_is() -> None:
    rendered = render(make_letter())

    assert f"<title>{rendered.subject}</title>" in rendered.html


def test_tables_say_what_they_are_to_a_screen_reader() -> None:
    page = render(make_letter(notice(), reminder(), digest())).html

    assert '<html lang="zh-CN">' in page
    assert re.findall(r'<table (?!role="presentation"|class="list")', page) == []
    assert re.findall(r"<th(?! scope=)\b", page.partition("<body")[2]) == []


# --- faults --------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATES, tmp_path / "letters"))


@pytest.mark.parametrize("missing", ["{{ letter.nobody }}", "{{ office.parent }}", "{{ nothing }}"])
def test_a_missing_value_is_an_error_that_names_template_and_line(
    folder: Path, missing: str
) -> None:
    (folder / "reminder/body.txt").write_text(f"第一行\n\n{missing}\n", "utf-8")

    with pytest.raises(LetterError, match=r"模板reminder/body\.txt第3行：缺少内容") as caught:
        Letters(folder).render(make_letter(), make_office())

    assert (caught.value.template, caught.value.line) == ("reminder/body.txt", 3)


def test_an_item_without_its_reason_is_an_error() -> None:
    with pytest.raises(LetterError, match=r"reminder/body\.txt"):
        reminded(make_item(why=None))


def test_a_broken_template_is_found_at_the_start(folder: Path) -> None:
    (folder / "digest/body.html").write_text("一\n{% if %}\n", "utf-8")

    with pytest.raises(LetterError, match=r"模板digest/body\.html第2行：写法有误"):
        Letters(folder)


@pytest.mark.parametrize("name", ["base.html", "style.css", "also.txt", "notice/subject.txt"])
def test_a_template_that_is_not_there_is_found_at_the_start(folder: Path, name: str) -> None:
    (folder / name).unlink()

    with pytest.raises(LetterError, match=re.escape(name)):
        Letters(folder)


def test_a_template_saved_in_another_encoding_is_found_at_the_start(folder: Path) -> None:
    (folder / "notice/body.txt").write_bytes("现将安排通知如下".encode("gb18030"))

    with pytest.raises(LetterError, match=r"模板notice/body\.txt：不是UTF-8编码"):
        Letters(folder)


def test_a_letter_that_says_nothing_is_an_error() -> None:
    with pytest.raises(LetterError, match=r"^函件.*没有内容"):
        render(make_letter(sections=()))
