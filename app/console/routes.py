"""Every door of the console. tests/console/test_access.py tries each of them as each kind of visitor."""

from app.console import home
from app.console.audit import routes as audit
from app.console.board import routes as board
from app.console.calendar import routes as calendar
from app.console.desk import routes as desk
from app.console.door import Door
from app.console.entrance import routes as entrance
from app.console.health import routes as health
from app.console.people import routes as people
from app.console.post import routes as post
from app.console.programmes import routes as programmes
from app.console.reply import routes as reply

DOORS: tuple[Door, ...] = (
    *home.DOORS,
    *entrance.DOORS,
    *reply.DOORS,
    *desk.DOORS,
    *board.DOORS,
    *programmes.DOORS,
    *people.DOORS,
    *post.DOORS,
    *calendar.DOORS,
    *audit.DOORS,
    *health.DOORS,
)
