"""The doors of app/console/desk."""

from app.console.door import Door

DOORS: tuple[Door, ...] = ()
