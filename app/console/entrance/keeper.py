"""An administrator at work on accounts: who, and which offices may be given."""

from app.console.entrance.me import office_choices
from app.console.visit import Visit
from state.keeping import Keeper


def keeper(visit: Visit) -> Keeper:
    return Keeper(visit.at, visit.actor, visit.via, visit.account)


def choices(visit: Visit) -> dict[str, str]:
    """Names by id of the offices that this administrator may give."""
    return {id: name for id, name in office_choices(visit).items() if visit.account.enters(id)}
