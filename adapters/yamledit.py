"""Changing entries of a YAML file as its author would: comments, order and style of the rest are kept."""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.resolver import VersionedResolver

from adapters.yamlfile import MAX_BYTES, read_yaml
from duban.trouble import Trouble

Values = Mapping[str, Any]
"""By key; None or empty: the key is to go."""


class NotEditable(Trouble):
    """The file has faults, so that no form can change it; the message says where."""


def edited(text: str, file: str, change: Callable[[CommentedMap], None]) -> str:
    """The text after `change` did something to the file's top mapping. Raises NotEditable."""
    _readable(text, file)
    try:
        document = _yaml().load(text)
    except (YAMLError, RecursionError):
        raise NotEditable(f"{file} 读不懂，请先按 YAML 改正") from None
    if not isinstance(document, CommentedMap):
        raise NotEditable(f"{file} 是空的，请先按 YAML 写好开头")
    change(document)
    out = io.StringIO()
    _yaml().dump(document, out)
    return out.getvalue()


def entries(document: CommentedMap, key: str) -> CommentedSeq:
    """The list below `key`, made where there is none. Raises NotEditable."""
    if not isinstance(document.get(key), CommentedSeq):
        if document.get(key):
            raise NotEditable(f"{key} 下面不是一列，请先按 YAML 改正")
        document[key] = CommentedSeq()
    found: CommentedSeq = document[key]
    if not found:
        found.fa.set_block_style()
    return found


def put(entry: CommentedMap, values: Values) -> None:
    """What differs is written, what is empty goes, everything else stays as it is."""
    for key, value in values.items():
        if value in (None, "", [], {}):
            entry.pop(key, None)
        elif plain(entry.get(key)) != value:
            entry[key] = _node(value)


def plain(value: Any) -> Any:
    """As a form shows it: names of a list are joined by 、, as documents write them."""
    if isinstance(value, Mapping):
        return {str(key): plain(below) for key, below in value.items()}
    if isinstance(value, list):
        below = [plain(one) for one in value]
        return below if any(isinstance(one, dict) for one in below) else "、".join(below)
    return "" if value is None else str(value)


def find(document: CommentedMap, key: str, by: str, value: str) -> CommentedMap | None:
    """The first entry of the list below `key` whose `by` is that value."""
    for one in entries(document, key):
        if isinstance(one, CommentedMap) and str(one.get(by, "")).strip() == value:
            return one
    return None


def remove(document: CommentedMap, key: str, entry: CommentedMap) -> None:
    """Without that entry; comments before the next one stay where they are."""
    listed = entries(document, key)
    del listed[next(n for n, one in enumerate(listed) if one is entry)]


def add(document: CommentedMap, key: str, values: Values) -> None:
    """One more entry at the end of the list below `key`."""
    entry = CommentedMap()
    put(entry, values)
    entries(document, key).append(entry)


def _node(value: Any) -> Any:
    if isinstance(value, Mapping):
        made = CommentedMap((key, _node(below)) for key, below in value.items() if below)
        made.fa.set_flow_style()
        return made
    if isinstance(value, Sequence) and not isinstance(value, str):
        return CommentedSeq(map(_node, value))
    return str(value)


def _readable(text: str, file: str) -> None:
    """No bomb, no depth, nothing that our own reader refuses."""
    if len(text) > MAX_BYTES:
        raise NotEditable(f"{file} 太大，请先分成几个文件")
    for fault in read_yaml(text.encode("utf-8", "replace"), file).faults:
        raise NotEditable(f"这个文件里有错误，要先按 YAML 改正：{fault}")


class _AllText(VersionedResolver):
    """Every plain value is text, as our own reader has it: dates stay as they were written."""

    @property
    def versioned_resolver(self) -> dict[str, Any]:
        return {}


def _yaml() -> YAML:
    made = YAML()
    made.Resolver = _AllText
    made.preserve_quotes = True
    made.width = 10_000
    made.indent(mapping=2, sequence=4, offset=2)
    return made
