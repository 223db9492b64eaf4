"""How templates of pages become Python: as Jinja does it, but quick, for a page has hundreds of pieces."""

from collections.abc import Callable, Iterable, MutableMapping
from typing import Any

import jinja2
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Call, Const, Expr, MarkSafe, Name, Node, Template
from jinja2.visitor import NodeTransformer


class Quick(jinja2.Environment):
    """`said`: gives a text without values as a page says it; asked when a template is compiled."""

    def __init__(self, said: Callable[[str], str], **options: Any) -> None:
        super().__init__(**options)
        self._said = said
        self.code_generator_class = _Whole

    def _generate(
        self, source: Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        texts = _Texts(self._said).visit(source)
        return super()._generate(texts, name, filename, defer_init)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """A dict: every import copies it, and Jinja's own ChainMap takes 7 us for that."""
        return {**self.globals, **(d or {})}


class _Texts(NodeTransformer):
    """A text without values, `_("今天")`, is what it says, and one with the HTML around it."""

    def __init__(self, said: Callable[[str], str]) -> None:
        self._said = said

    def visit_Call(self, node: Call) -> Node:
        self.generic_visit(node)
        text = _text(node)
        return node if text is None else MarkSafe(Const(str(self._said(text))))


def _text(node: Call) -> str | None:
    if not (isinstance(node.node, Name) and node.node.name == "_" and len(node.args) == 1):
        return None
    first: Expr = node.args[0]
    alone = not (node.kwargs or node.dyn_args or node.dyn_kwargs)
    return first.value if alone and isinstance(first, Const) else None


class _Whole(CodeGenerator):
    """Gives a block in one piece: each piece would go through every template that the page extends."""

    def blockvisit(self, nodes: Iterable[Node], frame: Frame) -> None:
        if frame.buffer is not None or not _outermost(frame):
            super().blockvisit(nodes, frame)
            return
        self.buffer(frame)
        super().blockvisit(nodes, frame)
        self.writeline(f"yield concat({frame.buffer})")


def _outermost(frame: Frame) -> bool:
    """Whether it is a block's, or a template's that extends none."""
    return frame.block_frame or (frame.rootlevel and not frame.require_output_check)
