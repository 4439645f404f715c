"""Where the database is, settings, and every failure as one sentence and exit code 2."""

import re
import sqlite3
import stat
from pathlib import Path

import pytest

from tests.rigs.terminal import PASSWORD, Terminal, process


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    """A terminal in an empty folder, with nothing made."""
    monkeypatch.chdir(tmp_path)
    return Terminal(capsys, monkeypatch, ["--data", "house"])


def test_the_place_stands_before_or_after_or_in_the_environment(shell: Terminal, tmp_path: Path) -> None:
    made = shell.types("init", "--data", "a").line
    path = str(tmp_path / "a" / "deskbell.sqlite")

    assert re.fullmatch("Ready: server d[0-9a-f]{32}", made)
    assert shell.types("--data", "a", "init").line == made
    assert shell.types("--data", "b", "init", "--data", "a").line == made
    assert shell.types("init", environment={"DESKBELL_DATABASE": path}).line == made
    assert shell.types("init", environment={"DESKBELL_DATABASE": f"sqlite:///{path}"}).line == made
    assert shell.types("init", "--data", "c", environment={"DESKBELL_DATABASE": path}).line != made
    assert shell.types("init").line != made
    assert Path("deskbell-data/deskbell.sqlite").is_file()
    assert not Path("b").exists()


def test_what_is_made_is_for_its_owner_only(shell: Terminal) -> None:
    shell.does("init")

    assert stat.S_IMODE(Path("house").stat().st_mode) == 0o700
    assert stat.S_IMODE(Path("house/deskbell.sqlite").stat().st_mode) == 0o600


def test_a_command_makes_no_database_by_mistake(shell: Terminal) -> None:
    sentence = shell.fails("agent", "list")

    assert "deskbell-server init --data house" in sentence
    assert not Path("house").exists()


def test_two_places_are_one_too_many(shell: Terminal) -> None:
    said = shell.types("init", "--data", "a", "--database", "postgresql://x/y")

    assert said.code == 2
    assert "not both" in said.err


@pytest.mark.parametrize("address", ["postgresql://nobody@127.0.0.1:1/x", "mysql://x/y", "postgresql://[", "x://"])
def test_a_database_that_is_not_there_gets_a_sentence(shell: Terminal, address: str) -> None:
    said = shell.types("init", "--database", address)

    assert said.code == 2
    assert "Traceback" not in said.err
    assert said.err.strip()


def test_another_file_is_not_taken_for_a_database(shell: Terminal) -> None:
    Path("house").mkdir()
    Path("house/deskbell.sqlite").write_bytes(b"This is a letter, and a long one. " * 500)

    assert "no database of deskbell-server" in shell.fails("agent", "list")
    assert Path("house/deskbell.sqlite").read_bytes().startswith(b"This is a letter")


def test_a_database_from_the_future_is_left_alone(shell: Terminal) -> None:
    shell.does("init")
    base = sqlite3.connect("house/deskbell.sqlite")
    base.execute("INSERT INTO schema_step VALUES (99)")
    base.commit()
    base.close()

    assert "newer deskbell-server" in shell.fails("agent", "list")


@pytest.mark.parametrize(
    "words", [["nonsense"], ["category"], ["category", "add"], ["agent", "add", "--nope"], ["serve", "--port", "99999"]]
)
def test_a_mistyped_command_is_explained(shell: Terminal, words: list[str]) -> None:
    said = shell.said(*words)

    assert said.code == 2
    assert "Usage: deskbell-server" in said.err + said.out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--host", "192.0.2.1"], "Without TLS this server answers on this machine only"),
        (["--tls-cert", "c.pem"], "TLS needs both"),
        (["--tls-cert", "c.pem", "--tls-key", "k.pem"], "There is no file c.pem"),
    ],
)
def test_serving_without_protection_is_refused(shell: Terminal, words: list[str], sentence: str) -> None:
    assert sentence in shell.fails("serve", *words)


def test_settings_are_listed_set_and_set_back(terminal: Terminal) -> None:
    assert "form.per_hour = 20\t" in terminal.does("setting").out

    terminal.does("setting", "form.per_hour", "7")
    assert terminal.does("setting", "form.per_hour").line == "7"
    assert "form.per_hour = 7\t" in terminal.does("setting").out
    terminal.does("setting", "form.per_hour", "")
    assert terminal.does("setting", "form.per_hour").line == "20"
    assert terminal.does("setting", "public_url").line == ""
    for value in ("many", "0", "-1", "1.5"):
        assert "at least 1" in terminal.fails("setting", "form.per_hour", *(["--"] if value < "0" else []), value)
    assert "no setting nothing" in terminal.fails("setting", "nothing")
    assert "no setting nothing" in terminal.fails("setting", "nothing", "1")
    assert "page_key" not in terminal.does("setting").out


def test_the_command_is_a_process_with_exit_codes(tmp_path: Path) -> None:
    place = {"DESKBELL_DATABASE": str(tmp_path / "deep" / "er" / "x.sqlite")}

    assert process("init", environment=place).code == 0
    assert process("agent", "add", "Ann", "--password-stdin", stdin=PASSWORD, environment=place).code == 0
    failed = process("grant", "Ann", "Billing", environment=place)
    helped = process("--help")

    assert (failed.code, failed.out, failed.err) == (2, "", "There is no category named Billing.\n")
    assert helped.code == 0
    for name in ("init", "serve", "category", "agent", "grant", "revoke", "token", "setting", "import", "backup"):
        assert name in helped.out
