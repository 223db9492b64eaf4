"""The doors of app/console/health."""

from app.console.door import Door, get
from app.console.health import alive, figures, ready

DOORS: tuple[Door, ...] = (
    get("/healthz", alive.show),
    get("/readyz", ready.show),
    get("/metrics", figures.show),
)
