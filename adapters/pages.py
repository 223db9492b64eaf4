"""Pages of the console: templates and facts in, HTML out. Chinese is written in the templates, each text in
`_( )`, so that other languages can follow from a catalogue."""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from adapters import wording

STATIC = "static"
_WORDS = ("full", "long", "short", "span", "names", "numeral", "clip", "done", "clock")


def said(text: str, **values: object) -> Markup:
    """The text of a template, its values escaped: what Jinja's own does, in a tenth of the time. Here a
    catalogue of another language would be asked."""
    return Markup(text) % values if values else _plain(text)


@lru_cache(maxsize=4096)
def _plain(text: str) -> Markup:
    return Markup(text) % {}


class Pages:
    """The templates of one folder, compiled when they are first used."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._assets: dict[str, str] = {}
        made = jinja2.Environment(
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
