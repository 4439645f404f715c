"""Mailboxes and addresses for mail, set up at a terminal."""

from pathlib import Path

from tests.rigs.terminal import Terminal

SECRET = "a very secret word"
ADD = ("mailbox", "add", "Support", "--imap", "imap.example.com", "--user", "help@example.com", "--category", "Billing")


def test_a_mailbox_is_added_listed_paused_and_removed(terminal: Terminal) -> None:
    terminal.does("category", "add", "Billing")
    terminal.does(*ADD, "--done-folder", "Done", "--password-stdin", stdin=f"{SECRET}\n")
    assert "a mailbox Support already" in terminal.fails(*ADD, "--password-stdin", stdin="x\n")
    line = terminal.does("mailbox", "list").line
    assert line.split("\t")[:4] == ["Support", "help@example.com", "imap.example.com:993", "Billing"]
    assert "not reached yet" in line
    terminal.does("mailbox", "pause", "support")
    assert "paused" in terminal.does("mailbox", "list").line
    terminal.does("mailbox", "resume", "Support")
    terminal.does("mailbox", "password", "Support", "--password-stdin", stdin="another\n")
    terminal.does("mailbox", "remove", "Support")
    assert terminal.does("mailbox", "list").out == ""
    assert "no mailbox Support" in terminal.fails("mailbox", "remove", "Support")


def test_without_tls_only_this_machine_is_read(terminal: Terminal) -> None:
    terminal.does("category", "add", "Billing")
    assert "Without TLS" in terminal.fails(*ADD, "--security", "none", "--password-stdin", stdin="x\n")


def test_addresses_are_added_listed_and_removed(terminal: Terminal) -> None:
    terminal.does("category", "add", "Billing")
    terminal.does("mailbox", "address", "add", "Help@Example.com", "--category", "Billing")
    assert terminal.does("mailbox", "address", "list").line == "help@example.com\tBilling"
    assert "no e-mail address" in terminal.fails("mailbox", "address", "add", "help", "--category", "Billing")
    terminal.does("mailbox", "address", "remove", "help@example.com")
    assert "no address" in terminal.fails("mailbox", "address", "remove", "help@example.com")


def test_the_password_is_nowhere_to_be_read(terminal: Terminal, tmp_path: Path) -> None:
    terminal.does("category", "add", "Billing")
    terminal.does(*ADD, "--password-stdin", stdin=f"{SECRET}\n")
    told = terminal.does("mailbox", "list").out + terminal.does("audit", "export").out
    assert "mailbox Support" in told
    assert SECRET not in told
    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert not [one for one in files if SECRET.encode() in one.read_bytes()]
