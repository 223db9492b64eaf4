"""Reading a page as a browser does: its forms with all their fields, its links, its words."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)

    def filled(self, **values: str) -> dict[str, Any]:
        """What a browser sends, with some fields filled in."""
        return {**self.fields, **values}


class Page(HTMLParser):
    """`Page(response.text)`: `forms`, `links` (address to words), `words`."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self._words: list[str] = []
        self._silent = 0
        self._link: str | None = None
        self._select: str | None = None
        self._area: str | None = None
        self.feed(html)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self._words).split())

    def form(self, action: str) -> Form:
        """The first one whose address ends so."""
        return next(one for one in self.forms if one.action.endswith(action))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("script", "style", "title"):
            self._silent += 1
        elif tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        elif tag == "a" and "href" in given:
            self._link = given["href"]
            self.links.setdefault(self._link, "")
        elif tag in ("input", "button", "select", "textarea") and self.forms and "name" in given:
            self._field(tag, given)
        elif tag == "option" and self._select:
            known = self.forms[-1].fields.setdefault(self._select, [])
            if "selected" in given or not known:
                known[:] = [given.get("value", "")]

    def _field(self, tag: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if tag == "select":
            self._select = given["name"]
        elif tag == "textarea":
            self._area = given["name"]
            self.forms[-1].fields[self._area] = [""]
        elif kind in ("checkbox", "radio") and "checked" not in given:
            return
        elif kind not in ("submit", "file") and tag != "button":
            self.forms[-1].fields.setdefault(given["name"], []).append(given.get("value", "on"))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "title"):
            self._silent -= 1
        elif tag == "a":
            self._link = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._area:
            written = self.forms[-1].fields[self._area]
            written[0] = written[0].removeprefix("\n")  # as HTML says: it is for the eye
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._area:
            self.forms[-1].fields[self._area][0] += data
        self._words.append(data)
        if self._link is not None:
            self.links[self._link] += data
