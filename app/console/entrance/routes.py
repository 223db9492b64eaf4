"""The doors of app/console/entrance."""

from app.console.door import Door, get, post
from app.console.entrance import login, me, password, secondfactor

DOORS: tuple[Door, ...] = (
    get("/login", login.show),
    post("/login", login.enter),
    get("/login/code", login.ask_code),
    post("/login/code", login.enter_code),
    post("/logout", login.leave),
    get("/me", me.show, anyone=True),
    post("/me/sessions", me.end_one, anyone=True),
    post("/me/sessions/others", me.end_others, anyone=True),
    get("/me/code", secondfactor.show, anyone=True),
    post("/me/code", secondfactor.turn_on, anyone=True),
    post("/me/code/off", secondfactor.turn_off, anyone=True),
    get("/password", password.show, anyone=True),
    post("/password", password.change, anyone=True),
)
