"""A notice on a year's holidays, read from its text as the General Office publishes it.

Nothing is guessed. What is not understood, and what contradicts itself, is a fault that quotes its
sentence. The sentences are those of the notices since 2007; docs/writing-calendars.md shows them. The
file is long because its grammar, its checks and its table form are one thing.
"""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from duban.checks.workdays import workdays
from duban.fault import Fault, Place
from duban.workdays import Holiday, WorkYear

MAX_CHARACTERS = 200_000
HOLIDAYS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
"""Those that every yearly notice since 2007 arranges."""
FIXED = {"元旦": (1, 1), "劳动节": (5, 1), "国庆节": (10, 1)}
LONGEST = 15
"""Days; no holiday is longer."""
FARTHEST = 31
"""Days from a holiday to a weekend that is worked for it."""


def read_notice(
    text: str, file: str = "", known: Iterable[WorkYear] = ()
) -> WorkYear | tuple[Fault, ...]:
    """The year's notice that `text` holds, or every fault of it with its line.

    A notice that only adjusts holidays of one of the `known` years gives a WorkYear of those alone.
    """
    if len(text) > MAX_CHARACTERS:
        return (Fault(Place(file), "文字太长，不像一份放假通知", "请只留通知的正文"),)
    return _Reading(text, file, known).read()


# --- the text ---


@dataclass(frozen=True, slots=True)
class _Spot:
    """A sentence as it was written, and its line."""

    quote: str
    line: int


class _Copy:
    """The text without what copying puts into it; its characters still know where they stood."""

    def __init__(self, source: str) -> None:
        kept = [(new, at) for at, old in enumerate(source) for new in _plain(old)]
        self.text = "".join(new for new, _ in kept)
        self._places = [at for _, at in kept]
        self._source = source
        self._breaks = [one.start() for one in re.finditer("\n", source)]

    def spot(self, start: int, end: int) -> _Spot:
        if start >= end or start >= len(self._places):
            return _Spot("", 0)
        first, last = self._places[start], self._places[min(end, len(self._places)) - 1]
        return _Spot(_shown(self._source[first : last + 1]), bisect_right(self._breaks, first) + 1)


def _plain(character: str) -> Iterator[str]:
    """Full-width forms as plain ones, every dash as `-`; white space, quotes and marks go."""
    for one in unicodedata.normalize("NFKC", character):
        if one in "—–―−‐‑‒~":
            yield "-"
        elif unicodedata.category(one)[0] not in "CZ" and one not in "“”‘’「」\"'*#":
            yield one


def _shown(text: str) -> str:
    shown = "".join(one for one in text if unicodedata.category(one)[0] not in "CZ")
    return shown if len(shown) <= 80 else f"{shown[:80]}…"


def _untagged(text: str) -> str:
    """Blanks for tags and hard spaces of HTML, so that places stay as they are."""
    pattern = r"</?[A-Za-z!][^<>\n]{0,2000}>|&(?:nbsp|ensp|emsp|#160|#12288);"
    return re.sub(pattern, lambda found: " " * len(found[0]), text)


# --- the grammar ---

