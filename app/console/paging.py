"""Pages of long lists: which one is asked for, and how many there are."""

from dataclasses import dataclass
from urllib.parse import urlencode

from app.console.visit import Visit
from state.items import PAGE


@dataclass(frozen=True, slots=True)
class Paging:
    """`base`: the address of a page but for its number."""

    page: int
    rows: int
    base: str

    @property
    def start(self) -> int:
        """The number of rows before this page."""
        return (self.page - 1) * PAGE

    @property
    def pages(self) -> int:
        return max(1, -(-self.rows // PAGE))


def asked_page(visit: Visit) -> int:
    """From 1; what is no number is the first."""
    said = visit.query.get("page", "")
    return max(1, int(said)) if said.isascii() and said.isdigit() and len(said) < 7 else 1


def paging(visit: Visit, rows: int) -> Paging:
    """The page that is asked for, or the last one."""
    last = max(1, -(-rows // PAGE))
    kept = {name: value for name, value in visit.query.items() if name != "page" and value}
    return Paging(min(asked_page(visit), last), rows, f"?{urlencode({**kept, 'page': ''})}")
