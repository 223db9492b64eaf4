"""Nothing is guessed: what a notice does not say, or says twice, is a fault with its sentence."""

import pytest

from duban.fault import Fault
from duban.notices.reading import read_notice
from tests.notices import LABOUR_2019, NOTICES, PLAIN, SPRING_2020, YEARS, framed, refused, told


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