_FIGURE = "[一二三四五六七八九十]"
_KNOWN = r"(?:元旦|春节|清明节?|(?:五一)?(?:国际)?劳动节|端午节?|中秋节?|国庆节|除夕)"
_NAME = rf"(?:{_KNOWN}|[一-龥\d]{{2,40}}纪念日)"
_HEADING = re.compile(
    rf"(?:{_FIGURE}{{1,3}}[、.,]|\({_FIGURE}{{1,3}}\)|\d{{1,2}}[、.])"
    rf"(?P<marked>{_NAME}(?:[、和及]{_NAME})*):"
    rf"|(?P<plain>{_KNOWN}(?:[、和及]{_KNOWN})*):(?=[\d(])"
)
_DAY = r"(?:(?:\d{4}年)?\d{1,2}月)?\d{1,2}日(?:\([^()\d]*\))?"
_DAY_PARTS = re.compile(r"(?:(?:(\d{4})年)?(\d{1,2})月)?(\d{1,2})日(?:\(([^()\d]*)\))?")
_SPAN = rf"{_DAY}(?:(?:至|到|-+){_DAY})?"
_SPAN_PARTS = re.compile(rf"({_DAY})(?:(?:至|到|-+)({_DAY}))?")
_DAYS = rf"(?P<days>{_SPAN}(?:[、和及]{_SPAN})*)"
_HOLIDAY = rf"(?:将?\d{{4}}年)?{_NAME}假期"
_COUNT = rf"(?P<count>\d{{1,2}}|{_FIGURE}{{1,3}})天"
_CLAUSES = {
    "off": rf"{_DAYS}(?:放假(?:调休|公休)?|调休放假)(?:{_COUNT})?",
    "work": rf"{_DAYS}(?P<from>起)?(?P<usual>恢复|恢复正常|正常|照常)?上班",
    "rest": rf"{_DAYS}(?:补休|调休)",
    "legal": rf"{_DAYS}为(?:{_NAME})?法定节?假日",
    "weekend": rf"{_DAYS}(?:照常公休|为公休日)",
    "move": rf"将?{_DAYS}(?:[两三四]个)?公休日(?:及{_NAME})?(?:分别)?调至(?P<to>{_SPAN}(?:[、和及]{_SPAN})*)",
    "longer": rf"(?:{_HOLIDAY})?延长(?:{_HOLIDAY})?至(?P<days>{_DAY})",
    "join": r"与(?:前后)?周末(?:连休|相连)",
    "total": rf"共计?{_COUNT}",
    "unmoved": "不调休",
    "advice": "鼓励[^。;]*",
}
_PATTERNS = {name: re.compile(pattern) for name, pattern in _CLAUSES.items()}
_LEAD = re.compile(
    rf"(?:{_FIGURE}{{1,3}}、|\({_FIGURE}{{1,3}}\)|\d{{1,2}}[、.](?=\D))?(?:其中|同时)?[,:]*"
)
_BETWEEN = re.compile(r"[,、:]*(?:(?:其中|同时|并)[,:]*)?")
_SAYS = re.compile(r"\d[月日号天]|放假|上班|连休|不调休|公休")
"""What a sentence has that speaks of days; others are the notice's frame."""
_SAYS_LATE = re.compile(r"\d日(?:\([^()\d]{0,40}\))?(?:放假|上班|补休)")
_CITED = re.compile(r"《[^《》]*》(?:\([^()]*\))?")
_TITLE = re.compile(
    r"(?:关于|现将|现)(?P<kind>调整|延长)?(?P<year>\d{4})年"
    r"|(?P<year2>\d{4})年(?:部分)?(?:法定)?节假日"
)
_NUMBER = re.compile(r"(国(?:办|务院)?发(?:明电)?)[〔\[(【〈](\d{4})[〕\])】〉]第?(\d{1,4})号")
_DATED = re.compile(r"国务院(?:办公厅)?,?(\d{4})年(\d{1,2})月(\d{1,2})日")
_DATED_IN_WORDS = re.compile(
    rf"国务院(?:办公厅)?,?([〇○零一二三四五六七八九]{{4}})年({_FIGURE}{{1,2}})月({_FIGURE}{{1,3}})日"
)
_LABELLED = re.compile(r"(?:发布|公布|成文|印发)日期[:,]?(\d{4})[-年./](\d{1,2})[-月./](\d{1,2})")
_ROW = re.compile(
    r"(?P<day>\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2})日?(?P<note>\([^()]*\))?[,;|\s]+"
    r"(?P<kind>休|班|休息|放假|上班)(?:[,;|\s]+(?P<name>\S.*?))?[,;|\s]*"
)
_LIKE_ROW = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\([^()]*\))?\s*[,;|\t]")
_WEEKDAY = re.compile("(?:周|星期|礼拜)([一二三四五六日天])")


class _Odd(Exception):
    """Why a sentence cannot be true, and how to mend it."""

    def __init__(self, why: str, hint: str) -> None:
        super().__init__(why)
        self.why = why
        self.hint = hint


# --- reading ---


@dataclass(slots=True)
class _Draft:
    """What the sentences of one holiday say, each with its place."""

    name: str
    spot: _Spot
    off: set[date] = field(default_factory=set)
    work: set[date] = field(default_factory=set)
    claims: list[tuple[str, list[date] | int, _Spot]] = field(default_factory=list)
    """What has to be true of the whole: kind, days or count, sentence."""
    join: bool = False
    last: date | None = None
    bad: bool = False

    @property
    def parts(self) -> set[str]:
        return set(self.name.split("、"))


