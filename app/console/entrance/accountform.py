"""Adding an account, and changing what it may."""

from dataclasses import dataclass

from starlette.responses import Response

from adapters import passwords
from app.console.entrance.given import given
from app.console.entrance.keeper import choices, keeper
from app.console.entrance.words import spoken
from app.console.visit import Form, Visit
from duban.account import Account, Role, check
from state import keeping
from state.accounts import Credentials, Taken


@dataclass(frozen=True, slots=True)
class Draft:
    """As it was filled in."""

    login: str = ""
    name: str = ""
    roles: frozenset[Role] = frozenset()
    offices: frozenset[str] = frozenset()


def start(visit: Visit) -> Response:
    return _new_page(visit, Draft(), {})


def add(visit: Visit) -> Response:
    draft = _draft(visit.form)
    wrong = _faults(visit, draft)
    if wrong:
        return _new_page(visit, draft, wrong)
    password = passwords.invent()
    encoded = passwords.encode(password)
    try:
        with visit.site.database.writing() as connection:
            made = keeping.add(
                connection,
                keeper(visit),
                draft.login,
                draft.name,
                draft.roles,
                draft.offices,
                encoded,
            )
    except Taken as taken:
        return _new_page(visit, draft, {"login": str(taken)})
    return given(visit, made, password, "账号已开")


def show(visit: Visit) -> Response:
    with visit.site.database.reading() as connection:
        known = keeping.find(connection, keeper(visit), visit.number("id"))
    return _page(visit, known, _as_draft(known.account), keeping.mark(known.account), {})


def change(visit: Visit) -> Response:
    id = visit.number("id")
    with visit.site.database.reading() as connection:
        known = keeping.find(connection, keeper(visit), id)
    draft, was = _draft(visit.form, known.account.login), visit.form.text("was")
    wrong = _faults(visit, draft, known.account)
    if wrong:
        return _page(visit, known, draft, was, wrong)
    with visit.site.database.writing() as connection:
        keeping.change(connection, keeper(visit), id, was, draft.name, draft.roles, draft.offices)
    return visit.go(f"/accounts/{id}", "已保存")


def _draft(form: Form, login: str | None = None) -> Draft:
    known = {role.value: role for role in Role}
    return Draft(
        form.text("login").lower() if login is None else login,
        form.text("name"),
        frozenset(known[word] for word in form.some("roles") if word in known),
        frozenset(form.some("offices")),
    )


def _as_draft(one: Account) -> Draft:
    return Draft(one.login, one.name, one.roles, one.offices)


def _faults(visit: Visit, draft: Draft, was: Account | None = None) -> dict[str, str]:
    """By field. What stood in an account already may stay, such as an office that is no more, or roles from
    before a rule."""
    known = choices(visit)
    if was:
        known = {**dict.fromkeys(was.offices, ""), **known}
    bound = bool(visit.account.offices)
    wrong = check(draft.login, draft.name, draft.roles, draft.offices, known, bound=bound)
    if was and was.roles == draft.roles:
        wrong.pop("roles", None)
    return wrong


def _new_page(visit: Visit, draft: Draft, wrong: dict[str, str]) -> Response:
    return visit.page(
        "entrance/newaccount.html",
        status=422 if wrong else 200,
        draft=draft,
        wrong=wrong,
        offices=choices(visit),
    )


def _page(
    visit: Visit, known: Credentials, draft: Draft, was: str, wrong: dict[str, str]
) -> Response:
    offices = {**{id: f"{id}（日历里已没有）" for id in sorted(draft.offices)}, **choices(visit)}
    return visit.page(
        "entrance/account.html",
        status=422 if wrong else 200,
        known=known,
        draft=draft,
        was=was,
        since=keeping.set_at(known),
        wrong=wrong,
        offices=offices,
        own=known.account.id == visit.account.id,
        locked=known.locked(visit.at),
        spoken=spoken,
    )
