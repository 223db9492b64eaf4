"""The doors of app/console/reply."""

from app.console.door import Door, get, post
from app.console.reply import acts, files, item, listing, review
from duban.account import Right

DOORS: tuple[Door, ...] = (
    get("/r/{token}", listing.show, link=True),
    post("/r/{token}/name", listing.name, link=True),
    get("/r/{token}/file/{id}", files.for_department, link=True),
    get("/r/{token}/{row}", item.show, link=True),
    post("/r/{token}/{row}/acknowledge", acts.acknowledge, link=True),
    post("/r/{token}/{row}/report", acts.report, link=True, files=True),
    post("/r/{token}/{row}/extension", acts.extend, link=True),
    post("/r/{token}/{row}/transfer", acts.transfer, link=True),
    post("/r/{token}/{row}/not-ours", acts.disown, link=True),
    get("/r/{token}/review/{row}", review.show, link=True),
    post("/r/{token}/review/{row}/accept", review.accept, link=True),
    post("/r/{token}/review/{row}/return", review.send_back, link=True),
    get("/r/{token}/review/{row}/file/{id}", review.file, link=True),
    get("/o/{office}/file/{id}", files.for_secretariat, Right.LOOK),
)