class _Reading:
    def __init__(self, text: str, file: str, known: Iterable[WorkYear]) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.rows, rest = self._rows(_untagged(text.replace("\r\n", "\n").replace("\r", "\n")))
        self.copy = _Copy(rest)
        self.text = self.copy.text
        self.known = {year.year: year for year in known}
        self.present: dict[str, Holiday] = {}
        """What an adjustment adjusts: the year's holidays without it."""
        self.year = 0
        self.ended = False
        """Whether the date line has been passed."""

    def read(self) -> WorkYear | tuple[Fault, ...]:
        headings = list(_HEADING.finditer(self.text))
        start = self._start(headings)
        head = _CITED.sub("", self.text[:start]) or self.text[:start]
        self.year = self._year(head, self.text[:start])
        number, published = self._number(), self._published()
        if not self.year:
            return self._all()
        partial = any(found["kind"] for found in _TITLE.finditer(head))
        if partial and self.year not in self.known:
            message = f"这是调整{self.year}年安排的通知，而{self.year}年的放假通知还没有"
            self._tell(message, "请先导入原来的通知")
            return self._all()
        if partial:
            before = self.known[self.year].without(number).amended()
            self.present = {one.name: one for one in before}
        drafts = self._drafts(headings, start, head, partial)
        holidays = [one for draft in drafts if (one := self._holiday(draft))]
        self._complete(drafts, partial)
        if self.faults or not number:
            return self._all()
        ordered = tuple(sorted(holidays, key=lambda one: one.start))
        year = WorkYear(year=self.year, notice=number, published=published, holidays=ordered)
        self._sound(year)
        return self._all() or year

    def _all(self) -> tuple[Fault, ...]:
        return tuple(sorted(dict.fromkeys(self.faults), key=lambda fault: fault.line))

    def _tell(self, message: str, hint: str = "", spot: _Spot | None = None) -> None:
        quoted = f"“{spot.quote}”：" if spot and spot.quote else ""
        line = spot.line if spot else 0
        self.faults.append(Fault(Place(self.file), f"{quoted}{message}", hint, line))

    # the frame

    def _start(self, headings: list[re.Match[str]]) -> int:
        """Where the arrangements begin."""
        first = headings[0].start() if headings else len(self.text)
        found = re.search("如下[。:]?", self.text)
        return min(first, found.end()) if found else first

    def _year(self, head: str, cited: str) -> int:
        """The year that the title names; 0 with a fault where it names none, or several."""
        for text in (head, cited):
            years = {int(one["year"] or one["year2"]) for one in _TITLE.finditer(text)}
            if years:
                break
        if not years and self.rows:
            years = {int(Counter(row[0][0] for row in self.rows).most_common(1)[0][0])}
        if len(years) == 1 and 2000 <= min(years) <= 2100:
            return min(years)
        if len(years) > 1:
            told = "、".join(str(year) for year in sorted(years))
            self._tell(f"写了不止一个年份：{told}", "一个文件请只放一份通知")
        else:
            message = "没有找到是哪一年的放假通知"
            self._tell(message, "请连标题一起复制，如“关于2026年部分节假日安排的通知”")
        return 0

    def _number(self) -> str:
        own = list(_NUMBER.finditer(_CITED.sub("", self.text)))
        found = own or list(_NUMBER.finditer(self.text))
        numbers = list(dict.fromkeys(f"{one[1]}〔{one[2]}〕{int(one[3])}号" for one in found))
        if not numbers:
            message, hint = "没有找到文号", "请把文号一起复制，如“国办发明电〔2025〕7号”"
            self._tell(message, hint)
            return ""
        if len(numbers) > 1:
            self._tell(f"有不止一个文号：{'、'.join(numbers)}", "一个文件请只放一份通知")
            return ""
        if self.year and int(found[0][2]) not in (self.year - 1, self.year):
            self._tell(f"{self.year}年的通知，文号不会是“{numbers[0]}”", "请核对年份和文号")
        return numbers[0]

    def _published(self) -> date | None:
        """The day of the date line, else of the page's own head; None where there is none."""
        figures = [(one[1], one[2], one[3], one) for one in _DATED.finditer(self.text)]
        for one in _DATED_IN_WORDS.finditer(self.text):
            year = "".join(str("〇一二三四五六七八九".find(c)) for c in _zero(one[1]))
            figures.append((year, str(_figure(one[2])), str(_figure(one[3])), one))
        figures = figures or [
            (one[1], one[2], one[3], one) for one in _LABELLED.finditer(self.text)
        ]
        if not figures:
            return None
        year, month, day, found = figures[-1]
        spot = self.copy.spot(*found.span())
        try:
            read = date(int(year), int(month), int(day))
        except ValueError:
            self._tell("没有这一天", "请核对落款日期", spot)
            return None
        if self.year and read.year not in (self.year - 1, self.year):
            self._tell(f"这不会是{self.year}年放假通知的日期", "请核对落款日期", spot)
        return read

    # the sentences

    def _drafts(
        self, headings: list[re.Match[str]], start: int, head: str, partial: bool
    ) -> list[_Draft]:
        if self.rows:
            if headings:
                self._tell("既有表格又有条文", "请只留一种")
            return self._table()
        sections = [(one["marked"] or one["plain"], one.start(), one.end()) for one in headings]
        if not sections or start < sections[0][1]:
            sections.insert(0, (_titled(head) if partial else "", start, start))
        ends = [place for _, place, _ in sections[1:]] + [len(self.text)]
        drafts = []
        for (name, place, body), end in zip(sections, ends, strict=True):
            draft = self._draft(self._as_known(name), place, end)
            self._sentences(draft, body, end)
            if draft.name and (draft.off or draft.bad or body > place):
                drafts.append(draft)
        return drafts

    def _draft(self, name: str, start: int, end: int) -> _Draft:
        stop = self.text.find("。", start, end)
        return _Draft(_canonical(name), self.copy.spot(start, end if stop < 0 else stop))

    def _sentences(self, draft: _Draft, start: int, end: int) -> None:
        for found in re.finditer("[^。;]+", self.text[start:end]):
            self._sentence(draft, start + found.start(), start + found.end())

    def _sentence(self, draft: _Draft, start: int, end: int) -> None:
        if not self.ended:
            line = _DATED.search(self.text, start, end) or _DATED_IN_WORDS.search(
                self.text, start, end
            )
            if line:
                self._sentence(draft, start, line.start())
                self.ended, start = True, line.end()
        if not (_SAYS_LATE if self.ended else _SAYS).search(self.text, start, end):
            return
        spot = self.copy.spot(start, end)
        try:
            if self.ended:
                raise _Odd("在落款日期之后，不知道算不算通知的内容", "请删去，或移到前面")
            if end - start > 2000:
                raise _Odd("这一句太长", "请只留通知的正文，并补上句号")
            self._clauses(draft, start, end, spot)
        except _Odd as odd:
            draft.bad = True
            self._tell(odd.why, odd.hint, spot)

    def _clauses(self, draft: _Draft, start: int, end: int, spot: _Spot) -> None:
        lead = _LEAD.match(self.text, start, end)
        place = lead.end() if lead else start
        while place < end:
            matched = ((name, one.match(self.text, place, end)) for name, one in _PATTERNS.items())
            name, found = next(((name, one) for name, one in matched if one), ("", None))
            if found is None:
                raise _Odd("看不懂这一句", "请核对原文；确实无关的话请删去")
            if not draft.name and name != "advice":
                raise _Odd("没有写是哪个节日", "每条请以节日名和冒号开头，如“一、元旦：”")
            getattr(self, f"_{name}")(draft, found, spot)
            between = _BETWEEN.match(self.text, found.end(), end)
            place = between.end() if between else found.end()

    # the clauses; each notes in the draft what it says

    def _off(self, draft: _Draft, found: re.Match[str], spot: _Spot) -> None:
        days = self._days(draft, found["days"])
        if found["count"] and _figure(found["count"]) != len(days):
            raise _Odd(f"写的是{found['count']}天，日期却有{len(days)}天", "请核对原文")
        draft.off.update(days)

    def _work(self, draft: _Draft, found: re.Match[str], spot: _Spot) -> None:
        days = self._days(draft, found["days"])
        if found["from"] or (found["usual"] and len(days) == 1 and days[0].weekday() < 5):
            draft.claims.append(("back", days, spot))
            return
        for day in days:
            if day.weekday() < 5:
                raise _Odd(f"{_say(day)}是{_weekday(day)}，本来就上班", "调休上班的应是周末")
        draft.work.update(days)

    def _rest(self, draft: _Draft, found: re.Match[str], spot: _Spot) -> None:
        draft.off.update(self._days(draft, found["days"]))

    def _legal(self, draft: _Draft, found: re.Match[str], spot: _Spot) -> None:
        draft.claims.append(("inside", self._days(draft, found["days"]), spot))

    def _weekend(self, draft: _Draft, found: re.Match[str], spot: _Spot) -> None:
        self._weekends(days := self._days(draft, found["days"]))
        draft.claims.append(("inside", days, spot))

    def _move(self, draft: _Draft, found: re.Match[str], spot: _Spot) -> None:
        """A weekend day exchanged for a working day; one inside the holiday is only moved."""
        self._weekends(moved := self._days(draft, found["days"]))
        draft.claims.append(("moved", moved, spot))
        draft.claims.append(("inside", self._days(draft, found["to"]), spot))

    def _longer(self, draft: _Draft, found: re.Match[str], spot: _Spot) -> None:
        """The holiday as it was, up to another day."""
        before = self._before(draft)
        (last,) = self._days(draft, found["days"])
        if last <= before.end or (last - before.start).days >= LONGEST:
            raise _Odd(f"原定放到{_say(before.end)}，不能延长到{_say(last)}", "请核对日期")
        draft.off |= set(_range(before.start, last))
        draft.work |= set(before.work) - draft.off

    def _join(self, draft: _Draft, found: re.Match[str], spot: _Spot) -> None:
        draft.join = True

    def _total(self, draft: _Draft, found: re.Match[str], spot: _Spot) -> None:
        draft.claims.append(("count", _figure(found["count"]), spot))

    def _unmoved(self, draft: _Draft, found: re.Match[str], spot: _Spot) -> None:
        draft.claims.append(("unmoved", 0, spot))

    def _advice(self, draft: _Draft, found: re.Match[str], spot: _Spot) -> None:
        """Employers are encouraged to give a day; it is no day off."""

    # their dates

    def _days(self, draft: _Draft, text: str) -> list[date]:
        days: list[date] = []
        for first, last in _SPAN_PARTS.findall(text):
            start = self._day(draft, first)
            end = self._day(draft, last) if last else start
            if end < start:
                raise _Odd(f"{_say(end)}早于{_say(start)}", "请核对日期")
            if (end - start).days >= LONGEST:
                raise _Odd(f"{_say(start)}至{_say(end)}太长", f"一个假期不超过{LONGEST}天，请核对")
            days += _range(start, end)
        return days

    def _day(self, draft: _Draft, text: str) -> date:
        """A day; its month and year are those before it where it has none of its own.

        The December of New Year is that of the year before.
        """
        found = _DAY_PARTS.fullmatch(text)
        assert found
        year, month, day, note = found.groups()
        if month is None and draft.last is None:
            raise _Odd(f"“{text}”没有写月份", "请核对原文")
        if month is None and draft.last:
            number, of = draft.last.month, draft.last.year
        else:
            number = int(month)
            of = self.year - (number == 12 and "元旦" in draft.parts)
        if year:
            of = int(year)
        if abs(of - self.year) > 1:
            raise _Odd(f"{of}年的日子不会在{self.year}年的通知里", "请核对年份")
        draft.last = self._real(of, number, int(day), note or "")
        return draft.last

    def _real(self, year: int, month: int, day: int, note: str) -> date:
        """That day, when there is one and it falls on the weekday in the brackets after it."""
        try:
            real = date(year, month, day)
        except ValueError:
            raise _Odd(f"没有{year}年{month}月{day}日", "请核对日期") from None
        for weekday in _WEEKDAY.findall(note):
            if _WEEKDAYS.index(weekday.replace("天", "日")) != real.weekday():
                told = f"{year}年{month}月{day}日是{_weekday(real)}，不是周{weekday}"
                raise _Odd(told, "请核对年份、日期和星期")
        return real

    def _weekends(self, days: list[date]) -> None:
        for day in days:
            if day.weekday() < 5:
                raise _Odd(f"{_say(day)}是{_weekday(day)}，不是公休日", "请核对日期")

    def _before(self, draft: _Draft) -> Holiday:
        if draft.name not in self.present:
            raise _Odd(f"原来的通知里没有“{draft.name}”", "请核对节日名")
        return self.present[draft.name]

    def _as_known(self, name: str) -> str:
        """The name under which the year's notice has that holiday: `国庆节、中秋节` for `国庆节`."""
        parts = set(_canonical(name).split("、"))
        return next((one for one in self.present if parts <= set(one.split("、"))), name)

    # the whole

    def _holiday(self, draft: _Draft) -> Holiday | None:
        """The holiday, when all that was said of it is true of it."""
        if draft.bad:
            return None
        count = len(self.faults)
        days = self._together(draft)
        if not days:
            return None
        for kind, value, _ in draft.claims:
            if kind == "moved" and isinstance(value, list):
                draft.work.update(day for day in value if day not in days)
        for kind, value, spot in draft.claims:
            for told in _untrue(kind, value, days, draft.work):
                self._tell(told, "请核对原文", spot)
        for told in _misplaced(draft, days, self.year):
            self._tell(told, "请核对日期", draft.spot)
        if len(self.faults) > count:
            return None
        work = tuple(sorted(draft.work))
        return Holiday(name=draft.name, start=days[0], end=days[-1], work=work)

    def _together(self, draft: _Draft) -> list[date]:
        """The days off in a row, with the weekends between and, where it says so, beside them."""
        if not draft.off:
            self._tell(f"没有读到“{draft.name}”哪天放假", "请核对原文", draft.spot)
            return []
        days = _range(min(draft.off), max(draft.off))
        if len(days) > LONGEST:
            self._tell(f"放假{len(days)}天，太长", "请核对日期", draft.spot)
            return []
        gaps = [day for day in days if day not in draft.off]
        if any(day.weekday() < 5 or day in draft.work for day in gaps):
            self._tell(f"放假的日子不相连，中间缺{_say(gaps[0])}", "请核对原文", draft.spot)
            return []
        if not draft.join:
            return days
        before, after = days[0] - _DAY_LONG, days[-1] + _DAY_LONG
        while before.weekday() >= 5 and before not in draft.work:
            before -= _DAY_LONG
        while after.weekday() >= 5 and after not in draft.work:
            after += _DAY_LONG
        joined = _range(before + _DAY_LONG, after - _DAY_LONG)
        if len(joined) == len(days):
            self._tell("前后没有相连的周末", "请核对日期", draft.spot)
        return joined

    def _complete(self, drafts: list[_Draft], partial: bool) -> None:
        """Every holiday once, and all seven of them in a year's own notice."""
        named = Counter(part for draft in drafts for part in draft.parts)
        for name, times in named.items():
            if times > 1:
                self._tell(f"“{name}”写了{times}次", "一个文件请只放一份通知")
        lacking = [name for name in HOLIDAYS if name not in named]
        if lacking and not partial:
            told = "、".join(f"“{name}”" for name in lacking)
            self._tell(f"没有读到{told}", "请核对是否漏了一段，每条应以节日名和冒号开头")
        if partial and not drafts:
            self._tell("没有读到要调整的节日", "请连标题一起复制")

    def _sound(self, year: WorkYear) -> None:
        for fault in workdays((year,)):
            self._tell(fault.message, fault.hint or "请核对原文")

    # the table

    def _rows(self, text: str) -> tuple[list["_Row"], str]:
        """The rows of a table, and the text with full stops in their place."""
        rows: list[_Row] = []
        rest: list[str] = []
        doubtful: list[_Spot] = []
        for number, line in enumerate(text.split("\n"), 1):
            plain = unicodedata.normalize("NFKC", line).strip()
            found = _ROW.fullmatch(plain) if len(plain) <= 200 else None
            spot = _Spot(_shown(plain), number)
            if found:
                rows.append((re.findall(r"\d+", found["day"]), found, spot))
            elif len(plain) <= 200 and _LIKE_ROW.match(plain):
                doubtful.append(spot)
            rest.append("。" * len(line) if found else line)
        for spot in doubtful if rows else ():
            self._tell("看不懂这一行", "每行应是“日期,休或班,节日名”", spot)
        return rows, "\n".join(rest)

    def _table(self) -> list[_Draft]:
        drafts: dict[str, _Draft] = {}
        seen: set[date] = set()
        for off in (True, False):
            for figures, found, spot in self.rows:
                if (found["kind"] in ("休", "休息", "放假")) is off:
                    try:
                        self._row(drafts, seen, figures, found, spot)
                    except _Odd as odd:
                        self._tell(odd.why, odd.hint, spot)
        return list(drafts.values())

    def _row(
        self,
        drafts: dict[str, _Draft],
        seen: set[date],
        figures: list[str],
        found: re.Match[str],
        spot: _Spot,
    ) -> None:
        year, month, number = map(int, figures)
        note = unicodedata.normalize("NFKC", found["note"] or "")
        day = self._real(year, month, number, note)
        named = _NAMES.search("".join(one for old in found["name"] or "" for one in _plain(old)))
        if named is None:
            raise _Odd("没有写是哪个节日", "每行应是“日期,休或班,节日名”")
        if day in seen:
            raise _Odd(f"{_say(day)}写了两次", "请删去一行")
        seen.add(day)
        name = _canonical(named[0])
        if found["kind"] in ("休", "休息", "放假"):
            drafts.setdefault(name, _Draft(name, spot)).off.add(day)
            return
        parts = set(name.split("、"))
        draft = next((one for one in drafts.values() if parts <= one.parts), None)
        if draft is None:
            raise _Odd(f"没有“{name}”的放假日，不知道为什么上班", "请核对节日名")
        if day.weekday() < 5:
            raise _Odd(f"{_say(day)}是{_weekday(day)}，本来就上班", "调休上班的应是周末")
        draft.work.add(day)


