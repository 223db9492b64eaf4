"""Pages of the console: templates and facts in, HTML out. Chinese is written in the templates, each text in
`_( )`, so that other languages can follow from a catalogue."""

import re
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from adapters import wording
from adapters.pagecode import Quick

STATIC = "static"
_WORDS = ("full", "long", "short", "span", "names", "numeral", "clip", "done", "clock")
_VALUE = re.compile(r"%\((\w+)\)s")


def said(text: str, **values: object) -> Markup:
    """The text of a template, its values escaped: what Jinja's own does, in a tenth of the time. Here a
    catalogue of another language would be asked."""
    if not values:
        return _plain(text)
    parts = _parts(text)
    filled = (escape(values[part]) if at % 2 else part for at, part in enumerate(parts))
    return Markup("".join(filled))


@lru_cache(maxsize=4096)
def _plain(text: str) -> Markup:
    return Markup(text) % {}


@lru_cache(maxsize=4096)
def _parts(text: str) -> list[str]:
    """What stands between its values, and their names: in turn."""
    parts = _VALUE.split(text)
    return [part if at % 2 else str(_plain(part)) for at, part in enumerate(parts)]


class Pages:
    """The templates of one folder, compiled when they are first used."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._assets: dict[str, str] = {}
        made = Quick(
            said,
            loader=jinja2.FileSystemLoader(folder),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            extensions=["jinja2.ext.i18n"],
        )
        made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
        made.filters.update({name: wording.FILTERS[name] for name in _WORDS})
        made.globals["asset"] = self.asset
        made.globals["_"] = said
        self._pages = made

    def render(self, name: str, facts: Mapping[str, Any]) -> str:
        """A value that is missing is a mistake of ours and raises jinja2.UndefinedError."""
        return self._pages.get_template(name).render(facts)

    def asset(self, name: str) -> str:
        """The address of a file in static/, with a mark that changes with it."""
        if name not in self._assets:
            digest = sha256((self.folder / STATIC / name).read_bytes()).hexdigest()[:12]
            self._assets[name] = f"/static/{name}?{digest}"
        return self._assets[name]
