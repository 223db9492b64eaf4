"""`/readyz`: whether everything is there that the service needs. For machines: words, no reasons, for whoever
asks needs no account; `duban doctor` tells the reasons."""

from collections.abc import Callable, Iterator

import structlog
from starlette.responses import JSONResponse, Response

from adapters.timetable import read_timetable
from app.console.visit import Visit
from app.watching import feel
from duban.trouble import Trouble
from state import migrate

log = structlog.get_logger()
GOOD, BAD, UNKNOWN = "ok", "failed", "unknown"


def show(visit: Visit) -> Response:
    """200 when everything is `ok`, else 503; what was not asked, since something before it failed, is
    `unknown`."""
    found = dict(_examined(visit))
    ready = all(word == GOOD for word in found.values())
    return JSONResponse({"ready": ready, "checks": found}, 200 if ready else 503)


def _examined(visit: Visit) -> Iterator[tuple[str, str]]:
    going = True
    for name, check in CHECKS.items():
        word = _judged(name, check, visit) if going else UNKNOWN
        going = going and (word == GOOD or name == "tick")
        yield name, word


def _judged(name: str, check: Callable[[Visit], bool], visit: Visit) -> str:
    try:
        return GOOD if check(visit) else BAD
    except Trouble as trouble:
        log.warning("not ready", check=name, reason=str(trouble))
        return BAD


def _database(visit: Visit) -> bool:
    return not visit.site.database.empty()


def _migrated(visit: Visit) -> bool:
    return not migrate.behind(visit.site.database)


def _calendar(visit: Visit) -> bool:
    return bool(visit.site.desks())


def _tick(visit: Visit) -> bool:
    """The timetable's moments are kept. Where it never ran yet, nothing is late."""
    jobs = read_timetable(visit.site.settings.home).jobs
    return not feel(visit.site, jobs, visit.at).late


CHECKS: dict[str, Callable[[Visit], bool]] = {
    "database": _database,
    "tables": _migrated,
    "calendar": _calendar,
    "tick": _tick,
}
