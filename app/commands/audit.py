"""`duban audit`: whether the account was changed, and what is kept about a person."""

import getpass
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.out import error, say, say_json
from app.place import ZONE, home, moment
from duban.trouble import Trouble

if TYPE_CHECKING:
    from state.erasure import Erased
    from state.seals import Walk

cli = typer.Typer(
    help="流水：核对有没有被改动；导出、删除一个人的信息。",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
MOST = 10
"""Breaks that are told one by one."""


class BadWord(Trouble):
    """A name or address by which nobody can be found."""

    exit_code = 2


class CannotWrite(Trouble):
    """The export cannot be written there."""

    exit_code = 2


@cli.command("verify")
def verify(
    head: Annotated[
        str, typer.Option(help="另外保存的封存码（每天的信里有），核对以前的流水还在不在")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """核对流水：从第一号封存走到最后一号。

    有对不上的，退出码为 1。
    """
    from app.reading import open_site
    from flows.sealing import PURPOSE
    from state import seals

    site = open_site(home())
    keys = site.secret.derived(PURPOSE)
    began = time.monotonic()
    wanted = head.strip().lower()
    with site.database.reading() as connection:
        found = seals.walk(connection, keys, wanted)
    seconds = max(time.monotonic() - began, 0.001)
    lost = bool(wanted) and found.asked is None
    if json:
        say_json(_as_json(found, lost, seconds))
    else:
        _show(found, wanted, seconds)
    if found.breaks or lost:
        raise typer.Exit(1)


@cli.command("seal")
def seal() -> None:
    """马上封存还没有封存的流水。duban serve 每 5 分钟做一次，平时不必用。"""
    from app.reading import open_site
    from flows.sealing import run

    site = open_site(home())
    done = run(site, site.now())
    say(f"封存了 {done.events} 条流水。")


def _as_json(found: "Walk", lost: bool, seconds: float) -> dict[str, Any]:
    """{whole, seals, events, since, head, erased, unsealed, breaks: [{seal, first, last, why}], ...}"""
    return {
        "whole": not (found.breaks or lost),
        "seals": found.seals,
        "events": found.events,
        "since": found.since,
        "head": found.head.code if found.head else None,
        "asked": found.asked,
        "erased": found.erased,
        "unsealed": found.unsealed,
        "breaks": [
            {"seal": one.seal, "first": one.first, "last": one.last, "why": one.why}
            for one in found.breaks
        ],
        "seconds": round(seconds, 2),
        "per_second": round(found.events / seconds),
    }


def _show(found: "Walk", wanted: str, seconds: float) -> None:
    if found.head is None:
        say("还没有封存过流水：duban serve 运行后每 5 分钟封存一次。")
    else:
        since = f"，最早一条在 {_local(found.since)}" if found.since else ""
        say(f"封存 {found.seals} 次，流水 {found.events} 条{since}。")
        say(f"最后一号：第 {found.head.number} 号，{_local(found.head.at)}，封存码")
        say(f"  {found.head.code}")
    if found.erased:
        say(f"其中 {found.erased} 条应本人请求删除了内容，封存仍然对得上。")
    if found.unsealed:
        say(f"另有 {found.unsealed} 条还没有封存，无从核对。")
    say(f"用时 {seconds:.1f} 秒，每秒 {found.events / seconds:.0f} 条。")
    _show_breaks(found)
    _show_asked(found, wanted)


def _show_breaks(found: "Walk") -> None:
    for one in found.breaks[:MOST]:
        which = f"（流水 {one.first} 至 {one.last}）" if one.first is not None else ""
        error(f"第 {one.seal} 号封存{which}：{one.why}")
    if len(found.breaks) > MOST:
        error(f"还有 {len(found.breaks) - MOST} 处，用 --json 看全部。")
    if found.breaks and len(found.breaks) >= found.seals:
        error(
            "没有一号对得上：多半是密钥（console.secret_file）换了或丢了。请放回原来的密钥再核对。"
        )
    elif found.breaks:
        error("流水被改动过。请保存现场，和备份、每天的封存码信件比对。")


def _show_asked(found: "Walk", wanted: str) -> None:
    if found.asked is not None:
        say(f"给出的封存码是第 {found.asked} 号：到那时为止的流水都在。")
    elif wanted:
        error("现在的流水里没有给出的封存码：它以后的流水被删去或整个重写过。")
    elif not found.breaks and found.head:
        say("没有发现改动。最近的流水有没有被整段删去，要用另外保存的封存码核对：--head")


def _local(at: Any) -> str:
    from zoneinfo import ZoneInfo

    return f"{at.astimezone(ZoneInfo(ZONE)):%Y-%m-%d %H:%M}"


# --- a person ---

KINDS = {
    "letters": "信件",
    "events": "流水",
    "answers": "报送",
    "requests": "申请",
    "accounts": "账号",
    "sessions": "登录",
    "revoked": "停用链接",
    "applied": "日历版本",
    "contacts": "通讯录",
}


@cli.command("person")
def person(
    who: Annotated[
        list[str],
        typer.Argument(
            help="姓名、邮箱、登录名，写得越全越准；同名的人用邮箱区分", metavar="姓名或邮箱…"
        ),
    ],
    export: Annotated[
        Path | None, typer.Option(help="把有关这个人的一切写进这个文件（JSON）")
    ] = None,
    erase: Annotated[
        bool, typer.Option("--erase", help="删除：六个月以前、已经办结的部分")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问")] = False,
    by: Annotated[str | None, typer.Option(help="谁做的，记入流水")] = None,
    at: Annotated[str | None, typer.Option(help="什么时候，默认现在", hidden=True)] = None,
) -> None:
    """个人信息：查一个人有多少记录，导出，应本人请求删除。

    依据个人信息保护法第四十五条、第四十七条；流水至少保存六个月（网络安全法第二十一条）。
    """
    from app.reading import open_site

    words = [_word(word) for word in who]
    site = open_site(home())
    work = _Work(site, words, moment(at), by or getpass.getuser())
    rows = work.look()
    for kind, found in rows.items():
        say(f"{KINDS[kind]}：{len(found)} 条")
    if export:
        work.export(export, rows)
        say(f"已写入 {export}")
    if erase and (yes or typer.confirm("删除后不能恢复。确定删除吗？")):
        _show_erased(work.erase(), rows)


def _word(text: str) -> str:
    from state.personal import SHORTEST

    word = text.strip()
    if len(word) < SHORTEST or word == "duban":
        raise BadWord(f"“{text}”太短或者是系统自己的名字，查不了；请写全姓名、邮箱或登录名")
    return word


class _Work:
    """One request about one person."""

    def __init__(self, site: Any, words: list[str], at: Any, by: str) -> None:
        self.site, self.words, self.at, self.by = site, words, at, by

    def look(self) -> dict[str, list[dict[str, Any]]]:
        from state import personal

        with self.site.database.reading() as connection:
            rows = personal.about(connection, self.words)
        return {**rows, "contacts": self._contacts()}

    def _contacts(self) -> list[dict[str, Any]]:
        """In the calendar that is in force."""
        from flows.premises import NothingApplied

        try:
            desks = self.site.desks()
        except NothingApplied:
            return []
        return [
            {"office": id, **contact.model_dump(mode="json")}
            for id, (desk, _) in desks.items()
            for contact in desk.branch.contacts
            if contact.name in self.words or contact.email in self.words
        ]

    def export(self, file: Path, rows: dict[str, list[dict[str, Any]]]) -> None:
        import json

        said = {"who": self.words, "at": self.at.isoformat(), **rows}
        try:
            with file.open("x", encoding="utf-8") as stream:
                file.chmod(0o600)
                json.dump(said, stream, ensure_ascii=False, indent=1, default=str)
        except OSError as fault:
            raise CannotWrite(f"写不了 {file}：{fault.strerror}；请换一个还没有的文件名") from None
        self._note("export", f"共 {sum(map(len, rows.values()))} 条")

    def erase(self) -> "Erased":
        """What has no seal yet is sealed first."""
        from flows.sealing import PURPOSE, run
        from state import erasure

        run(self.site, self.at)
        keys = self.site.secret.derived(PURPOSE)
        with self.site.database.writing() as connection:
            done = erasure.erase(connection, self.words, keys, at=self.at)
        counts = "，".join(f"{KINDS[kind]} {number} 条" for kind, number in done.done.items())
        self._note("erase", counts)
        return done

    def _note(self, act: str, reason: str) -> None:
        """The account says that it was done, and not about whom."""
        from flows.sealing import PURPOSE
        from state import erasure, notes

        stub = erasure.stub(self.site.secret.derived(PURPOSE)[0], self.words)
        with self.site.database.writing() as connection:
            notes.note_act(connection, "", act, self.by, "", f"{stub}：{reason}", self.at)


def _show_erased(done: "Erased", rows: dict[str, list[dict[str, Any]]]) -> None:
    for kind, number in done.done.items():
        kept = done.kept[kind]
        rest = f"，还不能删除 {kept} 条" if kept else ""
        say(f"{KINDS[kind]}：删除 {number} 条{rest}")
    if any(done.kept.values()):
        say("还不能删除的：不满六个月的、事项还没有办结的、还没有停用的账号。")
    if rows["contacts"]:
        say("此人还在通讯录里：请先在督办台的“单位”页或 config/contacts/ 里删去，再应用。")
    if rows["applied"]:
        numbers = "、".join(f"{one['scope']} 第 {one['version']} 版" for one in rows["applied"][:5])
        say(f"日历的历次版本里还有此人（{numbers}等）：版本是流水的依据，不单独删改。")
    say("信件目录、退信隔离区、备份和服务器日志不在数据库里，请另行处理。")
