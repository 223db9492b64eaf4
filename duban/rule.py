"""Date rules as a secretary writes them. The kinds are in duban/rules/, one file a family."""

import re
from collections.abc import Callable
from functools import lru_cache

from duban.rules.base import Rule, RuleError, Span
from duban.rules.days import Day, Days, From, Lasting, MonthEnd, Months, Shifted, month_end
from duban.rules.lunar import LAST_DAY, LunarDay, LunarDays
from duban.rules.relative import DayOf
from duban.rules.unknown import Announced, NoDate
from duban.rules.weeks import NearestWeekend, NthWeekday, Week, Weekend
from duban.rules.window import LAST
from duban.text import tidy

__all__ = ["Announced", "DayOf", "Rule", "RuleError", "Span", "parse_rule"]

WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_NTH = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5}
_YEAR = {"上年": -1, "本年": 0, "次年": 1, "后年": 2}
_LUNAR_MONTHS = "正二三四五六七八九十冬腊"
_LUNAR_TENS = {"初": 0, "十": 10, "二十": 20, "廿": 20}
_LUNAR_DIGITS = "一二三四五六七八九"

_DAY = r"(\d{1,2})月(\d{1,2})日"
_NTH_IN = r"(\d{1,2})月(?:第([\d一二三四五])个|(最后一个))"
_LUNAR_DAY = "初[一二三四五六七八九十]|(?:十|二十|廿)[一二三四五六七八九]|[二三]?十"
_LUNAR_MONTH = rf"(闰)?([{_LUNAR_MONTHS}]|十[一二]|一)月"
_LUNAR = rf"{_LUNAR_MONTH}({_LUNAR_DAY})日?"
_FORMS = (
    "3月22日、3月22日至28日、9月15日起10天、6月、6月第2个星期六、9月第3个周末、包含8月29日的一周、"
    "农历五月初五、全国节能宣传周第3天、每年公布（通常5月19日至6月1日）、日期不详"
)


@lru_cache(maxsize=4096)
def parse_rule(text: str) -> Rule:
    """Read one date rule.

    Raises RuleError with a Chinese sentence that tells what cannot be read.
    """
    if rule := _read(_READERS, tidy(text)):
        return rule
    raise RuleError(f"看不懂日期规则“{text}”，可写：{_FORMS}")


def _read(readers: "_Readers", plain: str) -> Rule | None:
    for pattern, build in readers:
        if found := pattern.fullmatch(plain):
            return build(*found.groups())
    return None


# --- whole rules, which hold others ---


def _usually(usual: str | None) -> Announced:
    """`每年公布（通常…）`."""
    if usual is None:
        return Announced(None)
    if (rule := _read(_DATED, usual)) is None:
        raise RuleError(f"看不懂通常的日期“{usual}”，可写：每年公布（通常5月19日至6月1日）")
    return Announced(rule)


def _shifted(year: str, text: str) -> Shifted:
    """`上年…`, `次年…`: what stands behind it counts from that year."""
    if (rule := _read(_DATED, text)) is None:
        raise RuleError(f"看不懂“{year}”后面的“{text}”，可写：{year}12月10日、{year}12月10日起20天")
    return Shifted(rule, _YEAR[year])


def _from(first: str, days: str | None) -> Lasting | From:
    """`…起10天`, `…起`."""
    rule = _read(_STARTS, first)
    if rule is None:
        raise RuleError(f"“起”前面看不懂“{first}”，可写：9月15日起10天、5月第3个星期日起7天")
    return Lasting(rule, _count(days)) if days else From(rule)


def _count(days: str) -> int:
    if not 1 <= int(days) <= 366:
        raise RuleError(f"{days}天超出范围，应在1到366天之间")
    return int(days)


def _one_day(text: str, example: str) -> Rule:
    rule = _read(_ONE_DAY, text)
    if rule is None:
        raise RuleError(f"“{text}”不是看得懂的一天，可写：{example}")
    return rule


def _week(day: str, working: str | None, first: str | None) -> Week:
    rule = _one_day(day, "包含8月29日的一周")
    if working:
        return Week(rule, days=5)
    return Week(rule, WEEKDAYS[first or "一"])


def _nearest(day: str) -> NearestWeekend:
    return NearestWeekend(_one_day(day, "最接近9月15日的周末"))


def _day_of(activity: str, *how: str | None) -> DayOf:
    """`…第3天`, `…最后一天`, `…开始前7天`, `…结束后1天`, each with `起7天` or `起` behind it."""
    nth, last, anchor, side, count, open, days = how
    many = None if open and not days else _count(days) if days else 1
    if nth:
        if not 1 <= int(nth) <= 366:
            raise RuleError(f"第{nth}天超出范围")
        return DayOf(activity, int(nth) - 1, days=many)
    sign = -1 if side == "前" else 1
    shift = sign * _count(count) if count else 0
    return DayOf(activity, shift, bool(last) or anchor == "结束", many)


# --- days, months, weekdays ---


def _month_number(month: str) -> int:
    if not 1 <= int(month) <= 12:
        raise RuleError(f"没有{int(month)}月")
    return int(month)


def _day(month: str, day: str) -> Day:
    number, nth = _month_number(month), int(day)
    if not 1 <= nth <= month_end(2024, number).day:
        raise RuleError(f"{number}月没有{nth}日")
    return Day(number, nth)


def _years(first: str | None, last: str | None) -> tuple[int, int]:
    """From which year to which; the end is in the year of the start unless another is written."""
    start = _YEAR[first] if first else 0
    return start, _YEAR[last] if last else start


