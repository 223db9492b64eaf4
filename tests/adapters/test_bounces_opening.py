"""From the settings to an open mailbox."""

from datetime import date
from pathlib import Path

import pytest

from adapters.bounces.imap import Imap
from adapters.bounces.maildir import Maildir
from adapters.bounces.mbox import Mbox
from adapters.bounces.opening import brought, configured
from adapters.settings import SettingsFault, load_settings
from tests.bouncing import Remembered, mail, read_all
from tests.dovecot import PASSWORD, Dovecot, program

TODAY = date(2026, 3, 31)
SECRET = {"source": "imap", "user": "zhang", "password": "geheim7"}


def bounces(home: Path, **settings):
    return load_settings(home, bounces=settings)


def test_without_a_source_there_is_no_mailbox(tmp_path):
    assert configured(load_settings(tmp_path), TODAY) is None


def test_a_path_is_taken_from_the_sites_folder(tmp_path):
    box = configured(bounces(tmp_path, source="mbox", path="var/back"), TODAY)

    assert isinstance(box, Mbox)
    assert box.path == tmp_path / "var/back"


def test_a_maildir_has_the_folder_of_the_settings(tmp_path):
    box = configured(bounces(tmp_path, source="maildir", path="m", folder="read"), TODAY)

    assert isinstance(box, Maildir)
    assert box.away == tmp_path / "m/.read"


def test_what_is_brought_along_is_a_maildir_or_an_mbox(tmp_path):
    assert isinstance(brought(tmp_path), Maildir)
    assert isinstance(brought(tmp_path / "file"), Mbox)


def test_an_imap_mailbox_is_read_back_as_far_as_the_settings_say(tmp_path):
    box = configured(bounces(tmp_path, **SECRET, days=30), TODAY)

    assert isinstance(box, Imap)
    assert box.since == date(2026, 3, 1)
    assert box.id == "imap:zhang@localhost:993/INBOX"
    assert "geheim7" not in f"{box.id} {box.account!r}"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"source": "mbox"}, r"bounces\.path"),
        ({"source": "imap"}, r"bounces\.user"),
        ({"source": "imap", "user": "zhang"}, r"bounces\.password_file.*DUBAN_BOUNCES__PASSWORD"),
        ({**SECRET, "tls": "none"}, r"bounces\.tls.*必须加密"),
        ({"source": "imap", "user": "zhang", "password_file": "no"}, "读不到退信邮箱密码文件"),
    ],
)
def test_what_is_missing_is_told_with_its_key(tmp_path, settings, words):
    with pytest.raises(SettingsFault, match=words):
        configured(bounces(tmp_path, **settings), TODAY)


@pytest.mark.skipif(program() is None, reason="no Dovecot here (apt install dovecot-imapd)")
def test_the_settings_open_a_real_server(tmp_path):
    server = Dovecot()
    try:
        server.user("zhang", mail("hello"))
        (tmp_path / "secret").write_text(f"{PASSWORD}\n")
        settings = bounces(
            tmp_path,
            source="imap",
            host="127.0.0.1",
            port=server.port,
            user="zhang",
            password_file="secret",
            ca=str(server.authority),
            days=3660,
        )

        box = configured(settings, TODAY)

        assert box is not None
        assert len(read_all(box, Remembered())) == 1
    finally:
        server.close()
