"""The doors of app/console/people."""

from app.console.door import Door

DOORS: tuple[Door, ...] = ()