def _days(
    year: str | None, month: str, day: str, to_year: str | None, to_month: str | None, to_day: str
) -> Days:
    first, last = _day(month, day), _day(to_month or month, to_day)
    since, until = _years(year, to_year)
    if (until, last.month, last.day) < (since, first.month, first.day):
        raise RuleError(
            f"结束{to_year or ''}{last.month}月{last.day}日早于开始{first.month}月{first.day}日；"
            f"跨年请写“至{'本年' if since < 0 else '次年'}”"
        )
    return Days(first, last, since, until)


def _month(month: str) -> Months:
    return Months(_month_number(month), _month_number(month))


def _months(year: str | None, month: str, to_year: str | None, to_month: str) -> Months:
    first, last = _month_number(month), _month_number(to_month)
    since, until = _years(year, to_year)
    if (until, last) < (since, first):
        raise RuleError(f"结束{to_year or ''}{last}月早于开始{first}月；跨年请写“至次年”")
    return Months(first, last, since, until)


def _month_last(month: str) -> MonthEnd:
    return MonthEnd(_month_number(month))


def _nth_weekday(month: str, nth: str | None, last: str | None, weekday: str) -> NthWeekday:
    number = LAST if last else _NTH.get(nth or "") or int(nth or 0)
    if number != LAST and not 1 <= number <= 5:
        raise RuleError(f"一个月没有第{nth}个星期{weekday}")
    return NthWeekday(_month_number(month), number, WEEKDAYS[weekday])


def _weekend(month: str, nth: str | None, last: str | None) -> Weekend:
    return Weekend(_nth_weekday(month, nth, last, "六"))


# --- lunar days ---


def _lunar_day(leap: str | None, month: str, day: str) -> LunarDay:
    return LunarDay(_lunar_month(month), _lunar_number(day), bool(leap))


def _lunar_last(leap: str | None, month: str) -> LunarDay:
    return LunarDay(_lunar_month(month), LAST_DAY, bool(leap))


def _eve() -> LunarDay:
    return LunarDay(12, LAST_DAY)


def _lunar_month(name: str) -> int:
    return {"一": 1, "十一": 11, "十二": 12}.get(name) or _LUNAR_MONTHS.index(name) + 1


def _lunar_number(day: str) -> int:
    if day in ("初十", "十", "二十", "三十"):
        return {"二十": 20, "三十": 30}.get(day, 10)
    return _LUNAR_TENS[day[:-1]] + _LUNAR_DIGITS.index(day[-1]) + 1


def _lunar_days(
    leap: str | None,
    month: str | None,
    day: str | None,
    next_year: str | None,
    to_leap: str | None,
    to_month: str | None,
    to_day: str,
) -> LunarDays:
    first = _lunar_day(leap, month, day) if month and day else _eve()
    last = LunarDay(first.month, _lunar_number(to_day), first.leap)
    if to_month:
        last = _lunar_day(to_leap, to_month, to_day)
    later = 1 if next_year else 0
    if (later, last.month, last.leap, last.day) < (0, first.month, first.leap, first.day % 31):
        raise RuleError(f"农历的结束“{to_month or ''}{to_day}”早于开始；跨年请写“至次年”")
    return LunarDays(first, last, later)


# --- which text is read by what ---

_Readers = tuple[tuple[re.Pattern[str], Callable[..., Rule]], ...]


def _readers(*pairs: tuple[str, Callable[..., Rule]]) -> _Readers:
    return tuple((re.compile(pattern), build) for pattern, build in pairs)


_ONE_DAY = _readers(
    (_DAY, _day),
    (r"(\d{1,2})月(?:最后一天|底)", _month_last),
    (rf"{_NTH_IN}(?:星期|周)([一二三四五六日天])", _nth_weekday),
    (rf"农历{_LUNAR}", _lunar_day),
    (rf"农历{_LUNAR_MONTH}最后一天", _lunar_last),
    (r"(?:农历)?除夕", _eve),
)
_STARTS = _ONE_DAY + _readers(
    (rf"{_NTH_IN}周末", _weekend),
    (r"最接近(.+)的周末", _nearest),
)
_DATED = _STARTS + _readers(
    (rf"(上年|次年)?{_DAY}至(本年|次年|后年)?(?:(\d{{1,2}})月)?(\d{{1,2}})日", _days),
    (r"(\d{1,2})月", _month),
    (r"(上年|次年)?(\d{1,2})月至(本年|次年|后年)?(\d{1,2})月", _months),
    (r"包含(.+)的(?:(工作周)|一周(?:\(周([一二三四五六日天])起\))?)", _week),
    (rf"农历(?:除夕|{_LUNAR})至(次年)?(?:{_LUNAR_MONTH})?({_LUNAR_DAY})日?", _lunar_days),
    (r"(?!上年|次年)(.+?)起(?:(\d{1,3})天)?", _from),
)
_READERS = (
    *_readers(
        (r"每年公布(?:\(通常(.+)\))?", _usually),
        (r"日期不详|无固定日期", NoDate),
        (
            r"(?!农历|上年|次年|\d+月最后一天)(.+?)(?:第(\d{1,3})天|(最后一天)|"
            r"(开始|结束)(?:(前|后)(\d{1,3})[天日]|当[天日]))(?:(起)(?:(\d{1,3})天)?)?",
            _day_of,
        ),
    ),
    *_DATED,
    *_readers((r"(上年|次年)(.+)", _shifted)),
)
