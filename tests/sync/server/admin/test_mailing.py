"""Outgoing mail, its templates and webhooks, set up at a terminal."""

from base64 import b64decode
from pathlib import Path

from tests.rigs.mail_server import Post
from tests.rigs.terminal import Terminal

OWN = "Subject: Got it: {{ subject }}\n\nDear {{ name }}, your number is {{ number }}.\n"


def test_mail_is_set_up_and_tried(terminal: Terminal, post: Post) -> None:
    assert "mail.smtp" in terminal.fails("mail", "test", "bob@mail.example")
    terminal.does("setting", "mail.smtp", f"smtp://helpdesk@localhost:{post.server.port}")
    terminal.does("setting", "mail.from", "Help desk <support@helpdesk.example>")
    terminal.does("setting", "mail.ca_file", str(post.ca_file))
    assert "mail password" in terminal.fails("mail", "test", "bob@mail.example")
    terminal.does("mail", "password", "--password-stdin", stdin="wrong\n")
    assert "user and password" in terminal.fails("mail", "test", "bob@mail.example")
    terminal.does("mail", "password", "--password-stdin", stdin="a secret of mail\n")
    assert "has taken a mail" in terminal.does("mail", "test", "bob@mail.example").line
    [mail] = post.wait_for(1)
    assert (mail["To"], mail["Auto-Submitted"]) == ("bob@mail.example", "auto-generated")
    assert "550" in terminal.fails("mail", "test", "nobody@mail.example")
    assert "no e-mail address" in terminal.fails("mail", "test", "nowhere")
    assert terminal.does("mail", "queue").out == ""


WRONG = [
    ("mail.smtp", "localhost:25"), ("mail.smtp", "smtp://user:secret@host"), ("mail.smtp", "http://host"),
    ("mail.smtp", "smtp://host:port"), ("mail.smtp", "smtp://"), ("mail.from", "Help desk"), ("mail.from", "a@b@c"),
]  # fmt: skip


def test_what_is_no_place_and_no_sender_is_refused(terminal: Terminal) -> None:
    for name, value in WRONG:
        sentence = terminal.fails("setting", name, value)
        assert sentence.endswith((".", ">")), sentence
        assert "secret" not in sentence


def test_a_category_has_its_own_sender(terminal: Terminal) -> None:
    terminal.does("category", "add", "Billing")
    terminal.does("setting", "mail.from", "support@helpdesk.example")
    terminal.does("mail", "from", "Billing", "Billing <billing@helpdesk.example>")
    house = terminal.house()
    category = house.grants.find_category("Billing")["id"]
    assert house.mail_out.sender(category).address == "billing@helpdesk.example"
    assert house.mail_out.sender(None).address == "support@helpdesk.example"
    house.close()
    assert "no sender" in terminal.fails("mail", "from", "Billing", "nobody")
    terminal.does("mail", "from", "Billing", "")
    terminal.does("mail", "from", "Billing", "")


def test_templates_are_shown_changed_proved_and_put_back(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "own.txt"
    shipped = terminal.does("template", "show", "confirmation").out
    assert "{{ number }}" in shipped
    file.write_text(OWN)
    terminal.does("template", "set", "confirmation", str(file))
    assert terminal.does("template", "show", "confirmation").out == OWN
    assert "your number is 1024" in terminal.does("template", "show", "confirmation", "--sample").out
    assert "confirmation\town" in terminal.does("template", "list").out
    terminal.does("template", "reset", "confirmation")
    assert terminal.does("template", "show", "confirmation").out == shipped
    terminal.does("template", "set", "event.chargeback", str(_event(file)))
    assert "event.chargeback\town" in terminal.does("template", "list").out


POOR = [
    "no subject\n\ntext", "Subject: only\n", "Subject:\n\ntext", "Subject: x\n\n{{ unknown }}",
    "Subject: x\n\n{% for %}", "Subject: x\n\n{{ name.__class__.__mro__ }}", "Subject: x\n\n{{ 1 / 0 }}",
    "Subject: x\n\n{{ link.upper() }}", "Subject: x\n\n{% include 'reply' %}", "Subject: x\n\n" + "y" * 100_001,
]  # fmt: skip


def test_a_template_that_could_fail_is_not_taken(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "own.txt"
    for text in POOR:
        file.write_text(text)
        assert terminal.fails("template", "set", "confirmation", str(file))
    assert "own" not in terminal.does("template", "list").out.split()
    assert "no template" in terminal.fails("template", "set", "../etc/passwd", str(file))


def test_hooks_are_added_listed_renewed_and_removed(terminal: Terminal) -> None:
    terminal.does("category", "add", "Billing")
    secret = terminal.does("hook", "add", "till", "--category", "Billing", "--opens", "chargeback").line
    assert secret.startswith("whsec_")
    assert "already" in terminal.fails("hook", "add", "Till")
    assert terminal.does("hook", "list").line == "till\tchargeback"
    assert terminal.does("hook", "secret", "till").line != secret
    terminal.does("hook", "remove", "till")
    assert terminal.does("hook", "list").out == ""
    assert "no hook" in terminal.fails("hook", "secret", "till")
    log = terminal.does("audit", "export").out
    assert "hook till" in log
    assert secret not in log


def test_no_password_and_no_secret_of_a_webhook_stands_in_any_file(terminal: Terminal, tmp_path: Path) -> None:
    terminal.does("category", "add", "Billing")
    secrets = [terminal.does("hook", "add", "till").line, "a secret of mail", "a secret of a mailbox"]
    secrets.append(terminal.does("hook", "secret", "till").line)
    terminal.does("setting", "mail.smtp", "smtp://helpdesk@localhost:25")
    terminal.does("mail", "password", "--password-stdin", stdin=f"{secrets[1]}\n")
    box = ("--imap", "imap.example.com", "--user", "help@example.com", "--category", "Billing")
    terminal.does("mailbox", "add", "Support", *box, "--password-stdin", stdin=f"{secrets[2]}\n")
    terminal.does("backup", str(tmp_path / "backup"))
    files = [one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()]
    octets = [one.encode() for one in secrets]
    octets += [b64decode(one.removeprefix("whsec_")) for one in secrets if one.startswith("whsec_")]
    assert files
    assert len(octets) == 6
    assert [one for one in octets if any(one in file for file in files)] == []
    assert any(b"till" in file for file in files)


def _event(file: Path) -> Path:
    file.write_text("Subject: {{ type }}\n\n{{ data }}\n")
    return file
