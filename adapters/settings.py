"""Technical settings: config/settings.yaml, overridden by DUBAN_* environment variables."""

from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    YamlConfigSettingsSource,
)

from duban.office import mailbox
from duban.passwordrules import Profile
from duban.trouble import Trouble


class SettingsFault(Trouble):
    """The settings cannot be used; the message says where and how to mend it, in Chinese."""


class Mode(StrEnum):
    CATCH = "catch"
    """Every mail goes through SMTP into the embedded catcher and stays in `folder`."""
    SMTP = "smtp"
    """Mail goes to the configured server."""


class Tls(StrEnum):
    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


class MailSettings(BaseModel):
    model_config = ConfigDict(extra="forbid")

    mode: Mode = Mode.CATCH
    folder: Path = Path("var/mail")
    host: str = "localhost"
    port: int = Field(default=587, ge=1, le=65535)
    tls: Tls = Tls.STARTTLS
    user: str | None = None
    password: SecretStr | None = None
    password_file: Path | None = None
    ca: Path | None = None
    """PEM file of the authorities to trust instead of the system's."""
    hostname: str = ""
    """Our name for EHLO; empty: this machine's."""
    connections: int = Field(default=4, ge=1, le=100)
    messages: int = Field(default=100, ge=1)
    """Letters a connection carries before a new one is opened."""
    per_minute: int | None = Field(default=None, ge=1)
    per_hour: int | None = Field(default=None, ge=1)
    per_day: int | None = Field(default=None, ge=1)
    """Letters that the server takes from us in any minute, hour, day; None: any number."""
    breaker: int = Field(default=2000, ge=0)
    """More letters than this in an hour stop the post until a person releases it; 0: never."""


class Source(StrEnum):
    """Where mail that comes back lies."""

    NONE = "none"
    MBOX = "mbox"
    MAILDIR = "maildir"
    IMAP = "imap"


class BounceSettings(BaseModel):
    model_config = ConfigDict(extra="forbid")

    source: Source = Source.NONE
    path: Path | None = None
    """The mbox file or the Maildir folder."""
    host: str = "localhost"
    port: int = Field(default=993, ge=1, le=65535)
    tls: Tls = Tls.IMPLICIT
    user: str | None = None
    password: SecretStr | None = None
    password_file: Path | None = None
    ca: Path | None = None
    """PEM file of the authorities to trust instead of the system's."""
    mailbox: str = "INBOX"
    folder: str = Field(default="duban", min_length=1)
    """Where mails are moved that were read; people's own mail stays where it is."""
    days: int = Field(default=30, ge=1, le=3660)
    """Mail in an IMAP mailbox from longer ago is not looked at."""
    quarantine: Path = Path("var/quarantine")


class ConsoleSettings(BaseModel):
    model_config = ConfigDict(extra="forbid")

    url: str = ""
    """Under which people reach the console; empty: letters carry no links."""
    host: str = "127.0.0.1"
    port: int = Field(default=8600, ge=0, le=65535)
    """0: any free one."""
    proxies: tuple[str, ...] = ()
    """Addresses of reverse proxies whose X-Forwarded-For is believed."""
    secret: SecretStr | None = None
    secret_file: Path = Path("var/secret")
    uploads: Path = Path("var/uploads")
    upload_mb: int = Field(default=20, ge=1, le=1000)
    """One file."""
    files: int = Field(default=5, ge=1, le=50)
    """Of one report."""
    quota_mb: int = Field(default=5000, ge=1)
    """All files of one office together."""
    link_days: int = Field(default=120, ge=1, le=3660)
    """How long the link of a letter opens its page."""
    idle_minutes: int = Field(default=30, ge=1, le=1440)
    passwords: Profile = Profile.ASVS
    audit_to: str = ""
    """Where the head of the sealed account is mailed every day; empty: nowhere."""
    metrics: tuple[str, ...] = ()
    """Addresses that may read /metrics, besides this machine itself."""

    @field_validator("audit_to")
    @classmethod
    def _address(cls, value: str) -> str:
        return mailbox(value) if value else ""

    @field_validator("url")
    @classmethod
    def _plain(cls, value: str) -> str:
        parts = urlsplit(value)
        plain = parts.scheme in ("http", "https") and parts.hostname and not parts.query
        if value and not (plain and not parts.fragment and not parts.username):
            raise ValueError("应如 https://duban.example.com")
        return value.rstrip("/")


