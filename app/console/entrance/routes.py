"""The doors of app/console/entrance."""

from app.console.door import Door

DOORS: tuple[Door, ...] = ()
