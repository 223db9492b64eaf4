"""Changing one's own password; forced when somebody else set it, or when it is too old."""

from starlette.responses import Response

from adapters import passwords
from app.console.entrance.again import ask_again
from app.console.entrance.cookie import give
from app.console.entrance.me import me, office_choices
from app.console.entrance.words import typed
from app.console.visit import Visit
from duban.passwordrules import RULES, Rules, fault
from state import accounts, ownaccount
from state.accounts import Credentials


def show(visit: Visit) -> Response:
    with visit.site.database.reading() as connection:
        known = me(visit, connection)
    return _page(visit, known, {})


def change(visit: Visit) -> Response:
    rules = _rules(visit)
    known, said = ask_again(visit)
    wrong = {"current": said} if said else _faults(visit, known, rules)
    if wrong:
        return _page(visit, known, wrong)
    encoded = passwords.encode(typed(visit.form, "new"))
    with visit.site.database.writing() as connection:
        ownaccount.change_password(
            connection,
            known,
            encoded,
            rules.earlier,
            at=visit.at,
            via=visit.via,
        )
        token = accounts.begin(connection, known.account, visit.address, at=visit.at)
    return give(visit, visit.go("/me", "密码已改；其他各处的登录都已结束"), token)


def _faults(visit: Visit, known: Credentials, rules: Rules) -> dict[str, str]:
    """By field."""
    new = typed(visit.form, "new")
    choices = office_choices(visit)
    own = (known.account.login, known.account.name, *choices, *choices.values())
    if said := fault(rules, new, own):
        return {"new": said}
    last = (known.password, *known.earlier)[: rules.earlier]
    if any(passwords.fits(one, new) for one in last if one):
        again = "和现在的一样" if rules.earlier == 1 else f"和最近 {rules.earlier} 次用过的一样"
        return {"new": f"新密码{again}，请换一个"}
    if typed(visit.form, "again") != new:
        return {"again": "两次填的新密码不一样"}
    return {}


def _page(visit: Visit, known: Credentials, wrong: dict[str, str]) -> Response:
    return visit.page(
        "entrance/password.html",
        status=422 if wrong else 200,
        known=known,
        must=visit.account.must_change,
        wrong=wrong,
        rules=_rules(visit),
    )


def _rules(visit: Visit) -> Rules:
    return RULES[visit.site.settings.console.passwords]
