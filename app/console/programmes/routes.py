"""The doors of app/console/programmes."""

from app.console.door import Door, get
from app.console.programmes import listing, programme
from duban.account import Right

DOORS: tuple[Door, ...] = (
    get("/o/{office}/programmes", listing.show, Right.LOOK),
    get("/o/{office}/programmes/{id}", programme.show, Right.LOOK),
)
