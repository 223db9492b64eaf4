"""How often somebody tried to log in: few times from one address, and not too often in all."""

from collections import OrderedDict
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from threading import Lock

SPAN = timedelta(minutes=10)
FROM_ONE = 30
IN_ALL = 300
KNOWN = 1000
"""Addresses from which somebody got in: they are not kept out by what others do."""


class Attempts:
    """In memory, of this process. Attempts of an address are forgotten when one of them succeeds."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._tried: dict[str, list[datetime]] = {}
        self._known: OrderedDict[str, None] = OrderedDict()

    def take(self, address: str, at: datetime) -> timedelta | None:
        """Count an attempt, and None; or how long to wait, when there were too many."""
        place = _place(address)
        with self._lock:
            self._forget(at - SPAN)
            mine = self._tried.get(place, [])
            if len(mine) >= FROM_ONE:
                return mine[0] + SPAN - at
            everyone = [when for tried in self._tried.values() for when in tried]
            if len(everyone) >= IN_ALL and place not in self._known:
                return min(everyone) + SPAN - at
            self._tried[place] = [*mine, at]
            return None

    def succeeded(self, address: str) -> None:
        place = _place(address)
        with self._lock:
            self._tried.pop(place, None)
            self._known[place] = None
            self._known.move_to_end(place)
            while len(self._known) > KNOWN:
                self._known.popitem(last=False)

    def _forget(self, before: datetime) -> None:
        kept = {
            place: [when for when in tried if when > before] for place, tried in self._tried.items()
        }
        self._tried = {place: tried for place, tried in kept.items() if tried}


def _place(address: str) -> str:
    """Of IPv6 the network, for a single machine has as many addresses as it likes (RFC 4291, 2.5.4)."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv6Address) and known.ipv4_mapped is None:
        return known.exploded[:19]
    return str(known)
