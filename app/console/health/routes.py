"""The doors of app/console/health."""

from app.console.door import Door

DOORS: tuple[Door, ...] = ()
