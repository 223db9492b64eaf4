"""Where a site lies."""

from pathlib import Path

MARK = Path("config/offices.yaml")


def find_home(start: Path, fallback: Path) -> Path:
    """The nearest folder from `start` upwards that holds a site, else `fallback`."""
    for folder in (start, *start.parents):
        if (folder / MARK).is_file():
            return folder
    return fallback
