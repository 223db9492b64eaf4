"""The doors of app/console/reply."""

from app.console.door import Door

DOORS: tuple[Door, ...] = ()
