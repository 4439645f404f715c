"""Stored passwords open with their key only, and the key is no part of the database."""

from pathlib import Path

import pytest

from sync.domain.errors import Corrupt, Rejected
from sync.server.mail.secrets import Secrets

KEY = "A" * 43 + "="


def test_what_was_sealed_opens_again_also_in_another_process(tmp_path: Path) -> None:
    sealed = Secrets(tmp_path / "deep" / "key").seal("geheim ß")
    assert "geheim" not in sealed
    assert Secrets(tmp_path / "deep" / "key").open(sealed) == "geheim ß"


def test_the_key_is_for_its_user_only_and_made_once(tmp_path: Path) -> None:
    file = tmp_path / "key"
    Secrets(file).seal("a")
    text = file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    Secrets(file).seal("b")
    assert (file.read_text(), list(tmp_path.iterdir())) == (text, [file])


def test_a_mark_belongs_to_its_text_and_its_key(tmp_path: Path) -> None:
    mark = Secrets(tmp_path / "key").mark("page t1")
    assert len(mark) == 32
    assert Secrets(tmp_path / "key").mark("page t1") == mark
    assert Secrets(tmp_path / "key").mark("page t2") != mark
    assert Secrets(tmp_path / "key", KEY).mark("page t1") != mark


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    sealed = Secrets(tmp_path / "key").seal("a")
    with pytest.raises(Corrupt, match="another key"):
        Secrets(tmp_path / "key", KEY).open(sealed)


def test_a_key_that_is_gone_or_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(Rejected, match="is gone"):
        Secrets(tmp_path / "key").open("x")
    assert not (tmp_path / "key").exists()
    (tmp_path / "key").write_bytes(b"\xff")
    with pytest.raises(Rejected, match="cannot be read"):
        Secrets(tmp_path / "key").seal("x")
    with pytest.raises(Rejected, match="holds no key"):
        Secrets(tmp_path / "key", "short").seal("x")


def test_where_the_key_is_looked_for(tmp_path: Path) -> None:
    database = tmp_path / "deskbell.sqlite"
    Secrets.of(database, {}).seal("a")
    assert (tmp_path / "deskbell-mail.key").exists()
    Secrets.of("postgresql://host/db", {"HOME": str(tmp_path)}).seal("a")
    assert (tmp_path / ".config" / "deskbell-server" / "deskbell-mail.key").exists()
    Secrets.of(database, {"DESKBELL_MAIL_KEY_FILE": str(tmp_path / "mine")}).seal("a")
    assert (tmp_path / "mine").exists()
    assert Secrets.of(database, {"DESKBELL_MAIL_KEY": KEY}).open(Secrets(tmp_path, KEY).seal("b")) == "b"
