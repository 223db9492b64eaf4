"""Letters in words: what recipients read is complete, in order, safe, and never half written."""

import re
import shutil
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from adapters.letters import LetterError, Letters, Rendered
from duban.activity import Certainty
from duban.assignment import Duty
from duban.completion import State
from duban.lamp import Lamp
from duban.letter import Item, Kind, Letter, Tentative
from duban.rule import Span
from duban.step import Answer
from tests.letters import (
    CALLED_OFF,
    VILLAGE,
    WEEK,
    change,
    confirm,
    digest,
    make_gone,
    make_item,
    make_late,
    make_letter,
    make_moved,
    make_occasion,
    make_office,
    make_section,
    make_unknown,
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


def updated(*items: Item) -> Rendered:
    return render(make_letter(make_section(Kind.CHANGE, *items)))


def to_confirm(*items: Item) -> Rendered:
    return render(make_letter(make_section(Kind.CONFIRM, *items)))


def both(rendered: Rendered) -> list[str]:
    return [rendered.text, words(rendered.html)]


@pytest.mark.parametrize("name", samples())
def test_every_word_is_as_agreed(name: str) -> None:
    """After a change that is meant: `python -m tests.pictures FOLDER`, read its *.txt, copy them."""
    rendered = render(samples()[name])

    assert read_aloud(rendered) == (AGREED / f"{name}.txt").read_text("utf-8")


# --- every fact ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.CONFIRM])
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
    rendered = render(make_letter(change(), notice(), reminder(), confirm(), digest()))

    for part in both(rendered):
        assert re.findall("(?m)^[一二三四五]、(.+)$", part) == [kind.label for kind in Kind]
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


@pytest.mark.parametrize(
    ("name", "departments", "said"),
    [
        ("王小川", ("市科协",), "市科协 王小川，您好！"),
        ("市科协联络员", ("市科协",), "市科协联络员，您好！"),
        ("重庆市科协联络员", ("市科协",), "重庆市科协联络员，您好！"),
        ("市科协联络员", ("市科协", "市水利局"), "市科协、市水利局 市科协联络员，您好！"),
        ("李主任", (), "李主任，您好！"),
    ],
)
def test_the_greeting_says_a_department_once(
    name: str, departments: tuple[str, ...], said: str
) -> None:
    rendered = render(make_letter(recipient_name=name, departments=departments))

    assert all(said in part.splitlines() for part in both(rendered))


# --- changes -------------------------------------------------------------------------------------


def test_a_change_says_what_was_what_is_and_that_it_holds() -> None:
    item = make_moved(
        date(2025, 12, 26),
        occasion=WEEK,
        answer=Answer.KNOW,
        due=date(2026, 5, 14),
        due_at=time(17, 0),
    )

    rendered = updated(item)

    facts = [
        "全国科技活动周",
        "2026年5月23日（星期六）至5月30日（星期六），已公布",
        WEEK.source or "",
    ]
    facts += [
        "方案报送",
        "2025年12月26日（星期五）",
        "作废",
        "5月14日（星期四）17:00前",
        "知悉即可",
    ]
    facts += ["时限调整", item.assignment, "以本通知为准", "请按本通知调整工作安排"]
    assert [[fact for fact in facts if fact not in part] for part in both(rendered)] == [[], []]


def test_an_old_date_is_struck_out_and_a_new_one_stands_out() -> None:
    page = updated(make_moved(date(2026, 5, 7), due=date(2026, 5, 14))).html

    struck = re.findall(r'<s class="old" style="[^"]*line-through[^"]*">(.+?)</s>', page)
    bold = re.findall(r'<td class="cell"[^>]*><b>(.+?)</b>', page)
    assert [re.sub("<.*?>", "", one) for one in (*struck, *bold)] == [
        "5月7日（星期四）",
        "5月14日（星期四）",
    ]


def test_what_was_not_known_before_is_not_struck_out() -> None:
    rendered = updated(make_moved(None))

    assert "原时限：待公布\n     现时限：3月9日（星期一）\n" in rendered.text
    assert "方案报送 | 待公布 | 3月9日（星期一） | 报送\n" in words(rendered.html)
    assert "<s " not in rendered.html


@pytest.mark.parametrize(
    ("state", "now", "asked"),
    [(State.WITHDRAWN, "取消", "不必办理"), (State.ACKNOWLEDGED, "待公布，另行通知", "报送")],
)
def test_a_date_that_is_gone_is_named_once_as_the_old_one(
    state: State, now: str, asked: str
) -> None:
    rendered = updated(make_gone(date(2026, 4, 10), state=state))

    assert f"原时限：4月10日（星期五），作废\n     现时限：{now}\n" in rendered.text
    assert f"4月10日（星期五） / 作废 | {now} | {asked}\n" in words(rendered.html)
    assert all(part.count("4月10日") == 1 for part in both(rendered))


@pytest.mark.parametrize(("state", "times"), [(State.WITHDRAWN, []), (State.NOTIFIED, ["待公布"])])
def test_only_what_still_takes_place_is_said_to_have_no_day_yet(
    state: State, times: list[str]
) -> None:
    rendered = updated(make_gone(date(2026, 4, 10), occasion=CALLED_OFF, state=state))

    assert re.findall("(?m)^时间：(.+)$", rendered.text) == times
    assert re.findall(r"(?m)^时间 \| (.+)$", words(rendered.html)) == times


def test_a_rule_is_not_explained_where_no_day_is_left() -> None:
    dropped = replace(CALLED_OFF, certainty=Certainty.RULE)

    rendered = updated(make_gone(date(2026, 4, 10), occasion=dropped))

    assert not any("规则推算" in part for part in both(rendered))


def test_a_date_moved_into_the_past_is_overdue_and_a_cancelled_one_is_not() -> None:
    moved = updated(make_moved(date(2026, 3, 20), days=3, lamp=Lamp.RED))
    gone = updated(make_gone(date(2026, 2, 20), days=5, lamp=Lamp.RED))

    assert all("已逾期3个工作日" in part for part in both(moved))
    assert not any("逾期" in part for part in both(gone))


def test_changes_beside_work_ask_for_both() -> None:
    rendered = render(make_letter(change(), make_section(Kind.REMINDER)))

    closing = "更正的事项，请按更正通知调整工作安排。", "办理完成后，请直接回复本邮件"
    assert all(line in part for line in closing for part in both(rendered))


def test_what_only_has_to_be_known_beside_changes_is_the_rest() -> None:
    rendered = render(
        make_letter(change(), make_section(Kind.REMINDER, make_item(answer=Answer.KNOW)))
    )

    assert all("其余事项知悉即可" in part for part in both(rendered))
    assert not any("以上事项知悉即可" in part for part in both(rendered))


# --- to confirm ----------------------------------------------------------------------------------


def test_what_the_office_has_to_find_out_says_why_how_long_and_how_to_record_it() -> None:
    item = make_unknown(10)

    rendered = to_confirm(item)

    facts = ["全国科技活动周", "日期待公布", "2022、2024、2025年此时均已公布", item.assignment]
    facts += ["待确认10个工作日", "尚未公布的，暂时不必处理"]
    facts += ["duban announce 活动名称 2026-05-23/2026-05-30 --source 文号或网址"]
    assert [[fact for fact in facts if fact not in part] for part in both(rendered)] == [[], []]
    assert not any("duban workdays" in part or "回复" in part for part in both(rendered))


def test_a_missing_holiday_notice_has_a_command_of_its_own() -> None:
    notice = make_unknown(id="workdays.date", name="2027年节假日安排", year=2027)

    rendered = to_confirm(notice)

    assert all("duban workdays import 文件" in part for part in both(rendered))
    assert not any("duban announce" in part or "（2027年）" in part for part in both(rendered))


def test_an_activity_of_another_year_says_which() -> None:
    rendered = to_confirm(make_unknown(year=2027))

    assert all("全国科技活动周（2027年）" in part for part in both(rendered))
    assert all("2027-05-23/2027-05-30" in part for part in both(rendered))


def test_nothing_to_confirm_is_ever_overdue() -> None:
    rendered = to_confirm(make_unknown(40, lamp=Lamp.RED), make_unknown(10))

    assert not any("逾期" in part for part in both(rendered))
    assert 'class="red"' not in rendered.html


def test_a_reason_that_the_calendar_dropped_leaves_no_gap() -> None:
    rendered = to_confirm(make_unknown(why=""))

    assert "说明" not in rendered.text
    assert re.findall("(?m)^编号 .+$", words(rendered.html)) == [
        "编号 chongqing/keji-zhou.date/2026/confirm/@office"
    ]


def test_forty_things_to_confirm_are_all_there_the_longest_asked_first() -> None:
    items = [make_unknown(days, id=f"a{days:02}.date") for days in range(1, 41)]

    rendered = to_confirm(*items)

    for part in both(rendered):
        assert re.findall("/a(\\d\\d).date/", part) == [f"{days:02}" for days in range(40, 0, -1)]
        assert part.count("duban announce") == 1


def test_a_digest_beside_things_to_confirm_closes_for_both() -> None:
    rendered = render(make_letter(confirm(1), digest()))

    closing = "待确认的事项录入后不再提醒", "需要了解详情或者协调的事项"
    assert all(line in part for line in closing for part in both(rendered))


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
    page = render(make_letter(change(), notice(), reminder(), confirm(), digest())).html.lower()

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
    page = render(make_letter(change(), notice(), reminder(), confirm(), digest())).html

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


@EVERY_KIND
def test_an_item_without_its_reason_is_an_error(kind: Kind) -> None:
    with pytest.raises(LetterError, match=rf"{kind.value}/body\.txt"):
        render(make_letter(make_section(kind, make_late(1, why=None))))


def test_a_broken_template_is_found_at_the_start(folder: Path) -> None:
    (folder / "digest/body.html").write_text("一\n{% if %}\n", "utf-8")

    with pytest.raises(LetterError, match=r"模板digest/body\.html第2行：写法有误"):
        Letters(folder)


@pytest.mark.parametrize(
    "name",
    ["base.html", "style.css", "also.txt", "closing.txt", "notice/subject.txt", "change/body.txt"],
)
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


def test_tentative_activities_are_named_with_their_usual_time_and_no_date() -> None:
    usual = Span(date(2026, 5, 19), date(2026, 6, 1))
    coming = (
        Tentative("全国科技活动周", "市水利局", usual),
        Tentative("公众科学日", "市水利局", usual),
    )

    sent = LETTERS.render(make_letter(notice(), tentative=coming), make_office())

    line = "全国科技活动周（通常5月19日至6月1日）、公众科学日（通常5月19日至6月1日）。"
    assert "另有2项活动日期暂定" in sent.text
    assert line in sent.text
    assert line in sent.html
    assert "2026年5月19日" not in sent.text
