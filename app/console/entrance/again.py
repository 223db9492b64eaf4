"""Asking for the password once more, before something about an account is changed."""

from adapters import passwords
from app.console.entrance.me import me
from app.console.entrance.words import spoken, typed
from app.console.visit import Visit
from state import accounts, logins
from state.accounts import Credentials


def ask_again(visit: Visit) -> tuple[Credentials, str]:
    """The visitor's account, and what is wrong with the password in `current`: empty when nothing is.

    Failures count like those at the log-in.
    """
    with visit.site.database.reading() as connection:
        known = me(visit, connection)
    if known.locked(visit.at) and known.locked_until:
        return known, f"密码错了太多次，请到 {spoken(known.locked_until)} 以后再试"
    if passwords.fits(known.password, typed(visit.form, "current")):
        return known, ""
    with visit.site.database.writing() as connection:
        held = accounts.find_id(connection, known.account.id, hold=True)
        if held and not held.locked(visit.at):
            logins.fail(connection, held, "改设置时密码不对", at=visit.at, via=visit.via)
    return known, "现在的密码不对"
