"""Pydantic's errors as Chinese sentences for the people who write the files."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic_core import ErrorDetails

from adapters.shape import Misfit, Slot, shape
from adapters.yamlfile import Data
from duban.fault import Path
from duban.frozen import Frozen
from duban.text import nearest

_ID = "只用小写字母、数字和连字符，以字母开头，最多40个字符，如 water-day"
_KINDS = {
    "string_type": ("这里应是一段文字", ""),
    "model_type": ("这里应是几行“键: 值”", ""),
    "model_attributes_type": ("这里应是几行“键: 值”", ""),
    "tuple_type": ("这里应是列表", "每项一行，以“- ”开头"),
    "too_short": ("至少要有一项", ""),
    "string_too_short": ("没有填写", ""),
    "bool_parsing": ("应写 true 或 false", ""),
}


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where an error is: its path without pydantic's own marks, and what is expected there."""

    path: Path
    model: type[Frozen]
    slot: Slot | None


def explain(model: type[Frozen], raw: Data, errors: list[ErrorDetails]) -> Iterator[Misfit]:
    """Each mistake once, at its path below `raw`.

    A misspelt key is not missing as well, nor is a list with wrong items too short.
    """
    known = [
        (error, _crossed(error, spot))
        for error in errors
        if (spot := _spot(model, raw, error["loc"]))
    ]
    near = _Near(known)
    meant: set[Path] = {
        (*spot.path[:-1], key)
        for error, spot in known
        if error["type"] == "extra_forbidden" and (key := near.key(spot))
    }
    holding = {spot.path[:depth] for _, spot in known for depth in range(len(spot.path))}
    for error, spot in known:
        echoes = {"missing": meant, "too_short": holding}.get(error["type"])
        if not echoes or spot.path not in echoes:
            message, hint = _words(error, spot, near)
            yield Misfit(spot.path, message, hint)


_Known = list[tuple[ErrorDetails, _Spot]]


def _spot(model: type[Frozen], raw: Data, loc: tuple[int | str, ...]) -> _Spot | None:
    """None for an error of the other branch of a choice: a text is no list with mistakes."""
    path: list[int | str] = []
    slot: Slot | None = None
    branch = False
    for part in loc:
        if branch:
            branch = False
            if str(part).startswith("tuple[") != isinstance(raw, list | dict):
                return None
            continue
        path.append(part)
        if isinstance(part, int):
            raw = raw[part] if isinstance(raw, list) and part < len(raw) else None
        else:
            model = slot.below if slot and slot.below else model
            slot = shape(model).get(part)
            raw = raw.get(part) if isinstance(raw, dict) else None
            branch = slot is not None and slot.either
    return _Spot(tuple(path), model, slot)


_CROSSED = ("end", "steps")
"""Keys at which a model's own checks are told: start before end, at least one step."""


def _crossed(error: ErrorDetails, spot: _Spot) -> _Spot:
    """What a model finds wrong as a whole is told at the key that people will look at."""
    if error["type"] == "value_error" and isinstance(raw := error["input"], dict):
        for key in _CROSSED:
            if key in raw:
                return replace(spot, path=(*spot.path, key))
    return spot


class _Near:
    """Which key was probably meant: one that is missing there, before any other. Only the first ones
    that are asked for: a file may have thousands of odd keys, and looking is slow."""

    def __init__(self, known: _Known) -> None:
        self._found: dict[Path, str | None] = {}
        self._missing: dict[Path, list[str]] = {}
        for error, spot in known:
            if error["type"] == "missing":
                self._missing.setdefault(spot.path[:-1], []).append(str(spot.path[-1]))

    def key(self, spot: _Spot) -> str | None:
        if spot.path not in self._found and len(self._found) < MOST:
            word, missing = str(spot.path[-1])[:100], self._missing.get(spot.path[:-1], [])[:MOST]
            self._found[spot.path] = nearest(word, missing) or nearest(word, shape(spot.model))
        return self._found.get(spot.path)


MOST = 100


def _words(error: ErrorDetails, spot: _Spot, near: _Near) -> tuple[str, str]:
    kind, context = error["type"], error.get("ctx", {})
    key = str(spot.path[-1]) if spot.path else ""
    if kind == "missing":
        return f"缺少“{key}”", "请补上"
    if kind == "extra_forbidden":
        return f"不认识“{key}”", _key_hint(spot, near)
    if kind == "value_error":
        return str(context.get("error", "")) or "写法有误", ""
    if kind in ("enum", "literal_error"):
        return _choice(str(error["input"]), spot.slot)
    if kind in _KINDS:
        return _KINDS[kind]
    return _value(kind, str(error["input"]), spot.slot, context)


def _key_hint(spot: _Spot, near: _Near) -> str:
    key = near.key(spot)
    return f"是不是“{key}”？" if key else f"可写：{'、'.join(shape(spot.model))}"


def _choice(word: str, slot: Slot | None) -> tuple[str, str]:
    choices = slot.choices if slot else ()
    near = nearest(word, choices)
    meant = f"是不是“{near}”？" if near else ""
    return f"“{word}”不在可选之列", f"{meant}可写：{'、'.join(choices)}"


def _value(kind: str, word: str, slot: Slot | None, context: Mapping[str, Any]) -> tuple[str, str]:
    if kind.startswith("date"):
        real = re.fullmatch(r"\d{4}-\d{2}-\d{2}", word)
        return f"没有“{word}”这一天" if real else f"“{word}”不是日期", "应写年-月-日，如 2026-05-23"
    if kind.startswith("time"):
        return f"没有“{word}”这个时刻", "应写时:分，如 08:30"
    if kind.startswith("int"):
        return f"“{word}”不是整数", "应写数字，如 5"
    if kind in ("greater_than_equal", "less_than_equal") and slot:
        return f"“{word}”超出范围", f"应在{slot.least}到{slot.most}之间"
    if kind == "string_too_long":
        return f"太长（{len(word)}字）", f"最多{context.get('max_length')}字"
    if kind == "string_pattern_mismatch":
        if str(context.get("pattern", "")).startswith("^[a-z]"):
            return f"“{word}”不能作代号", _ID
        return "不能换行，也不能有看不见的字符", "请写成一行"
    return f"“{word}”写法有误", ""