_Row = tuple[list[str], re.Match[str], _Spot]

# --- what has to be true ---


def _untrue(kind: str, value: list[date] | int, days: list[date], work: set[date]) -> Iterator[str]:
    """Why a claim about the whole holiday does not hold."""
    if kind == "count" and value != len(days):
        yield f"写的是共{value}天，{_say(days[0])}至{_say(days[-1])}却是{len(days)}天"
    if kind == "unmoved" and work:
        yield "写了不调休，却有周末上班"
    if isinstance(value, list) and kind == "inside":
        yield from (f"{_say(day)}不在放假的日子里" for day in value if day not in days)
    if isinstance(value, list) and kind == "back":
        back = days[-1] + _DAY_LONG
        while back.weekday() >= 5 and back not in work:
            back += _DAY_LONG
        if value != [back]:
            yield f"假后第一个工作日应是{_say(back)}"


def _misplaced(draft: _Draft, days: list[date], year: int) -> Iterator[str]:
    """Holidays away from their season, days worked away from their holiday or in it."""
    if not any(day.year == year for day in days):
        yield f"“{draft.name}”没有一天在{year}年"
    for part in HOLIDAYS:
        if part in draft.parts and part in FIXED and date(year, *FIXED[part]) not in days:
            yield f"{_say(date(year, *FIXED[part]))}不在“{part}”的假期里"
    for day in sorted(draft.work):
        if day in days:
            yield f"{_say(day)}既放假又上班"
        elif min(abs((day - days[0]).days), abs((day - days[-1]).days)) > FARTHEST:
            yield f"{_say(day)}上班，离假期太远"
    if len(draft.name) > 100:
        yield "节日名太长"


