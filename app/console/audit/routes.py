"""The doors of app/console/audit."""

from app.console.audit import lines
from app.console.door import Door, get
from duban.account import Right

DOORS: tuple[Door, ...] = (
    get("/o/{office}/audit", lines.show, Right.AUDIT),
    get("/o/{office}/audit.csv", lines.export, Right.AUDIT),
)
