"""The doors of app/console/board."""

from app.console.board import board, digest
from app.console.door import Door, get
from duban.account import Right

DOORS: tuple[Door, ...] = (
    get("/o/{office}/board", board.show, Right.LOOK),
    get("/b/{token}", digest.show, link=True),
)
