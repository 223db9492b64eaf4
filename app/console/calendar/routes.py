"""The doors of app/console/calendar."""

from app.console.door import Door

DOORS: tuple[Door, ...] = ()
