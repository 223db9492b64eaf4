"""The doors of app/console/post."""

from app.console.door import Door

DOORS: tuple[Door, ...] = ()
