"""The doors of app/console/calendar."""

from app.console.calendar import declining, entries, files, overview, versions, wordings, workdays
from app.console.door import Door, get, post
from duban.account import Right

_CALENDAR = "/o/{office}/calendar"
_TEMPLATES = "/o/{office}/templates"
_TEMPLATE = _TEMPLATES + "/{kind}/{part}"

DOORS: tuple[Door, ...] = (
    get(_CALENDAR, overview.show, Right.CONFIGURE),
    get(f"{_CALENDAR}/compare", overview.compare, Right.CONFIGURE),
    get(f"{_CALENDAR}/file", files.edit, Right.CONFIGURE),
    post(f"{_CALENDAR}/check", files.check, Right.CONFIGURE),
    post(f"{_CALENDAR}/propose", files.propose, Right.CONFIGURE),
    post(f"{_CALENDAR}/again", files.again, Right.CONFIGURE),
    post(f"{_CALENDAR}/apply", files.apply, Right.CONFIGURE),
    get(f"{_CALENDAR}/versions/{{row}}", versions.show, Right.CONFIGURE),
    post(f"{_CALENDAR}/versions/{{row}}", versions.restore, Right.CONFIGURE),
    get(f"{_CALENDAR}/entries", entries.show, Right.CONFIGURE),
    get(f"{_CALENDAR}/entry", entries.edit, Right.CONFIGURE),
    post(f"{_CALENDAR}/entry", entries.save, Right.CONFIGURE),
    post(f"{_CALENDAR}/entry/remove", entries.take_out, Right.CONFIGURE),
    get(f"{_CALENDAR}/decline", declining.edit, Right.CONFIGURE),
    post(f"{_CALENDAR}/decline", declining.save, Right.CONFIGURE),
    post(f"{_CALENDAR}/decline/back", declining.take_on, Right.CONFIGURE),
    get(f"{_CALENDAR}/workdays", workdays.show, Right.CONFIGURE),
    post(f"{_CALENDAR}/workdays", workdays.take, Right.CONFIGURE),
    get(_TEMPLATES, wordings.show, Right.CONFIGURE),
    get(_TEMPLATE, wordings.edit, Right.CONFIGURE),
    post(_TEMPLATE, wordings.save, Right.CONFIGURE),
    post(f"{_TEMPLATE}/look", wordings.look, Right.CONFIGURE),
    post(f"{_TEMPLATE}/reset", wordings.reset, Right.CONFIGURE),
)
