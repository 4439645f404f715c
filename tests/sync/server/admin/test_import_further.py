"""Tickets, their messages and requesters from CSV files, told row by row what is wrong, and again."""

from pathlib import Path

from tests.rigs.terminal import Terminal

TICKETS = """subject,body,category,externalId,requesterName,requesterEmail,createdAt,status
Mirror,It stops,Downloads,A1,Ines,ines@mail.example,2026-01-31T14:00:00Z,open
Disk,It whirs,Downloads,A2,Tom,tom@mail.example,2026-02-01,closed
"""
MESSAGES = """number,what,text,when,who,mail
A1,reply,Try again.,2026-01-31T15:00:00Z,Ann,
A1,inbound,"Still, it
stops.",2026-01-31T16:00:00Z,,
A1,inbound,Me too.,2026-01-31T17:00:00Z,Kim,kim@mail.example
A9,note,Lost,2026-01-31T17:00:00Z,Ann,
A2,shout,Loud,2026-01-31T17:00:00Z,Ann,
A2,note,Undated,,Ann,
"""
MAP = "ticket=number,kind=what,body=text,createdAt=when,author=who,requesterEmail=mail"
REQUESTERS = "Name,Email,Phone\nInes Riva,INES@mail.example,+49 1\nNobody,,\n,,\nX,no address,\n"


def test_threads_and_requesters_come_in_once_and_what_is_wrong_is_named(terminal: Terminal, tmp_path: Path) -> None:
    for name, text in (("t.csv", TICKETS), ("m.csv", MESSAGES), ("r.csv", REQUESTERS), ("map", MAP.replace(",", "\n"))):
        (tmp_path / name).write_text(text)
    terminal.does("agent", "add", "Ann", "--password-stdin", stdin="correct horse\n")
    assert terminal.does("import", str(tmp_path / "t.csv")).line == "2 tickets imported: 1 open, 1 closed."
    said = terminal.does("import", str(tmp_path / "m.csv"), "--kind", "messages", "--map", f"@{tmp_path / 'map'}")
    assert said.line == "3 messages imported."
    wrong = [line.strip() for line in said.err.splitlines() if line.startswith("  row ")]
    assert wrong == [
        "row 4: its ticket was not imported: import the tickets first, with their externalId (line 6)",
        "row 5: its kind 'shout' is none of: inbound, reply, note (line 7)",
        "row 6: it has no date (line 8)",
    ]
    asked = terminal.does("import", str(tmp_path / "r.csv"), "--kind", "requesters")
    assert asked.line == "2 requesters imported."
    assert "row 4: its e-mail address 'no address' is not one (line 5)" in asked.err

    sql = (
        "SELECT m.seq, m.kind, m.body_text, COALESCE(g.name, r.name) FROM message m "
        "JOIN ticket t ON t.id = m.ticket_id LEFT JOIN agent g ON g.id = m.author_id "
        "LEFT JOIN requester r ON r.id = m.author_id "
        "WHERE t.subject = 'Mirror' ORDER BY m.seq"
    )
    assert terminal.rows(sql) == [
        (1, "inbound", "It stops", "Ines Riva"),
        (2, "reply", "Try again.", "Ann"),
        (3, "inbound", "Still, it\nstops.", "Ines Riva"),
        (4, "inbound", "Me too.", "Kim"),
    ]
    assert terminal.rows("SELECT phone FROM requester WHERE email_key = 'ines@mail.example'") == [("+49 1",)]
    assert terminal.rows("SELECT COUNT(*) FROM arrival") == [(0,)]
    assert terminal.does("check").line == "No fault found."

    again = terminal.does("import", str(tmp_path / "m.csv"), "--kind", "messages", "--map", MAP)
    assert "0 messages imported." in again.out
    assert "3 rows were imported before" in again.out
    assert "0 requesters imported." in terminal.does("import", str(tmp_path / "r.csv"), "--kind", "requesters").out
    assert terminal.rows("SELECT COUNT(*) FROM message") == [(5,)]


def test_a_file_without_what_a_message_needs_is_refused_whole(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("ticket,body\nA1,Words\n")
    assert "map createdAt" in terminal.fails("import", str(tmp_path / "m.csv"), "--kind", "messages")
    (tmp_path / "r.csv").write_text("phone\n1\n")
    assert "map name or email" in terminal.fails("import", str(tmp_path / "r.csv"), "--kind", "requesters")
