"""The outbox: every letter of the office, and what became of it."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from starlette.responses import Response

from app.console.post.standing import post
from app.console.visit import Visit
from state import letters
from state.items import PAGE
from state.letters import Wanted
from state.standing import Standing


@dataclass(frozen=True, slots=True)
class Filters:
    """As they stand in the address; what cannot be read is said in `wrong`, by name."""

    state: str
    words: str
    since: str
    until: str
    doubtful: bool
    wanted: Wanted
    wrong: dict[str, str]

    @classmethod
    def of(cls, visit: Visit) -> "Filters":
        said = {name: visit.query.get(name, "").strip()[:120] for name in ("state", "words")}
        days = {name: visit.query.get(name, "").strip()[:20] for name in ("since", "until")}
        read = {name: _day(text) for name, text in days.items()}
        wrong = {
            name: f"看不懂日期“{text}”，应如 2026-05-23"
            for name, text in days.items()
            if text and read[name] is None
        }
        doubtful = visit.query.get("doubtful") == "1"
        wanted = Wanted(
            _standing(said["state"]), said["words"], read["since"], read["until"], doubtful
        )
        return cls(
            said["state"], said["words"], days["since"], days["until"], doubtful, wanted, wrong
        )

    def query(self, **more: object) -> str:
        """Behind the question mark."""
        said = {
            "state": self.state,
            "words": self.words,
            "since": self.since,
            "until": self.until,
            "doubtful": "1" if self.doubtful else "",
            **more,
        }
        return urlencode({name: value for name, value in said.items() if value})


def show(visit: Visit) -> Response:
    filters = Filters.of(visit)
    before = _number(visit.query.get("before", ""))
    with visit.site.database.reading() as connection:
        found = letters.some(connection, visit.scope, filters.wanted, before, PAGE + 1)
    shown = found[:PAGE]
    return visit.page(
        "post/outbox.html",
        rows=shown,
        filters=filters,
        standings=list(Standing),
        post=post(visit),
        first=before is None,
        older=filters.query(before=shown[-1].id) if len(found) > PAGE else "",
        newest=filters.query(),
    )


def _standing(text: str) -> Standing | None:
    return next((one for one in Standing if one.value == text), None)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
