"""The doors of app/console/board."""

from app.console.board import board, cascade, digest, scoreitems, scores
from app.console.door import Door, get
from duban.account import Right

DOORS: tuple[Door, ...] = (
    get("/o/{office}/board", board.show, Right.LOOK),
    get("/o/{office}/cascade", cascade.show, Right.LOOK),
    get("/o/{office}/scores", scores.show, Right.LOOK),
    get("/o/{office}/scores/{department}", scoreitems.show, Right.LOOK),
    get("/b/{token}", digest.show, link=True),
)
