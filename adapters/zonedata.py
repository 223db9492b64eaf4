"""Which time zone data is used, and how new it is."""

import re
import zoneinfo
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ZoneData:
    """Where the rules of a zone come from."""

    source: str
    """A folder of the system, or `tzdata` for the Python package."""
    version: str
    """IANA's, as `2025b`; empty where nothing tells it."""

    @property
    def year(self) -> int | None:
        return int(self.version[:4]) if self.version[:4].isdigit() else None


def zone_data(zone: str) -> ZoneData | None:
    """As the zoneinfo module finds it; None where it finds nothing."""
    for folder in map(Path, zoneinfo.TZPATH):
        if (folder / zone).is_file():
            return ZoneData(str(folder), _version_in(folder))
    if _packaged(zone):
        return ZoneData("tzdata", _packaged_version())
    return None


def _version_in(folder: Path) -> str:
    for name in ("tzdata.zi", "+VERSION"):
        try:
            with (folder / name).open(encoding="ascii", errors="replace") as file:
                first = file.readline()
        except OSError:
            continue
        if found := re.search(r"\b\d{4}[a-z]\b", first):
            return found[0]
    return ""


def _packaged(zone: str) -> bool:
    try:
        return files("tzdata").joinpath("zoneinfo", *zone.split("/")).is_file()
    except ModuleNotFoundError:
        return False


def _packaged_version() -> str:
    """`2025.2` is 2025b."""
    try:
        year, _, number = version("tzdata").partition(".")
    except PackageNotFoundError:
        return ""
    return year + chr(ord("a") + int(number) - 1) if number.isdigit() else year
