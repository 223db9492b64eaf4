"""The doors of app/console/desk."""

from app.console.desk import (
    activity,
    announce,
    answering,
    decide,
    item,
    itemlist,
    today,
    waiting,
    year,
)
from app.console.door import Door, get, post
from duban.account import Right

_OFFICE = "/o/{office}"
_ITEM = f"{_OFFICE}/items/{{row}}"
_REQUEST = f"{_OFFICE}/requests/{{id}}"

DOORS: tuple[Door, ...] = (
    get(f"{_OFFICE}/today", today.show, Right.LOOK),
    get(f"{_OFFICE}/reports", waiting.reports, Right.LOOK),
    get(f"{_OFFICE}/requests", waiting.asked, Right.LOOK),
    get(f"{_OFFICE}/dates", waiting.dates, Right.LOOK),
    get(f"{_OFFICE}/items", itemlist.show, Right.LOOK),
    get(_ITEM, item.show, Right.LOOK),
    get(f"{_OFFICE}/year", year.show, Right.LOOK),
    get(f"{_OFFICE}/activity/{{id}}", activity.show, Right.LOOK),
    post(f"{_OFFICE}/reports", decide.complete_some, Right.DECIDE),
    post(f"{_ITEM}/complete", decide.complete, Right.DECIDE),
    post(f"{_ITEM}/return", decide.send_back, Right.DECIDE),
    post(f"{_ITEM}/exempt", decide.exempt, Right.DECIDE),
    post(f"{_ITEM}/reopen", decide.reopen, Right.DECIDE),
    post(f"{_ITEM}/report", decide.report, Right.DECIDE),
    post(f"{_REQUEST}/grant", answering.grant, Right.DECIDE),
    post(f"{_REQUEST}/refuse", answering.refuse, Right.DECIDE),
    get(f"{_OFFICE}/announce", announce.show, Right.DECIDE),
    post(f"{_OFFICE}/announce", announce.propose, Right.DECIDE),
    post(f"{_OFFICE}/announce/apply", announce.apply, Right.DECIDE),
)
