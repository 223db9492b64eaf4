"""The doors of app/console/audit."""

from app.console.door import Door

DOORS: tuple[Door, ...] = ()
