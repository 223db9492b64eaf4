"""The mailbox that the settings name, or a file that somebody brings along."""

from datetime import date, timedelta
from pathlib import Path

from adapters.bounces.imap import Account, Imap
from adapters.bounces.mailbox import Mailbox
from adapters.bounces.maildir import Maildir
from adapters.bounces.mbox import Mbox
from adapters.settings import Settings, SettingsFault, Source, Tls


def configured(settings: Settings, today: date) -> Mailbox | None:
    """None where no mailbox is set. Raises SettingsFault when something is missing for it."""
    match settings.bounces.source:
        case Source.NONE:
            return None
        case Source.IMAP:
            return Imap(_account(settings), today - timedelta(settings.bounces.days))
        case Source.MAILDIR:
            return Maildir(_path(settings), settings.bounces.folder)
        case Source.MBOX:
            return Mbox(_path(settings))


def brought(path: Path) -> Mailbox:
    """A Maildir if it is a folder, else an mbox file."""
    return Maildir(path) if path.is_dir() else Mbox(path)


def _path(settings: Settings) -> Path:
    if settings.bounces.path is None:
        raise _missing("path", f"source 是 {settings.bounces.source.value}，要写明邮箱在哪里")
    return settings.path(settings.bounces.path)


def _account(settings: Settings) -> Account:
    bounces, password = settings.bounces, settings.bounces_password
    if bounces.user is None:
        raise _missing("user", "要写明登录退信邮箱的账号")
    if password is None:
        raise _missing("password_file", "要有退信邮箱的密码（或环境变量 DUBAN_BOUNCES__PASSWORD）")
    if bounces.tls is Tls.NONE:
        raise _missing("tls", "退信邮箱必须加密：请用 implicit（993 端口）或 starttls（143 端口）")
    return Account(
        host=bounces.host,
        port=bounces.port,
        user=bounces.user,
        password=password,
        tls=bounces.tls.value,
        mailbox=bounces.mailbox,
        folder=bounces.folder,
        ca=settings.path(bounces.ca) if bounces.ca else None,
    )


def _missing(key: str, why: str) -> SettingsFault:
    return SettingsFault(f"config/settings.yaml 的 bounces.{key}：{why}")
