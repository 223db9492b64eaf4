import re
from pathlib import Path

import pytest

from adapters.settings import (
    BounceSettings,
    MailSettings,
    Mode,
    Settings,
    SettingsFault,
    Tls,
    load_settings,
)

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    return tmp_path


def write(home: Path, text: str) -> None:
    (home / "config/settings.yaml").write_text(text, encoding="utf-8")


def test_without_a_file_mail_stays_on_this_machine(home: Path) -> None:
    settings = load_settings(home)

    assert settings.mail.mode is Mode.CATCH
    assert settings.database_url == f"sqlite:///{home.resolve()}/var/duban.db"


def test_the_environment_goes_before_the_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(home, "database: sqlite:///a.db\nmail:\n  host: a.example\n  port: 25\n")
    monkeypatch.setenv("DUBAN_MAIL__HOST", "b.example")

    settings = load_settings(home)

    assert (settings.mail.host, settings.mail.port) == ("b.example", 25)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("mail:\n  port: abc\n", "mail.port：应是整数（现在是“abc”；环境变量是 DUBAN_MAIL__PORT）"),
        ("mail:\n  mode: send\n", "mail.mode：只能是 'catch' 或 'smtp'"),
        ("mail:\n  hots: x\n", "mail.hots：没有这一项设置"),
        ("mail: 3\n", "mail："),
        ("mail: [\n", "读不了 config/settings.yaml"),
    ],
)
def test_a_slip_is_named_with_its_key(home: Path, text: str, words: str) -> None:
    write(home, text)

    with pytest.raises(SettingsFault) as fault:
        load_settings(home)

    assert words in str(fault.value)


def test_a_password_is_read_from_its_file_and_never_shown(home: Path) -> None:
    (home / "secret").write_text("geheim\n", encoding="utf-8")
    write(home, "mail:\n  password_file: secret\n")

    settings = load_settings(home)

    assert settings.password == "geheim"
    assert "geheim" not in repr(settings)


def test_a_missing_password_file_is_told(home: Path) -> None:
    write(home, "mail:\n  password_file: nowhere\n")

    with pytest.raises(SettingsFault, match="读不到邮箱密码文件"):
        _ = load_settings(home).password


def _shipped() -> str:
    return (REPOSITORY / "config/settings.yaml").read_text(encoding="utf-8")


def test_every_setting_stands_in_the_shipped_file() -> None:
    named = set(re.findall(r"^ *(?:# )?(\w+):", _shipped(), re.MULTILINE))
    elsewhere = {"home", "password"}  # where it lies; only from the environment

    every = {
        name for model in (Settings, MailSettings, BounceSettings) for name in model.model_fields
    }

    assert every - elsewhere - named == set()


def test_the_examples_in_the_shipped_file_can_be_taken_as_they_are(tmp_path: Path) -> None:
    text = re.sub(r"^( *)# (\w+: \S)", r"\1\2", _shipped(), flags=re.MULTILINE)
    (tmp_path / "config").mkdir()
    (tmp_path / "config/settings.yaml").write_text(text, encoding="utf-8")

    settings = load_settings(tmp_path)

    assert (settings.mail.per_hour, settings.mail.tls) == (500, Tls.STARTTLS)
    assert settings.bounces.days == 30


def test_an_address_for_the_seals_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsFault, match=r"console\.audit_to.*邮箱地址"):
        load_settings(tmp_path, console={"audit_to": "王主任"})
