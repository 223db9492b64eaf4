"""The doors of app/console/post."""

from app.console.door import Door, get, post
from app.console.post import brakes, letter, links, outbox
from duban.account import Right

DOORS: tuple[Door, ...] = (
    get("/o/{office}/outbox", outbox.show, Right.LOOK),
    post("/o/{office}/outbox/release", brakes.release, Right.CONFIGURE),
    post("/o/{office}/outbox/confirm", brakes.confirm, Right.CONFIGURE),
    get("/o/{office}/outbox/{letter}", letter.show, Right.LOOK),
    get("/o/{office}/outbox/{letter}/html", letter.html, Right.LOOK),
    get("/o/{office}/outbox/{letter}/eml", letter.eml, Right.CONFIGURE),
    post("/o/{office}/outbox/{letter}/revoke", links.revoke, Right.CONFIGURE),
)
