"""The doors of app/console/people."""

from app.console.door import Door, get, post
from app.console.people import change, departments
from duban.account import Right

_ALL = "/o/{office}/departments"
_ONE = _ALL + "/{department}"

DOORS: tuple[Door, ...] = (
    get(_ALL, departments.show, Right.LOOK),
    get(_ONE, change.show, Right.LOOK),
    post(f"{_ONE}/contact", change.contact, Right.CONFIGURE),
    post(f"{_ONE}/contact/remove", change.take_out, Right.CONFIGURE),
    post(f"{_ONE}/validity", change.validity, Right.CONFIGURE),
)
