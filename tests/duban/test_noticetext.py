"""Notices in the form in which they are published; their frame is ours, their days are facts."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.files import read_site
from duban.fault import Fault
from duban.noticetext import HOLIDAYS, read_notice
from duban.workdays import WorkCalendar, WorkYear

SITE = Path(__file__).parents[2]

NOTICES = {
    2019: (
        "国办发明电〔2018〕15号",
        "2018年12月4日",
        "元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。",
        "春节：2月4日至10日放假调休，共7天。2月2日（星期六）、2月3日（星期日）上班。",
        "清明节：4月5日放假，与周末连休。",
        "劳动节：5月1日放假。",
        "端午节：6月7日放假，与周末连休。",
        "中秋节：9月13日放假，与周末连休。",
        "国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。",
    ),
    2020: (
        "国办发明电〔2019〕16号",
        "2019年11月21日",
        "元旦：2020年1月1日放假，共1天。",
        "春节：1月24日至30日放假调休，共7天。1月19日（星期日）、2月1日（星期六）上班。",
        "清明节：4月4日至6日放假调休，共3天。",
        "劳动节：5月1日至5日放假调休，共5天。4月26日（星期日）、5月9日（星期六）上班。",
        "端午节：6月25日至27日放假调休，共3天。6月28日（星期日）上班。",
        "国庆节、中秋节：10月1日至8日放假调休，共8天。9月27日（星期日）、10月10日（星期六）上班。",
    ),
    2021: (
        "国办发明电〔2020〕27号",
        "2020年11月25日",
        "元旦：2021年1月1日至3日放假，共3天。",
        "春节：2月11日至17日放假调休，共7天。2月7日（星期日）、2月20日（星期六）上班。",
        "清明节：4月3日至5日放假调休，共3天。",
        "劳动节：5月1日至5日放假调休，共5天。4月25日（星期日）、5月8日（星期六）上班。",
        "端午节：6月12日至14日放假，共3天。",
        "中秋节：9月19日至21日放假调休，共3天。9月18日（星期六）上班。",
        "国庆节：10月1日至7日放假调休，共7天。9月26日（星期日）、10月9日（星期六）上班。",
    ),
    2022: (
        "国办发明电〔2021〕11号",
        "2021年10月25日",
        "元旦：2022年1月1日至3日放假，共3天。",
        "春节：1月31日至2月6日放假调休，共7天。1月29日（星期六）、1月30日（星期日）上班。",
        "清明节：4月3日至5日放假调休，共3天。4月2日（星期六）上班。",
        "劳动节：4月30日至5月4日放假调休，共5天。4月24日（星期日）、5月7日（星期六）上班。",
        "端午节：6月3日至5日放假，共3天。",
        "中秋节：9月10日至12日放假，共3天。",
        "国庆节：10月1日至7日放假调休，共7天。10月8日（星期六）、10月9日（星期日）上班。",
    ),
    2023: (
        "国办发明电〔2022〕16号",
        "2022年12月8日",
        "元旦：2022年12月31日至2023年1月2日放假调休，共3天。",
        "春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。",
        "清明节：4月5日放假，共1天。",
        "劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。",
        "端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。",
        "中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、10月8日（星期日）上班。",
    ),
    2024: (
        "国办发明电〔2023〕7号",
        "2023年10月25日",
        "元旦：1月1日放假，与周末连休。",
        "春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。"
        "鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。",
        "清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。",
        "劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。",
        "端午节：6月10日放假，与周末连休。",
        "中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。",
        "国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。",
    ),
    2025: (
        "国办发明电〔2024〕12号",
        "2024年11月12日",
        "元旦：1月1日（周三）放假1天，不调休。",
        "春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。"
        "1月26日（周日）、2月8日（周六）上班。",
        "清明节：4月4日（周五）至6日（周日）放假，共3天。",
        "劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。",
        "端午节：5月31日（周六）至6月2日（周一）放假，共3天。",
        "国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。"
        "9月28日（周日）、10月11日（周六）上班。",
    ),
    2026: (
        "国办发明电〔2025〕7号",
        "2025年11月4日",
        "元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。",
        "春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。"
        "2月14日（周六）、2月28日（周六）上班。",
        "清明节：4月4日（周六）至6日（周一）放假，共3天。",
        "劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。",
        "端午节：6月19日（周五）至21日（周日）放假，共3天。",
        "中秋节：9月25日（周五）至27日（周日）放假，共3天。",
        "国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。",
    ),
}
LABOUR_2019 = """国务院办公厅关于调整2019年劳动节假期安排的通知
国办发明电〔2019〕3号
现将调整2019年劳动节放假安排通知如下。
一、2019年5月1日至4日放假调休，共4天。4月28日（星期日）、5月5日（星期日）上班。
二、请各地做好假期调整的落实工作。
国务院办公厅
2019年3月22日
"""
SPRING_2020 = """国务院办公厅关于延长2020年春节假期的通知
国办发明电〔2020〕1号
现将延长2020年春节假期的具体安排通知如下。
一、延长2020年春节假期至2月2日（农历正月初九，星期日），2月3日（星期一）起正常上班。
二、学校推迟开学，时间另行通知。
三、不能休假的职工，应安排补休。
国务院办公厅
2020年1月26日
"""


def framed(year: int, number: str, day: str, *items: str) -> str:
    figures = "一二三四五六七八九十"
    lines = [f"{figures[place]}、{item}" for place, item in enumerate(items)]
    return "\n".join(
        [
            f"国务院办公厅关于{year}年部分节假日安排的通知",
            number,
            "各地区、各部门：",
            f"现将{year}年元旦、春节等节日放假调休日期的安排通知如下。",
            *lines,
            "节假日期间，请安排好值班。",
            "国务院办公厅",
            day,
        ]
    )


def shipped() -> dict[int, WorkYear]:
    book = read_site(SITE).book
    assert book is not None
    return {year.year: year for year in book.common.workdays}


YEARS = shipped()
PLAIN = framed(2026, *NOTICES[2026])


def taken(text: str, **more: object) -> WorkYear:
    found = read_notice(text, "notice.txt", YEARS.values())
    assert isinstance(found, WorkYear), [str(fault) for fault in found]
    return found


def refused(text: str) -> tuple[Fault, ...]:
    found = read_notice(text, "notice.txt", YEARS.values())
    assert isinstance(found, tuple)
    return found


def told(text: str) -> list[str]:
    return [fault.message for fault in refused(text)]


# As they are published


@pytest.mark.parametrize("year", NOTICES)
def test_a_notice_gives_the_days_of_the_shipped_file(year: int) -> None:
    read = taken(framed(year, *NOTICES[year]))

    assert (read.year, read.notice) == (year, YEARS[year].notice)
    assert dumped(read) == dumped(YEARS[year])


@pytest.mark.parametrize("year", [one for one in NOTICES if one != 2019])
def test_the_date_line_is_the_day_of_the_notice(year: int) -> None:
    assert taken(framed(year, *NOTICES[year])).published == YEARS[year].published


@pytest.mark.parametrize(("text", "year"), [(LABOUR_2019, 2019), (SPRING_2020, 2020)])
def test_an_adjustment_gives_what_it_changes(text: str, year: int) -> None:
    read, (amendment,) = taken(text), YEARS[year].amendments

    assert (read.notice, read.published) == (amendment.notice, amendment.published)
    assert dumped(read) == [one.model_dump() for one in amendment.holidays]
    assert YEARS[year].take(read).model_dump() == YEARS[year].model_dump()


OLDER = {
    2008: (
        "国办发明电〔2007〕52号",
        "二○○七年十二月十六日",
        "元旦：2007年12月30日—2008年1月1日放假，共3天。其中，1月1日（星期二）为法定节假日，"
        "12月30日（星期日）为公休日，12月29日（星期六）公休日调至12月31日（星期一），"
        "12月29日（星期六）上班。",
        "春节：2月6日—12日（农历除夕至正月初六）放假，共7天。其中，2月6日（除夕）、2月7日（春节）、"
        "2月8日（正月初二）为法定节假日，2月9日（星期六）、2月10日（星期日）照常公休，"
        "2月2日（星期六）、2月3日（星期日）两个公休日调至2月11日（星期一）、2月12日（星期二），"
        "2月2日（星期六）、2月3日（星期日）上班。",
        "清明节：4月4日—6日放假，共3天。其中，4月4日（清明节）为法定节假日，"
        "4月5日（星期六）、4月6日（星期日）照常公休。",
        "“五一”国际劳动节：5月1日—3日放假，共3天。其中，5月1日为法定节假日，"
        "5月3日（星期六）为公休日，5月4日（星期日）公休日调至5月2日（星期五），5月4日（星期日）上班。",
        "端午节：6月7日—9日放假，共3天。其中，6月7日（星期六）照常公休，"
        "6月8日（农历五月初五，端午节）为法定节假日，6月8日（星期日）公休日调至6月9日（星期一）。",
        "中秋节：9月13日—15日放假，共3天。其中，9月13日（星期六）为公休日，"
        "9月14日（农历八月十五，中秋节）为法定节假日，9月14日（星期日）公休日调至9月15日（星期一）。",
        "国庆节：9月29日—10月5日放假，共7天。其中，10月1日、2日、3日为法定节假日，"
        "9月27日（星期六）、9月28日（星期日）两个公休日调至9月29日（星期一）、30日（星期二），"
        "10月4日（星期六）、5日（星期日）照常公休。",
    ),
    2009: (
        "国办发明电〔2008〕42号",
        "2008年12月4日",
        "元旦：1月1日至3日放假，共3天。其中，1月1日（星期四、新年）为法定节假日，"
        "1月3日（星期六）为公休日。1月4日（星期日）公休日调至1月2日（星期五）。1月4日（星期日）上班。",
        "春节：1月25日至31日放假，共7天。其中，1月25日（星期日、农历除夕）、"
        "1月26日（星期一、农历正月初一）、1月27日（星期二、农历正月初二）为法定节假日，"
        "1月31日（星期六）照常公休；1月25日（星期日）公休日调至1月28日（星期三），"
        "1月24日（星期六）、2月1日（星期日）两个公休日调至1月29日（星期四）、1月30日（星期五）。"
        "1月24日（星期六）、2月1日（星期日）上班。",
        "清明节：4月4日至6日放假，共3天。其中，4月4日（星期六、农历清明当日）为法定节假日，"
        "4月5日（星期日）照常公休。4月4日（星期六）公休日调至4月6日（星期一）。",
        "劳动节：5月1日至3日放假，共3天。其中，5月1日（星期五、“五一”国际劳动节）为法定节假日，"
        "5月2日（星期六）、5月3日（星期日）照常公休。",
        "端午节：5月28日至30日放假，共3天。其中，5月28日（星期四、农历端午当日）为法定节假日，"
        "5月30日（星期六）照常公休；5月31日（星期日）公休日调至5月29日（星期五）。5月31日（星期日）上班。",
        "国庆节、中秋节：10月1日至8日放假，共8天。其中，10月1日（星期四）、10月2日（星期五）、"
        "10月3日（星期六）为国庆节法定节假日，10月4日（星期日）照常公休；"
        "10月3日（星期六）公休日及中秋节分别调至10月5日（星期一）、10月6日（星期二），"
        "9月27日（星期日）、10月10日（星期六）公休日调至10月7日（星期三）、10月8日（星期四）。"
        "9月27日（星期日）、10月10日（星期六）上班。",
    ),
    2010: (
        "国办发明电〔2009〕27号",
        "2009年12月8日",
        "元旦：1月1日至3日放假公休，共3天。",
        "春节：2月13日至19日放假调休，共7天。2月20日（星期六）、21日（星期日）上班。",
        "清明节：4月3日至5日放假公休，共3天。",
        "劳动节：5月1日至3日放假公休，共3天。",
        "端午节：6月14日至16日放假调休，共3天。6月12日（星期六）、13日（星期日）上班。",
        "中秋节：9月22日至24日放假调休，共3天。9月19日（星期日）、25日（星期六）上班。",
        "国庆节：10月1日至7日放假调休，共7天。9月26日（星期日）、10月9日（星期六）上班。",
    ),
    2011: (
        "国办发明电〔2010〕40号",
        "2010年12月10日",
        "元旦：1月1日至3日放假公休，共3天。",
        "春节：2月2日（农历除夕）至8日放假调休，共7天。1月30日（星期日）、2月12日（星期六）上班。",
        "清明节：4月3日至5日放假调休，共3天。4月2日（星期六）上班。",
        "劳动节：4月30日至5月2日放假公休，共3天。",
        "端午节：6月4日至6日放假公休，共3天。",
        "中秋节：9月10日至12日放假公休，共3天。",
        "国庆节：10月1日至7日放假调休，共7天。10月8日（星期六）、10月9日（星期日）上班。",
    ),
    2012: (
        "国办发明电〔2011〕45号",
        "2011年12月6日",
        "元旦：2012年1月1日至3日放假调休，共3天。2011年12月31日（星期六）上班。",
        "春节：1月22日至28日放假调休，共7天。1月21日（星期六）、1月29日（星期日）上班。",
        "清明节：4月2日至4日放假调休，共3天。3月31日（星期六）、4月1日（星期日）上班。",
        "劳动节：4月29日至5月1日放假调休，共3天。4月28日（星期六）上班。",
        "端午节：6月22日至24日放假公休，共3天。",
        "中秋节、国庆节：9月30日至10月7日放假调休，共8天。9月29日（星期六）上班。",
    ),
    2014: (
        "国办发明电〔2013〕28号",
        "2013年12月11日",
        "元旦：1月1日放假1天。",
        "春节：1月31日至2月6日放假调休，共7天。1月26日（星期日）、2月8日（星期六）上班。",
        "清明节：4月5日放假，4月7日（星期一）补休。",
        "劳动节：5月1日至3日放假调休，共3天。5月4日（星期日）上班。",
        "端午节：6月2日放假，与周末连休。",
        "中秋节：9月8日放假，与周末连休。",
        "国庆节：10月1日至7日放假调休，共7天。9月28日（星期日）、10月11日（星期六）上班。",
    ),
    2016: (
        "国办发明电〔2015〕18号",
        "2015年12月10日",
        "元旦：1月1日放假，与周末连休。",
        "春节：2月7日至13日放假调休，共7天。2月6日（星期六）、2月14日（星期日）上班。",
        "清明节：4月4日放假，与周末连休。",
        "劳动节：5月1日放假，5月2日（星期一）补休。",
        "端午节：6月9日至11日放假调休，共3天。6月12日（星期日）上班。",
        "中秋节：9月15日至17日放假调休，共3天。9月18日（星期日）上班。",
        "国庆节：10月1日至7日放假调休，共7天。10月8日（星期六）、10月9日（星期日）上班。",
    ),
}


@pytest.mark.parametrize("year", OLDER)
def test_the_wordings_since_2007_are_understood(year: int) -> None:
    calendar = WorkCalendar([taken(framed(year, *OLDER[year]))])

    days = [date(year, 1, 1) + timedelta(number) for number in range(350)]
    differing = [day for day in days if calendar.working(day) != chinese_calendar.is_workday(day)]

    assert differing == []


def test_a_date_line_may_be_in_words() -> None:
    assert taken(framed(2008, *OLDER[2008])).published == date(2007, 12, 16)


# As copies have them


def wide(text: str) -> str:
    return text.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})


@pytest.mark.parametrize(
    "copied",
    [
        wide,
        lambda text: text.replace("月", "\n月 "),
        lambda text: " ".join(text),
        lambda text: "\u3000\u3000" + text.replace("\n", "\r\n\r\n\u3000\u3000"),
        lambda text: text.replace("\n", ""),
        lambda text: (
            text.replace("（", "(").replace("）", ")").replace("：", ":").replace("，", ",")
        ),
        lambda text: text.replace("〔", "[").replace("〕", "]"),
        lambda text: text.replace("至", "—").replace("周", "星期"),
        lambda text: text.replace("月", "\u2f49").replace("日", "\u2f47"),
        lambda text: text.replace("\n", "</p>\n<p>").replace("日", "<span>日</span>&nbsp;"),
        lambda text: "\ufeff首页 > 政策\n发布日期：2026-01-05 来源：某网站\n" + text,
        lambda text: text + "\n（此件公开发布）\n责任编辑：某某\n扫一扫打开当前页",
        lambda text: text.replace("一、元旦", "1. 元旦").replace("二、春节", "（二）春节"),
        lambda text: text.replace("一、", "").replace("二、", "").replace("三、", ""),
    ],
    ids=[
        "full-width digits",
        "broken lines",
        "spaces everywhere",
        "indents",
        "one line",
        "half-width signs",
        "square brackets",
        "dashes",
        "radicals of a PDF",
        "tags",
        "a page's head",
        "a page's foot",
        "other numbers",
        "no numbers",
    ],
)
def test_what_copying_does_to_a_text_changes_nothing(copied: Callable[[str], str]) -> None:
    assert taken(copied(PLAIN)) == taken(PLAIN)


def test_without_a_date_line_the_day_is_open() -> None:
    undated = PLAIN.replace("国务院办公厅\n2025年11月4日", "")

    assert taken(undated).published is None


def test_what_employers_are_encouraged_to_give_is_no_day_off() -> None:
    calendar = WorkCalendar([taken(framed(2024, *NOTICES[2024]))])

    assert calendar.working(date(2024, 2, 9))


# As a table

TABLE = """{head}
日期,类型,说明
2026-01-01,休,元旦
2026-01-02,休,元旦
2026-01-03,休,元旦
2026-01-04,班,元旦调休上班
2026/2/14	班	春节
{spring}
2026-02-28，班，春节
2026年4月6日,休,清明节
2026-05-01,休,劳动节
2026-05-04,休,劳动节
2026-05-05,休,劳动节
2026-05-09,班,劳动节
2026-06-19,休,端午
2026-09-25,休,中秋节
2026-09-20,班,国庆节
{national}
2026-10-10,班,国庆节
"""
TABLE = TABLE.format(
    head="通知,国办发明电〔2025〕7号",
    spring="\n".join(f"2026-02-{day},休,春节" for day in range(15, 24)),
    national="\n".join(f"2026-10-0{day},休,国庆节" for day in range(1, 8)),
)


def test_a_table_gives_the_same_working_days() -> None:
    read = WorkCalendar([taken(TABLE)])
    days = [date(2026, 1, 1) + timedelta(number) for number in range(365)]

    assert [
        day for day in days if read.working(day) != WorkCalendar(YEARS.values()).working(day)
    ] == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("2026-05-04,休", "2026-05-04,歇", "“2026-05-04,歇,劳动节”：看不懂这一行"),
        ("2026-05-04,休,劳动节\n", "", None),
        ("2026-05-05", "2026-05-06", "“2026-05-01,休,劳动节”：放假的日子不相连，中间缺5月2日"),
        ("2026-05-05", "2026-05-04", "“2026-05-04,休,劳动节”：5月4日写了两次"),
        ("2026-05-09", "2026-05-08", "“2026-05-08,班,劳动节”：5月8日是周五，本来就上班"),
        ("2026-05-09,班,劳动节", "2026-05-09,班", "“2026-05-09,班”：没有写是哪个节日"),
        ("2026-05-09", "2026-05-39", "“2026-05-39,班,劳动节”：没有2026年5月39日"),
        ("2026-06-19,休,端午\n", "", "没有读到“端午节”"),
        ("通知,", "一、元旦：1月1日放假。", "既有表格又有条文"),
    ],
)
def test_a_broken_table_lists_its_rows(old: str, new: str, expected: str | None) -> None:
    assert old in TABLE

    found = told(TABLE.replace(old, new))

    assert expected in found if expected else "不相连" in found[0]


# Nothing is guessed


@pytest.mark.parametrize(
    ("old", "new", "line", "expected"),
    [
        (
            "1月4日（周日）上班",
            "1月4日（周六）上班",
            5,
            "“1月4日（周六）上班”：2026年1月4日是周日，不是周六",
        ),
        (
            "放假调休，共9天",
            "放假调休，共8天",
            6,
            "“2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共8天”："
            "写的是共8天，2月15日至2月23日却是9天",
        ),
        (
            "5月9日（周六）上班",
            "5月8日上班",
            8,
            "“5月8日上班”：5月8日是周五，本来就上班",
        ),
        (
            "5月9日（周六）上班",
            "5月2日上班",
            8,
            "“四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天”：5月2日既放假又上班",
        ),
        (
            "9月20日（周日）",
            "8月16日（周日）",
            11,
            "“七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天”：8月16日上班，离假期太远",
        ),
        (
            "4月4日（周六）至6日（周一）放假，共3天",
            "4月4日至6日歇业",
            7,
            "“4月4日至6日歇业”：看不懂这一句",
        ),
        ("6月19日（周五）", "6月39日", 9, None),
        ("6月19日（周五）至21日", "6月19日至11日", 9, None),
        ("6月19日（周五）至21日（周日）", "6月19日至7月21日", 9, None),
        ("9月25日（周五）至27日（周日）", "9日至27日", 10, None),
        ("9月25日（周五）至27日（周日）", "2024年9月25日", 10, None),
        (
            "六、中秋节：9月25日（周五）至27日（周日）放假，共3天。\n",
            "",
            0,
            "没有读到“中秋节”",
        ),
        ("中秋节：", "元旦：", 0, "“元旦”写了2次"),
        ("五、端午节：", "五、植树节：", 9, None),
        ("国办发明电〔2025〕7号\n", "", 0, "没有找到文号"),
        (
            "国办发明电〔2025〕7号",
            "国办发明电〔2023〕7号",
            0,
            "2026年的通知，文号不会是“国办发明电〔2023〕7号”",
        ),
        ("2025年11月4日", "2025年13月4日", 13, "“国务院办公厅2025年13月4日”：没有这一天"),
        ("2025年11月4日", "2023年11月4日", 13, None),
        ("1月1日（周四）至3日（周六）", "2月1日至3日", 5, None),
        ("10月1日（周四）至7日", "10月2日至7日", 11, None),
        ("放假，共3天。\n四", "放假，4月8日补休，共3天。\n四", 7, None),
        ("关于2026年", "关于2027年", 0, "写了不止一个年份：2026、2027"),
    ],
)
def test_a_broken_notice_lists_what_is_wrong_with_its_line(
    old: str, new: str, line: int, expected: str | None
) -> None:
    assert old in PLAIN

    found = refused(PLAIN.replace(old, new, 1))

    if expected:
        assert (line, expected) in [(fault.line, fault.message) for fault in found]
    assert line == 0 or line in [fault.line for fault in found]
    assert all(fault.hint for fault in found)


def test_every_fault_is_told_at_once() -> None:
    broken = PLAIN.replace("周", "礼拜").replace("礼拜日", "礼拜六")

    assert len({fault.line for fault in refused(broken)}) >= 5


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("劳动节：5月1日（周五）放假1天，不调休。5月9日上班。", "写了不调休，却有周末上班"),
        ("劳动节：5月1日放假2天。", "写的是2天，日期却有1天"),
        ("劳动节：5月1日放假，与周末连休，共4天。", "写的是共4天，5月1日至5月3日却是3天"),
        (
            "劳动节：4月30日至5月1日放假，5月4日补休，5月6日起正常上班。",
            "假后第一个工作日应是5月5日",
        ),
        ("劳动节：5月1日放假，5月5日补休。", "放假的日子不相连，中间缺5月2日"),
        ("劳动节：5月1日放假。其中，5月2日为法定节假日。", "5月2日不在放假的日子里"),
        ("劳动节：5月1日放假。其中，5月1日照常公休。", "5月1日是周五，不是公休日"),
        ("劳动节：放假调休。", "看不懂这一句"),
        ("劳动节：好好休息。", "没有读到“劳动节”哪天放假"),
    ],
)
def test_a_holiday_agrees_with_all_that_is_said_of_it(sentence: str, expected: str) -> None:
    items = list(NOTICES[2026])
    items[5] = sentence

    assert any(message.endswith(expected) for message in told(framed(2026, *items)))


def test_an_adjustment_waits_for_what_it_adjusts() -> None:
    found = read_notice(LABOUR_2019, "notice.txt", [YEARS[2020]])

    assert [fault.message for fault in found if isinstance(fault, Fault)] == [
        "这是调整2019年安排的通知，而2019年的放假通知还没有"
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("至2月2日（农历正月初九，星期日）", "至1月29日", "原定放到1月30日，不能延长到1月29日"),
        ("2月3日（星期一）起", "2月4日起", "假后第一个工作日应是2月3日"),
        ("2020年春节", "2020年中秋", "原定放到10月8日，不能延长到2月2日"),
        ("2020年春节", "2020年除夕", "原来的通知里没有“除夕”"),
    ],
)
def test_a_holiday_is_only_made_longer(old: str, new: str, expected: str) -> None:
    assert any(expected in message for message in told(SPRING_2020.replace(old, new)))


def test_a_second_notice_after_the_date_line_is_refused() -> None:
    assert any("在落款日期之后" in message for message in told(PLAIN + LABOUR_2019))


@pytest.mark.parametrize("text", ["", "你好", "放假通知", "元旦：", "一、元旦：1月1日放假。" * 9])
def test_a_text_that_is_no_notice_gives_faults(text: str) -> None:
    assert refused(text)


def test_a_text_that_is_too_long_is_refused() -> None:
    assert told("放假" * 200_000) == ["文字太长，不像一份放假通知"]


PIECES = st.sampled_from(
    [
        *PLAIN,
        *HOLIDAYS,
        *"0123456789年月日（）：，。、；《》",
        "放假", "调休", "上班", "共3天", "2026", "与周末连休", "公休日调至", "延长", "至", "起", "补休",
        "通知如下", "一、", "国务院办公厅", "2026-01-01,休,元旦\n", "关于调整", "关于延长2020年春节假期",
        "〇○二", "十", "其中", "鼓励", "为法定节假日", "周六", "\n",
    ]
)  # fmt: skip


@given(st.text() | st.lists(PIECES, max_size=60).map("".join))
def test_no_text_raises(text: str) -> None:
    assert isinstance(read_notice(text, "notice.txt", YEARS.values()), WorkYear | tuple)


@given(st.integers(0, len(PLAIN)), st.integers(0, 12), st.lists(PIECES, max_size=4).map("".join))
def test_a_damaged_notice_is_refused_or_read_without_error(at: int, cut: int, new: str) -> None:
    found = read_notice(PLAIN[:at] + new + PLAIN[at + cut :], "notice.txt", YEARS.values())

    assert found if isinstance(found, tuple) else found.year in range(2000, 2101)


def dumped(year: WorkYear) -> list[dict[str, object]]:
    return [holiday.model_dump() for holiday in year.holidays]
