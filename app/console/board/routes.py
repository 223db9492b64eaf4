"""The doors of app/console/board."""

from app.console.door import Door

DOORS: tuple[Door, ...] = ()
