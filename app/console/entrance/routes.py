"""The doors of app/console/entrance."""

from app.console.door import Door, get, post
from app.console.entrance import (
    accountacts,
    accountform,
    accountlist,
    login,
    me,
    password,
    secondfactor,
)
from duban.account import Right

KEEP = Right.ADMINISTER
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
    get("/accounts", accountlist.show, KEEP),
    get("/accounts/new", accountform.start, KEEP),
    post("/accounts/new", accountform.add, KEEP),
    get("/accounts/{id}", accountform.show, KEEP),
    post("/accounts/{id}", accountform.change, KEEP),
    post("/accounts/{id}/disable", accountacts.disable, KEEP),
    post("/accounts/{id}/enable", accountacts.enable, KEEP),
    post("/accounts/{id}/unlock", accountacts.unlock, KEEP),
    post("/accounts/{id}/reset", accountacts.reset, KEEP),
    post("/accounts/{id}/code", accountacts.reset_code, KEEP),
)
