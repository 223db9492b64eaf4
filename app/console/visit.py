"""One visit: who asks, from where, for what. Handlers get it and answer; they see no framework."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO
from urllib.parse import quote

from starlette.responses import HTMLResponse, RedirectResponse, Response

from adapters.pages import Pages
from adapters.secret import Secret, text_of
from app.console.attempts import Attempts
from app.console.menu import menu
from app.console.metrics import Metrics
from duban.account import Account, Right
from duban.agenda import Agenda
from duban.assignment import Assignment
from duban.completion import Act
from duban.desk import Desk
from duban.trouble import Trouble
from flows.premises import Site, today
from state import assignments
from state.accounts import Session
from state.database import Connection
from state.scope import Scope

SAID = "duban-said"


class NotFound(Trouble):
    """There is no such page, or none for this visitor."""


class Gone(Trouble):
    """A link that opened something once and does no more; the message says what to do."""


class Refused(Trouble):
    """The visitor may not do this; the message says why and what to do."""


class Wrong(Trouble):
    """What was filled in cannot be taken; the message says what, where, and how to mend it."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a form, spooled to disk while it was read."""

    name: str
    size: int
    stream: BinaryIO


@dataclass(frozen=True, slots=True)
class Form:
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Mapping[str, Sequence[Upload]] = field(default_factory=dict)

    def text(self, name: str, most: int = 200) -> str:
        """Stripped; empty where there is none. Raises Wrong for one that is longer than `most`."""
        value = (self.fields.get(name) or ("",))[-1].replace("\r\n", "\n").strip()
        if len(value) > most:
            raise Wrong(f"填写的内容太长（{len(value)} 字，最多 {most} 字），请删减后再提交")
        return value

    def day(self, name: str) -> date | None:
        """None where nothing was filled in. Raises Wrong."""
        value = self.text(name)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            raise Wrong(f"看不懂日期“{value[:20]}”，应如 2026-05-23") from None

    def iso(self, name: str) -> str:
        """A day as it stands in the calendar's files; what is none as it was typed: the check of the files
        says so, beside a form that is as full as before."""
        try:
            day = self.day(name)
        except Wrong:
            return self.text(name)
        return day.isoformat() if day else ""

    def number(self, name: str) -> int | None:
        """None where nothing was filled in. Raises Wrong."""
        value = self.text(name)
        if not value:
            return None
        if not (value.isascii() and value.isdigit() and len(value) < 18):
            raise Wrong(f"“{value[:20]}”不是数字")
        return int(value)

    def some(self, name: str) -> list[str]:
        """Every value of that name."""
        return list(self.fields.get(name, ()))


@dataclass(slots=True)
class Visit:
    """`params`: of the path. `query`: what stands behind the question mark, the last of each name."""

    site: Site
    pages: Pages
    secret: Secret
    method: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    form: Form
    at: datetime
    address: str
    secure: bool
    """Whether people reach the console by https."""
    session: Session | None = None
    said: str = ""
    """What the last page had to say, to be shown on this one."""
    cookie: str = ""
    """What the browser keeps of its session."""
    cookie_name: str = ""
    attempts: Attempts = field(default_factory=Attempts)
    """At logging in, of everybody."""
    cookies: Mapping[str, str] = field(default_factory=dict)
    stamp: str = ""
    """Of the applied calendar, as it was when the session was looked for; empty: nobody asked."""
    desk_: Desk | None = None
    agenda_: Agenda | None = None
    metrics: Metrics = field(default_factory=Metrics)

    @property
    def account(self) -> Account:
        """Of pages behind the log-in only."""
        if self.session is None:
            raise LookupError("this page has no account")
        return self.session.account

    @property
    def desk(self) -> Desk:
        """Of pages of one office only."""
        if self.desk_ is None:
            raise LookupError("this page belongs to no office")
        return self.desk_

    @property
    def agenda(self) -> Agenda:
        if self.agenda_ is None:
            raise LookupError("this page belongs to no office")
        return self.agenda_

    @property
    def office(self) -> str:
        return self.desk.office.id

    @property
    def scope(self) -> Scope:
        """All of the office; of the reply page, only what its letter speaks of: app/console/reply."""
        return Scope(self.office)

    @property
    def today(self) -> date:
        return today(self.desk.office, self.at)

    @property
    def via(self) -> str:
        """For the account: from where."""
        return f"console {self.address}"

    @property
    def actor(self) -> str:
        return f"{self.account.name}（{self.account.login}）"

    def act(
        self,
        connection: Connection,
        item: Assignment,
        doing: Act,
        reason: str = "",
        *,
        actor: str = "",
        via: str = "",
        letter: int | None = None,
    ) -> None:
        """What the visitor does to an item. `actor`, `via`, `letter`: of somebody without an account.

        Raises IllegalMove, Conflict.
        """
        assignments.act(
            connection,
            self.desk,
            item.key,
            doing,
            at=self.at,
            today=self.today,
            actor=actor or self.actor,
            reason=reason,
            via=via or self.via,
            letter=letter,
        )

    def may(self, right: Right) -> bool:
        return self.session is not None and self.session.account.may(right)

    def number(self, name: str) -> int:
        """A number in the path. Raises NotFound."""
        value = self.params.get(name, "")
        if not (value.isascii() and value.isdigit() and len(value) < 18):
            raise NotFound("没有这一页")
        return int(value)

    @property
    def token(self) -> str:
        """What every form has to bring back (CSRF): bound to the session."""
        known = self.session.id if self.session else ""
        return text_of(self.secret.sign("form", known.encode()))

    def page(self, name: str, *, status: int = 200, **facts: Any) -> Response:
        """An HTML page from templates/console."""
        common = {"visit": self, "Right": Right, "menu": menu(self)}
        html = self.pages.render(name, {**common, **facts})
        response = HTMLResponse(html, status)
        if self.said:
            response.delete_cookie(SAID, path="/")
        return response

    def go(self, path: str, said: str = "") -> Response:
        """To another page of ours, after something was done; `said` is shown there once."""
        response = RedirectResponse(path, 303)
        if said:
            response.set_cookie(
                SAID,
                quote(said),
                max_age=60,
                path="/",
                httponly=True,
                samesite="lax",
                secure=self.secure,
            )
        return response
