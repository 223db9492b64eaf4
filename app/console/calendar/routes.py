"""The doors of app/console/calendar."""

from app.console.calendar import files, overview, versions
from app.console.door import Door, get, post
from duban.account import Right

_CALENDAR = "/o/{office}/calendar"

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
)
