"""Turning one's one-time codes on and off."""

from starlette.responses import Response

from adapters import totp
from adapters.secret import bytes_of, text_of
from app.console.entrance.again import ask_again
from app.console.entrance.cookie import give
from app.console.entrance.me import me, session_id
from app.console.visit import Refused, Visit
from state import accounts, ownaccount
from state.accounts import Credentials
from state.assignments import Conflict

PURPOSE = "new second factor"
NAME = "督办台"


def show(visit: Visit) -> Response:
    """Off: with a new secret, which nobody keeps before a code proved that the telephone has it."""
    with visit.site.database.reading() as connection:
        known = me(visit, connection)
    return _page(visit, known, totp.new_secret(), {})


def turn_on(visit: Visit) -> Response:
    secret = _brought(visit)
    known, said = ask_again(visit)
    if known.totp:
        raise Conflict("动态口令已经开启；要换手机，请先关闭再开启")
    step = totp.step_of(secret, visit.form.text("code"), visit.at, 0)
    wrong = {"current": said} if said else {}
    if step is None:
        wrong["code"] = "口令不对：请填验证器里“督办台”现在显示的六位数字；手机的时间要准"
    if wrong or step is None:
        return _page(visit, known, secret, wrong)
    with visit.site.database.writing() as connection:
        ownaccount.set_code(connection, known, secret, step, at=visit.at, via=visit.via)
        token = accounts.begin(connection, known.account, visit.address, at=visit.at)
    return give(visit, visit.go("/me", "动态口令已开启；下次登录时要填手机上的六位数字"), token)


def turn_off(visit: Visit) -> Response:
    known, said = ask_again(visit)
    if said:
        return _page(visit, known, totp.new_secret(), {"current": said})
    with visit.site.database.writing() as connection:
        ownaccount.drop_code(connection, known, at=visit.at, via=visit.via)
    return visit.go("/me", "动态口令已关闭")


def _page(visit: Visit, known: Credentials, secret: str, wrong: dict[str, str]) -> Response:
    sealed = visit.secret.seal(_purpose(visit), secret.encode())
    return visit.page(
        "entrance/secondfactor.html",
        status=422 if wrong else 200,
        known=known,
        wrong=wrong,
        sealed=text_of(sealed),
        secret=totp.spaced(secret),
        picture=totp.picture(secret, known.account.login, NAME),
    )


def _brought(visit: Visit) -> str:
    """The secret of the page that this form came from."""
    opened = visit.secret.open(_purpose(visit), bytes_of(visit.form.text("sealed")) or b"")
    if opened is None:
        raise Refused("页面开得太久，请返回、刷新后再提交一次")
    return opened.decode()


def _purpose(visit: Visit) -> str:
    """Good in the session that it was shown in, and in no other."""
    return f"{PURPOSE} {session_id(visit)}"
