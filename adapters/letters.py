"""Letters in words: the facts of a letter and the templates in; subject, text and HTML out."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from traceback import walk_tb

import jinja2
from css_inline import CSSInliner
from markupsafe import Markup

from adapters.wording import FILTERS
from duban.letter import Kind, Letter
from duban.office import Office

_PARTS = ("subject.txt", "body.txt", "body.html")
_FRAME = ("base.html", "base.txt", "also.txt", "closing.txt", "tentative.txt", "macros.html")
_NEEDED = (*_FRAME, *(f"{kind.value}/{part}" for kind in Kind for part in _PARTS))
_STYLE = "style.css"
_CLASS = re.compile(r'class="[\w -]+"')
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_FAULTS = (jinja2.TemplateError, TypeError, AttributeError, ValueError, LookupError)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter as people read it. `subject` is one line; no part holds a control character but
    the line ends of `text` and `html`."""

    subject: str
    text: str
    html: str


class LetterError(Exception):
    """A template is broken or a value is missing. `line` is 0, `template` empty where none is to blame."""

    def __init__(self, template: str, line: int, reason: str) -> None:
        place = f"模板{template}{f'第{line}行' if line else ''}：" if template else ""
        super().__init__(place + reason)
        self.template = template
        self.line = line


class Letters:
    """Every template of a folder, read and compiled once; LetterError names a broken one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._templates = _environment(folder)
        for name in {*_NEEDED, *self._templates.list_templates(["html", "txt"])}:
            self._compile(name)

    def render(self, letter: Letter, office: Office) -> Rendered:
        """The letter in words. Raises LetterError, also for a letter that says nothing."""
        if not letter.sections or not all(section.items for section in letter.sections):
            raise LetterError("", 0, f"函件{letter.key}没有内容")
        facts = {"letter": letter, "office": office, "section": letter.sections[0]}
        subject = _one_line(self._fill(f"{letter.kind.value}/subject.txt", facts))
        facts["subject"] = subject
        text = _paragraphs(self._fill("base.txt", facts))
        return Rendered(subject, text, self._fill("base.html", facts))

    def _compile(self, name: str) -> None:
        try:
            self._templates.get_template(name)
        except jinja2.TemplateNotFound as error:
            raise LetterError(str(error.name), 0, f"{self._folder}里没有这个模板") from error
        except UnicodeDecodeError as error:
            raise LetterError(name, 0, "不是UTF-8编码") from error
        except jinja2.TemplateSyntaxError as error:
            reason = f"写法有误（{error.message}）"
            raise LetterError(error.name or name, error.lineno, reason) from error

    def _fill(self, name: str, facts: dict[str, object]) -> str:
        try:
            return self._templates.get_template(name).render(facts)
        except _FAULTS as error:
            template, line = self._blamed(error, name)
            raise LetterError(template, line, f"缺少内容或者写法有误（{error}）") from error

    def _blamed(self, error: Exception, name: str) -> tuple[str, int]:
        """The innermost line of a template that was being filled; Jinja puts them on the stack."""
        return (list(self._lines(error)) or [(name, 0)])[-1]

    def _lines(self, error: Exception) -> Iterator[tuple[str, int]]:
        for frame, line in walk_tb(error.__traceback__):
            file = Path(frame.f_code.co_filename)
            if file.is_relative_to(self._folder):
                yield file.relative_to(self._folder).as_posix(), line


class _Styled(jinja2.FileSystemLoader):
    """Gives every class in an HTML template its style from style.css, once: mail readers drop
    style sheets, and inlining each letter would cost more than writing it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._sheet = folder / _STYLE
        self._inliner = CSSInliner(load_remote_stylesheets=False)

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        source, file, fresh = super().get_source(environment, template)
        if template.endswith(".html"):
            source = _CLASS.sub(self._style, source)
        return source, file, fresh

    @cached_property
    def _css(self) -> str:
        try:
            return self._sheet.read_text("utf-8")
        except FileNotFoundError:
            raise jinja2.TemplateNotFound(_STYLE) from None

    def _style(self, found: re.Match[str]) -> str:
        tag = self._inliner.inline_fragment(f"<p {found[0]}></p>", self._css)
        return tag.strip().removeprefix("<p ").removesuffix("></p>")


def _environment(folder: Path) -> jinja2.Environment:
    templates = jinja2.Environment(
        loader=_Styled(folder),
        autoescape=jinja2.select_autoescape(["html"], default=False),
        undefined=jinja2.StrictUndefined,
        finalize=_printable,
        auto_reload=False,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters.update(FILTERS)
    return templates


def _printable(value: object) -> object:
    """What a template writes: never None, never a character that breaks a line or hides itself."""
    if value is None:
        raise jinja2.UndefinedError("None")
    if isinstance(value, Markup):
        return value
    text = str(value)
    return text if text.isprintable() else _UNSEEN.sub("", _BREAKS.sub(" ", text))


def _one_line(text: str) -> str:
    return "".join(line.strip() for line in text.splitlines())


def _paragraphs(text: str) -> str:
    """No trailing space, at most one empty line in a row, one line end at the end."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"
