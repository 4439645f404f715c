"""Everything in and out by command: an export read into a new house, old mail, one requester handed out and erased."""

from __future__ import annotations

from pathlib import Path

from tests.rigs.terminal import Terminal

MAILS = b"""From eve Tue Sep  1 10:00:00 2026
From: Eve <eve@mail.example>
To: support@desk.example
Message-ID: <1@a>
Date: Tue, 01 Sep 2026 10:00:00 +0000
Subject: Printer

It burns.
>From the start.

From desk Wed Sep  2 10:00:00 2026
From: Desk <support@desk.example>
To: Eve <eve@mail.example>
Message-ID: <2@d>
In-Reply-To: <1@a>
Date: Wed, 02 Sep 2026 10:00:00 +0000
Subject: Re: Printer

Put it out.
"""


def imported(terminal: Terminal, folder: Path) -> None:
    (folder / "old.mbox").write_bytes(MAILS)
    words = ("import-mail", str(folder / "old.mbox"), "--category", "Old", "--own", "support@desk.example")
    assert terminal.does(*words).line == "1 tickets made; 1 mails of requesters, 1 replies, 0 automatic ones."
    again = terminal.does(*words)
    assert "2 mails were here before" in again.out


def texts(terminal: Terminal, *place: str) -> list[tuple[object, ...]]:
    other = Terminal(terminal._capture, terminal._patch, list(place) or terminal.place)
    house = other.house()
    try:
        database = house.parts.database
        return database.read(lambda: database.select("SELECT kind, body_text FROM message ORDER BY seq"))
    finally:
        house.close()


def test_old_mail_goes_out_with_everything_and_comes_back(terminal: Terminal, tmp_path: Path) -> None:
    imported(terminal, tmp_path)
    out = tmp_path / "out"
    said = terminal.does("export", str(out))
    assert said.out.splitlines()[0].startswith(f"{out}: 1 tickets, 2 messages, 1 requesters, 2 files (")
    assert "Not in it: passwords" in said.out
    assert "already" in terminal.fails("export", str(out))
    new = str(tmp_path / "new")
    read = terminal.types("import-export", str(out), "--data", new)
    assert (read.code, "Nobody can sign in yet" in read.out) == (0, True), read
    assert texts(terminal, "--data", new) == [("inbound", "It burns.\nFrom the start."), ("reply", "Put it out.")]
    assert terminal.types("check", "--data", new).line == "No fault found."
    assert "in use" in terminal.types("import-export", str(out), "--data", new).err
    log = terminal.types("audit", "export", "--data", new).out
    assert '"what": "export"' in log
    assert '"subject": "everything"' in log


def test_one_requester_is_handed_out_and_erased(terminal: Terminal, tmp_path: Path) -> None:
    imported(terminal, tmp_path)
    folder = tmp_path / "eve"
    assert terminal.does("requester", "export", "EVE@mail.example", str(folder)).line == (
        f"{folder}: 1 tickets, 2 messages, 2 files."
    )
    assert "It burns." in (folder / "messages.jsonl").read_text()
    asked = terminal.said("requester", "erase", "eve@mail.example", stdin="n\n")
    assert asked.code == 2
    assert "Eve, eve@mail.example: 1 tickets." in asked.err
    assert ("inbound", "It burns.\nFrom the start.") in texts(terminal)
    assert terminal.does("requester", "erase", "eve@mail.example", "--yes").out.startswith(
        "Erased: 1 tickets, 2 messages"
    )
    assert [kind for kind, text in texts(terminal) if "burns" in str(text)] == []
    assert "no requester" in terminal.fails("requester", "erase", "eve@mail.example", "--yes")
    assert terminal.does("requester", "scrub").line.startswith("Done")
    assert terminal.does("check").line == "No fault found."
    if terminal.place[0] == "--data":
        assert b"burns" not in b"".join(one.read_bytes() for one in Path(terminal.place[1]).iterdir())


def test_what_is_no_mail_and_no_export_is_said(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("Dear diary")
    assert "no mbox" in terminal.fails("import-mail", str(tmp_path / "x"), "--category", "Old")
    assert "no e-mail address" in terminal.fails("import-mail", str(tmp_path / "x"), "--category", "Old", "--own", "me")
    assert "no export" in terminal.fails("import-export", str(tmp_path))