# --- small words ---

_NAMES = re.compile(rf"{_NAME}(?:[、和及]{_NAME})*")
_TITLED = re.compile(rf"(?:调整|延长)\d{{4}}年({_NAMES.pattern})")
_DAY_LONG = timedelta(1)
_WEEKDAYS = "一二三四五六日"


def _titled(head: str) -> str:
    """The holiday that the title of an adjustment names."""
    found = _TITLED.search(head)
    return found[1] if found else ""


def _canonical(name: str) -> str:
    """`清明、五一国际劳动节` as `清明节、劳动节`, each once."""
    parts = re.split("[、和及]", name)
    short = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}
    named = ("劳动节" if one.endswith("劳动节") else short.get(one, one) for one in parts)
    return "、".join(dict.fromkeys(named))


def _figure(text: str) -> int:
    """`12` or `十二`; 0 for what is no number."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    worth = dict(zip("一二三四五六七八九", range(1, 10), strict=True))
    if not ten:
        return worth.get(text, 0)
    return 10 * (worth.get(tens, 0) if tens else 1) + worth.get(ones, 0)


def _zero(text: str) -> str:
    return text.replace("○", "〇").replace("零", "〇")


def _range(first: date, last: date) -> list[date]:
    return [first + timedelta(number) for number in range((last - first).days + 1)]


def _say(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _weekday(day: date) -> str:
    return f"周{_WEEKDAYS[day.weekday()]}"
