"""Slips of people who type YAML by hand in Chinese, and YAML's own complaints in plain words."""

import re
from dataclasses import dataclass

import yaml

_SLIP = re.compile(
    r"(?P<indent>[ \t\u3000\xa0]*)(?P<dashes>(?:- +)*)"
    r"(?:(?P<key>[A-Za-z_][A-Za-z0-9_]*)(?P<colon> *：|:(?=[^\s/])))?"
)


@dataclass(frozen=True, slots=True)
class Slip:
    """A line that was meant well: with the wrong `colon`, or an `indent` not made of spaces."""

    line: int
    indent: bool
    key: str = ""
    colon: str = ""


def find_slips(text: str) -> list[Slip]:
    """Lines whose key ends in `：`, has no space after `:`, or is indented by other than spaces."""
    slips = []
    for number, line in enumerate(text.split("\n"), start=1):
        found = _SLIP.match(line)
        if found is None or not line.strip() or line.lstrip().startswith("#"):
            continue
        indent = found["indent"].strip(" ") != ""
        if indent or found["colon"]:
            slips.append(Slip(number, indent, found["key"] or "", (found["colon"] or "").strip()))
    return slips


def mend(text: str, slips: list[Slip]) -> str:
    """The text as it was meant, so that the faults behind a slip are found as well."""
    if not slips:
        return text
    lines = text.split("\n")
    for slip in slips:
        lines[slip.line - 1] = _SLIP.sub(_meant, lines[slip.line - 1], count=1)
    return "\n".join(lines)


def _meant(found: re.Match[str]) -> str:
    indent = re.sub(r"[\t\u3000]", "  ", found["indent"]).replace("\xa0", " ")
    key = f"{found['key']}: " if found["colon"] else ""
    return f"{indent}{found['dashes']}{key}"


_QUOTE = "引号没有配对"
_SYNTAX = (
    # (part of YAML's problem, what is wrong, how to mend it, told at the line where it began)
    ("could not find expected ':'", "缺少冒号", "应写成“键: 值”，半角冒号后空一格", True),
    (
        "mapping values are not allowed",
        "这里不能再有“: ”",
        "值里有冒号请加引号；或检查上一行",
        False,
    ),
    ("mapping keys are not allowed", "这里不能有键", "请检查缩进", False),
    ("block sequence entries are not allowed", "“- ”不能写在这里", "列表请另起一行", False),
    ("expected '-' indicator", "缩进没有对齐", "这里应是与上面对齐的“- ”", False),
    ("expected ',' or ']'", "列表没有写完", "缺少逗号或右方括号“]”", True),
    ("expected ',' or '}'", "花括号没有写完", "缺少逗号或右花括号“}”", True),
    (
        "expected key",
        "缩进没有对齐",
        "这里应是与上面对齐的“键: 值”",
        False,
    ),
    ("expected node content", "没有写完", "缺少值，或多了一个括号、逗号", False),
    ("<document start>", "文件里的内容没有从头对齐", "请检查缩进，或这里多出的文字", False),
    ("<block end>", "缩进没有对齐", "这里应是与上面对齐的键或“- ”", False),
    ("unexpected end of stream", _QUOTE, "从这里开始的引号没有结束", True),
    ("unexpected document indicator", _QUOTE, "从这里开始的引号没有结束", True),
    ("unknown escape", "不认识的转义", "双引号里的反斜杠请写两个，或改用单引号", False),
    ("tab character", "缩进里有制表符（Tab）", "缩进请只用半角空格", False),
    ("cannot start any token", "不能以这个符号开头", "请给整个值加引号", False),
    ("alphabetic or numeric character", "不能以“*”或“&”开头", "请给整个值加引号", False),
    ("incompatible YAML document", "不支持这个 YAML 版本", "请删去“%YAML”一行", False),
    ("control characters", "有看不见的控制字符", "请删去它们", False),
    ("special characters", "有看不见的控制字符", "请删去它们", False),
)


def syntax_fault(error: yaml.YAMLError) -> tuple[int, str, str]:
    """The line of a syntax fault, what is wrong, and what was expected there."""
    problem = str(getattr(error, "problem", None) or error)
    for part, message, hint, early in _SYNTAX:
        if part in problem:
            return _line(error, early), message, hint
    return _line(error, False), "写法有误", "请检查这一行和上一行的缩进、冒号与引号"


def _line(error: yaml.YAMLError, early: bool) -> int:
    """1-based; `early`: where it began, not where YAML noticed."""
    marks = [getattr(error, "problem_mark", None), getattr(error, "context_mark", None)]
    known = [mark.line + 1 for mark in (reversed(marks) if early else marks) if mark is not None]
    return known[0] if known else 1
