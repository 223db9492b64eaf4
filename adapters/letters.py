"""Letters in words: the facts of a letter and the templates in; subject, text and HTML out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from traceback import walk_tb

import jinja2

from adapters.templates import Templates
from duban.letter import Kind, Letter
from duban.office import Office

_PARTS = ("subject.txt", "body.txt", "body.html")
_FRAME = ("base.html", "base.txt", "also.txt", "closing.txt", "tentative.txt", "macros.html")
EDITABLE = tuple(f"{kind.value}/{part}" for kind in Kind for part in _PARTS)
"""Templates that the secretariat may write anew."""
_NEEDED = (*_FRAME, *EDITABLE)
LONGEST_SUBJECT = 200
_FAULTS = (
    jinja2.TemplateError,
    TypeError,
    AttributeError,
    ValueError,
    LookupError,
    RecursionError,
    ArithmeticError,
)


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
    """Every template of a folder, read and compiled once; LetterError names a broken one.

    `known`: they were looked at before, so that each is compiled when it is needed.
    """

    def __init__(self, folder: Path, *, known: bool = False) -> None:
        self._folder = folder
        self._templates = Templates(folder)
        names = self._templates.list_templates(["html", "txt"])
        for name in () if known else {*_NEEDED, *names}:
            self._compile(name)

    def edit(self, sources: Mapping[str, str]) -> None:
        """Let edited sources take the places of files, by name; raises LetterError for a broken one."""
        for name in sources:
            if name not in EDITABLE:
                raise LetterError(name, 0, "这个模板不能修改")
        try:
            self._templates.edit(sources)
        except jinja2.TemplateSyntaxError as error:
            raise LetterError(error.name or "", error.lineno, f"{error.message}") from error

    def render(self, letter: Letter, office: Office, link: str = "") -> Rendered:
        """The letter in words; `link`: where its button leads, empty: it has none.

        Raises LetterError, also for a letter that says nothing.
        """
        if not letter.sections or any(one.empty for one in letter.sections):
            raise LetterError("", 0, f"函件{letter.key}没有内容")
        facts = {"letter": letter, "office": office, "section": letter.sections[0], "link": link}
        subject = _one_line(self._fill(f"{letter.kind.value}/subject.txt", facts))
        facts["subject"] = subject
        facts["closing"] = self._fill("closing.txt", facts).splitlines()
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


def fit(rendered: Rendered, letter: Letter) -> Rendered:
    """What may go out. Raises LetterError."""
    name = f"{letter.kind.value}/subject.txt"
    if not rendered.subject.strip():
        raise LetterError(name, 0, "标题是空的")
    if len(rendered.subject) > LONGEST_SUBJECT:
        raise LetterError(
            name, 0, f"标题太长（{len(rendered.subject)} 字，最多 {LONGEST_SUBJECT} 字）"
        )
    return rendered


def _one_line(text: str) -> str:
    return "".join(line.strip() for line in text.splitlines())


def _paragraphs(text: str) -> str:
    """No trailing space, at most one empty line in a row, one line end at the end."""
    lines = "\n".join(map(str.rstrip, text.splitlines()))
    while "\n\n\n" in lines:
        lines = lines.replace("\n\n\n", "\n\n")
    return lines.strip() + "\n"