class Senders(StrEnum):
    """Who hands letters over where Prefect wakes the flows."""

    WORKERS = "workers"
    """The workers: each tick, and the flow `send`."""
    PROCESSES = "processes"
    """Processes of their own (`duban serve --only send`), any number; ticks only write."""


class PrefectSettings(BaseModel):
    """What `duban deploy` tells Prefect, besides the timetable."""

    model_config = ConfigDict(extra="forbid")

    pool: str = Field(default="duban", pattern=r"^[^/%&<>]+$")
    queue: str = Field(default="default", pattern=r"^[^/%&<>]+$")
    parts: int = Field(default=1, ge=1, le=1000)
    """Into how many parts the offices are cut; workers share the parts."""
    senders: Senders = Senders.WORKERS


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="DUBAN_", env_nested_delimiter="__", extra="forbid"
    )

    home: Path = Path()
    database: str = "sqlite:///var/duban.db"
    seats: Path = Path("var/seats")
    """Where this machine remembers from which database it sends; keep it out of the database's backup."""
    mail: MailSettings = MailSettings()
    bounces: BounceSettings = BounceSettings()
    console: ConsoleSettings = ConsoleSettings()
    prefect: PrefectSettings = PrefectSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        home = Path(init_settings.init_kwargs["home"])  # type: ignore[attr-defined]
        file = YamlConfigSettingsSource(settings_cls, home / "config" / "settings.yaml")
        return init_settings, env_settings, file

    @cached_property
    def database_url(self) -> str:
        """The database, with a relative SQLite path taken from the site's folder."""
        prefix = "sqlite:///"
        path = self.database.removeprefix(prefix)
        if path == self.database or path.startswith(("/", ":memory:")):
            return self.database
        return f"{prefix}{self.home.resolve() / path}"

    def path(self, relative: Path | str) -> Path:
        return self.home / relative

    @property
    def password(self) -> str | None:
        """From the environment or the settings, else from `password_file`; None when neither is set."""
        return self._password(self.mail, "邮箱")

    @property
    def bounces_password(self) -> str | None:
        """Of the mailbox that mail comes back to; found like `password`."""
        return self._password(self.bounces, "退信邮箱")

    def _password(self, section: MailSettings | BounceSettings, what: str) -> str | None:
        if section.password:
            return section.password.get_secret_value()
        if section.password_file is None:
            return None
        try:
            return self.path(section.password_file).read_text(encoding="utf-8").strip()
        except OSError as fault:
            raise SettingsFault(f"读不到{what}密码文件：{fault}") from None


def load_settings(home: Path, **overrides: Any) -> Settings:
    """The settings of the site at `home`. Raises SettingsFault."""
    try:
        return Settings(home=home, **overrides)
    except ValidationError as fault:
        lines = "\n".join(map(_explained, fault.errors()))
        raise SettingsFault(f"config/settings.yaml 或环境变量有误：\n{lines}") from None
    except Exception as fault:  # a broken YAML file: the parser's own words hold the line
        raise SettingsFault(f"读不了 config/settings.yaml：{fault}") from None


_WORDS = {
    "extra_forbidden": "没有这一项设置",
    "int_parsing": "应是整数",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
    "model_type": "下面应是几行“键: 值”",
    "string_type": "应是一段文字",
}


def _explained(error: ErrorDetails) -> str:
    """`mail.port：应是整数（现在是“abc”）`; the environment's name for it follows."""
    key = ".".join(str(part) for part in error["loc"])
    choices = error.get("ctx", {}).get("expected")
    words = f"只能是 {choices}".replace(" or ", " 或 ") if choices else ""
    words = words or _WORDS.get(error["type"], f"写得不对：{error['msg']}")
    variable = "DUBAN_" + key.upper().replace(".", "__")
    return f"{key}：{words}（现在是“{error['input']}”；环境变量是 {variable}）"
