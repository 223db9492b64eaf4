"""The templates of letters, read and compiled: Jinja's own, but quick, for a morning fills thousands."""

import re
from collections.abc import Callable, Mapping, MutableMapping
from functools import cached_property, lru_cache
from keyword import iskeyword
from pathlib import Path
from typing import Any

import jinja2
from css_inline import CSSInliner
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Expr, Getattr, Output
from markupsafe import Markup, escape

from adapters import urgentwords, wording
from adapters.sandbox import guarded

_STYLE = "style.css"
_FRAME = "base.html"
_CLASS = re.compile(r' class="([\w -]+)"')
_STYLED = re.compile(r' style="([^"]*)"')
_SHEET = re.compile("<style>(.*?)</style>", re.DOTALL)
_NAME = re.compile(r"\.([a-z]\w*)")
_SPACE = re.compile(r"(?<=[:;,]) ")
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


class Templates(jinja2.Environment):
    """Every value is needed (StrictUndefined), in `.html` escaped, and may not break its line."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            loader=_Styled(folder),
            autoescape=lru_cache(jinja2.select_autoescape(["html"], default=False)),
            undefined=jinja2.StrictUndefined,
            finalize=printable,
            auto_reload=False,
            cache_size=-1,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self.code_generator_class = _Printing
        self.edited: dict[str, jinja2.Template] = {}
        """Those that take the places of the files': adapters/sandbox.py."""
        self._compiled: dict[str, jinja2.Template] = {}
        self.escaped = lru_cache(maxsize=4096, typed=True)(_escaped)
        self.plain = lru_cache(maxsize=4096, typed=True)(_plain)
        self.filters.update(wording.FILTERS | urgentwords.FILTERS)

    def edit(self, sources: Mapping[str, str]) -> None:
        """Let these take the places of the files. Raises jinja2.TemplateSyntaxError."""
        loader = self.loader
        assert isinstance(loader, _Styled)
        named = {
            name: (loader.styled(name, text), str(loader.folder / name))
            for name, text in sources.items()
        }
        self.edited = guarded(self, printable, named)

    def _load_template(
        self, name: str, globals: MutableMapping[str, Any] | None
    ) -> jinja2.Template:
        known = self.edited.get(name) or self._compiled.get(name)
        if known is None:
            known = self._compiled[name] = super()._load_template(name, globals)
        return known

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """A dict: every include copies it, and Jinja's own ChainMap takes 7 us for that."""
        return {**self.globals, **(d or {})}


class _Printing(CodeGenerator):
    """Prints a value with one call, not three, and remembers how it is written. Takes an attribute as
    Python does: facts are objects, never dicts, and a letter asks for a hundred of them. Says what stands
    side by side in one piece, for each piece goes through every template that includes this one."""

    def visit_Output(self, node: Output, frame: Frame) -> None:
        if frame.buffer is not None or frame.require_output_check or len(node.nodes) == 1:
            super().visit_Output(node, frame)
            return
        piece = frame.copy()
        piece.buffer = self.temporary_identifier()
        self.writeline(f"{piece.buffer} = []")
        super().visit_Output(node, piece)
        self.writeline(f"yield concat({piece.buffer})")

    def visit_Getattr(self, node: Getattr, frame: Frame) -> None:
        if iskeyword(node.attr):
            super().visit_Getattr(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile:
            super()._output_child_pre(node, frame, finalize)
        elif frame.eval_ctx.autoescape:
            self.write("(environment.escaped(")
        else:
            self.write("(environment.plain(")


def _plain(value: object) -> str:
    return str(printable(value))


def _escaped(value: object) -> Markup:
    return escape(printable(value))


def printable(value: object) -> object:
    """What a template writes: never None, never a character that breaks a line or hides itself."""
    if value is None:
        raise jinja2.UndefinedError("None")
    if isinstance(value, Markup):
        return value
    text = str(value)
    return text if text.isprintable() else _UNSEEN.sub("", _BREAKS.sub(" ", text))


class _Styled(jinja2.FileSystemLoader):
    """Gives every class in an HTML template its style from style.css, once: mail readers drop
    style sheets, and inlining each letter would cost more than writing it. The class itself stays
    only where the sheet in base.html speaks of it, for every letter carries what stands here."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder
        self._inliner = CSSInliner(load_remote_stylesheets=False)

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        source, file, fresh = super().get_source(environment, template)
        return self.styled(template, source), file, fresh

    def styled(self, template: str, source: str) -> str:
        return _CLASS.sub(self._style, source) if template.endswith(".html") else source

    @cached_property
    def _css(self) -> str:
        try:
            return (self.folder / _STYLE).read_text("utf-8")
        except FileNotFoundError:
            raise jinja2.TemplateNotFound(_STYLE) from None

    @cached_property
    def _known(self) -> set[str]:
        """Classes that base.html's own sheet speaks of."""
        try:
            page = (self.folder / _FRAME).read_text("utf-8")
        except FileNotFoundError:
            raise jinja2.TemplateNotFound(_FRAME) from None
        return {name for sheet in _SHEET.findall(page) for name in _NAME.findall(sheet)}

    def _style(self, found: re.Match[str]) -> str:
        tag = self._inliner.inline_fragment(f"<p{found[0]}></p>", self._css)
        style = _STYLED.search(tag)
        known = " ".join(name for name in found[1].split() if name in self._known)
        said = f' class="{known}"' if known else ""
        return said + (f' style="{_SPACE.sub("", style[1]).strip(";")}"' if style else "")
