"""One YAML file as plain data: all scalars strings, every fault found, entries with their lines."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

import yaml

from adapters.yamlslips import Slip, find_slips, mend, syntax_fault
from duban.fault import Fault, Path, Place

MAX_BYTES = 2_000_000
MAX_DEPTH = 20
MAX_NODES = 200_000

Data = str | list["Data"] | dict[str, "Data"] | None

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNSEEN = re.compile(
    "[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # YAML 1.1, section 5.1
    "|[\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]"  # zero width, line and direction marks
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one file holds. `data` is None where the file as a whole could not be read."""

    file: str
    data: Data = None
    lines: Mapping[Path, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    broken: frozenset[Path] = frozenset()
    """Where what was written could not be taken: the key is absent, the list item None."""
    aside: tuple[Data, ...] = ()
    """Values of keys that were written a second time."""

    def line(self, path: Path) -> int:
        """The line of the key or list item at `path`, or of the nearest entry around it.

        0 where the file could not be opened.
        """
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1 if self.lines else 0)


class Halt(Exception):
    """The rest of the file cannot be read; what was found so far stands."""


def read_yaml(content: bytes, file: str) -> Sheet:
    """Read one file. Never raises: what is wrong stands in `faults`, each with its line."""
    try:
        text = _decoded(content)
    except Halt as halt:
        return Sheet(file, faults=(_fault(file, *halt.args),))
    unseen = _unseen(text, file)
    text = _UNSEEN.sub("", text)
    slips = find_slips(text)
    reader = _Reader(file, mend(text, slips))
    data = reader.document()
    real = [slip for slip in slips if slip.line not in reader.literal]
    if slips and not real:
        reader = _Reader(file, text)
        data = reader.document()
    faults = [*unseen, *_slip_faults(real, file), *_without_echo(reader.faults, real)]
    return Sheet(
        file, data, reader.lines, tuple(faults), frozenset(reader.broken), tuple(reader.aside)
    )


def _decoded(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise Halt(1, f"文件大于 {MAX_BYTES // 1_000_000} MB", "请分成几个文件")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        hint = f"{_guess(content)}请用编辑器另存为 UTF-8"
        raise Halt(line, "文件不是 UTF-8 编码", hint) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _guess(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "像是 UTF-16，"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "像是 GBK，"


def _unseen(text: str, file: str) -> list[Fault]:
    """One fault for all invisible characters of a file."""
    first = islice(_UNSEEN.finditer(text), 100)
    lines = dict.fromkeys(text.count("\n", 0, one.start()) + 1 for one in first)
    if not lines:
        return []
    return [_fault(file, min(lines), f"{_listed(lines)}有看不见的字符", "请删去它们")]


def _listed(lines: Mapping[int, None]) -> str:
    some = "、".join(str(line) for line in list(lines)[:10])
    return f"第{some}{'等' if len(lines) > 10 else ''}行"


def _slip_faults(slips: list[Slip], file: str) -> Iterator[Fault]:
    indents = {slip.line: None for slip in slips if slip.indent}
    if indents:
        message = f"{_listed(indents)}的缩进里有制表符（Tab）或全角空格"
        yield _fault(file, min(indents), message, "缩进请只用半角空格")
    for slip in slips:
        if slip.colon == "：":
            hint = f"应写“{slip.key}: ”：半角冒号，后面空一格"
            yield _fault(file, slip.line, f"“{slip.key}”后面是全角冒号“：”", hint)
        elif slip.colon:
            yield _fault(
                file, slip.line, f"“{slip.key}:”后面缺少空格", f"应写“{slip.key}: ”，冒号后空一格"
            )


def _without_echo(faults: list[Fault], slips: list[Slip]) -> Iterator[Fault]:
    """Syntax faults which only repeat a slip that is told already go."""
    indent = any(slip.indent for slip in slips)
    near = {slip.line + step for slip in slips for step in (-1, 0, 1)}
    for fault in faults:
        if not (fault.place.path == SYNTAX and (indent or fault.line in near)):
            yield Fault(_plain(fault.place), fault.message, fault.hint, fault.line)


SYNTAX: Path = ("", "syntax")
"""Marks a syntax fault until echoes are taken out; no key of a file has this path."""


def _plain(place: Place) -> Place:
    return Place(place.file) if place.path == SYNTAX else place


def _fault(file: str, line: int, message: str, hint: str = "", path: Path = ()) -> Fault:
    return Fault(Place(file, path), message, hint, line)


class _Reader:
    """Builds data from PyYAML's events; its composer would follow the aliases that we refuse."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.faults: list[Fault] = []
        self.broken: set[Path] = set()
        self.aside: list[Data] = []
        self.literal: set[int] = set()
        """Lines inside quoted or block scalars, where a slip is only text."""
        self._events = yaml.parse(text, Loader=_LOADER)
        self._last = text.rstrip().count("\n") + 1
        self._nodes = 0
        self._skipping = 0

    def document(self) -> Data:
        """The file's one document; None when it is empty or cannot be read to its end."""
        try:
            return self._document()
        except Halt as halt:
            self.faults.append(_fault(self.file, *halt.args))
        except yaml.YAMLError as error:
            line, message, hint = syntax_fault(error)
            line = min(line, self._last)
            self.faults.append(_fault(self.file, line, message, hint, SYNTAX))
        return None

    def _document(self) -> Data:
        next(self._events)
        event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            raise Halt(1, "文件是空的")
        data = self._value(next(self._events), (), "")
        next(self._events)
        event = next(self._events)
        if isinstance(event, yaml.DocumentStartEvent):
            line = _line(event)
            self._note((), line, "一个文件只能有一份内容", "请删去中间的“---”，其后的没有读")
        return data

    def _value(self, event: yaml.Event, path: Path, key: str) -> Data:
        line = _line(event)
        if not self._skipping:
            self.lines.setdefault(path, line)
        self._limit(path, line)
        if isinstance(event, yaml.AliasEvent):
            self._refuse(path, line, f"不支持引用“*{event.anchor}”", "请把内容写全")
            return None
        self._check_node(event, path, line)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path, key, line)
        return self._list(path) if isinstance(event, yaml.SequenceStartEvent) else self._map(path)

    def _limit(self, path: Path, line: int) -> None:
        self._nodes += 1
        if len(path) > MAX_DEPTH:
            raise Halt(line, f"层次超过{MAX_DEPTH}层")
        if self._nodes > MAX_NODES:
            raise Halt(line, f"条目超过{MAX_NODES}个", "请分成几个文件")

    def _check_node(self, event: yaml.Event, path: Path, line: int) -> None:
        if anchor := getattr(event, "anchor", None):
            self._note(path, line, f"不支持锚点“&{anchor}”", "请删去它")
        if tag := getattr(event, "tag", None):
            tag = tag.replace("tag:yaml.org,2002:", "!!")
            self._note(path, line, f"不支持标签“{tag}”", "请删去它；要写感叹号请给整个值加引号")

    def _scalar(self, event: yaml.ScalarEvent, path: Path, key: str, line: int) -> Data:
        if event.style:
            self.literal.update(range(line + 1, _line(event, end=True) + 1))
        elif event.value == "":
            self._refuse(path, line, *_unfilled(key))
            return None
        return str(event.value)

    def _list(self, path: Path) -> Data:
        items: list[Data] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items)), f"第{len(items) + 1}项"))
        return items

    def _map(self, path: Path) -> Data:
        entries: dict[str, Data] = {}
        seen: dict[str, int] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            line = _line(event)
            key = self._key(event, path, line)
            where = (*path, key or "?")
            if key is None or key in seen:
                if key is not None:
                    both = f"第{seen[key]}行和第{line}行"
                    self._note(where, line, f"“{key}”写了两次：{both}", "请只留一个")
                self._skip(where, key or "")
                continue
            seen[key] = line
            if not self._skipping:
                self.lines[where] = line
            value = self._value(next(self._events), where, key)
            if where not in self.broken:
                entries[key] = value
        return entries

    def _key(self, event: yaml.Event, path: Path, line: int) -> str | None:
        """The key; None where it cannot be one."""
        if not isinstance(event, yaml.ScalarEvent):
            self._drain(event)
            message, hint = "键应是一个词", "不能是列表、引用或“键: 值”"
        elif event.style or event.value not in ("", "<<"):
            self._check_node(event, path, line)
            return str(event.value)
        else:
            message = "不支持合并键“<<”" if event.value else "冒号前面没有键"
            hint = "请把内容写全"
        self.broken.add((*path, "?"))
        self._note(path, line, message, hint)
        return None

    def _skip(self, path: Path, key: str) -> None:
        """Read a value that is not kept; what is wrong inside it is still told."""
        self._skipping += 1
        self.aside.append(self._value(next(self._events), path, key))
        self._skipping -= 1

    def _drain(self, event: yaml.Event) -> None:
        depth = int(isinstance(event, yaml.CollectionStartEvent))
        while depth:
            inner = next(self._events)
            depth += isinstance(inner, yaml.CollectionStartEvent)
            depth -= isinstance(inner, yaml.CollectionEndEvent)

    def _refuse(self, path: Path, line: int, message: str, hint: str = "") -> None:
        if not self._skipping:
            self.broken.add(path)
        self._note(path, line, message, hint)

    def _note(self, path: Path, line: int, message: str, hint: str = "") -> None:
        self.faults.append(_fault(self.file, line, message, hint, path))


def _unfilled(key: str) -> tuple[str, str]:
    if not key:
        return "文件是空的", ""
    if found := re.fullmatch(r"([^：:]+)[：:](.+)", key):
        return f"“{key}”里的冒号不对", f"应写“{found[1]}: {found[2]}”：半角冒号，后面空一格"
    return f"“{key}”没有填写", "请填上，或删去这一行"


def _line(event: yaml.Event, end: bool = False) -> int:
    mark = event.end_mark if end else event.start_mark
    return mark.line + 1 if mark else 1
