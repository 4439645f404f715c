"""The audit log at the terminal: exported whole, fit for a spreadsheet and for a terminal, and checked."""

import csv
import json
from io import StringIO

from sync.server.audit import ADMINISTRATOR, Deed
from tests.rigs.terminal import PASSWORD, Terminal

COLUMNS = ["id", "at", "actorId", "actorName", "what", "subject", "detail", "chain"]


def test_the_log_is_exported_as_lines_of_json(terminal: Terminal) -> None:
    terminal.does("category", "add", "Billing")
    terminal.does("agent", "add", "Ann", "--password-stdin", stdin=PASSWORD)
    terminal.does("grant", "Ann", "Billing")
    terminal.does("setting", "site_name", "Our desk")

    entries = [json.loads(line) for line in terminal.does("audit", "export").out.splitlines()]

    assert [one["what"] for one in entries] == ["categoryAdded", "agentAdded", "grant", "settingChanged", "export"]
    assert list(entries[0]) == COLUMNS
    assert entries[3]["detail"] == {"value": "Our desk"}
    assert terminal.does("check").line == "No fault found."


def test_an_export_has_only_what_came_since(terminal: Terminal) -> None:
    terminal.does("category", "add", "Billing")

    assert terminal.does("audit", "export", "--since", "2999-01-01").out == ""
    assert len(terminal.does("audit", "export", "--since", "2020-01-01").out.splitlines()) == 3


def test_no_cell_is_a_formula_and_nothing_acts_on_the_terminal(terminal: Terminal) -> None:
    house = terminal.house()
    house.parts.audit.record(Deed.EXPORT, ADMINISTRATOR, "=HYPERLINK(1)", {"name": "\x1b[2J\u202e\x85\x7f"})
    house.close()

    for kind in ("csv", "jsonl"):
        out = terminal.does("audit", "export", "--format", kind).out
        assert "\x1b" not in out
        assert "\u202e" not in out
        assert kind == "csv" or json.loads(out.splitlines()[0])["detail"] == {"name": "\x1b[2J\u202e\x85\x7f"}
    rows = list(csv.reader(StringIO(terminal.does("audit", "export", "--format", "csv").out)))
    assert rows[0] == COLUMNS
    assert rows[1][5] == "'=HYPERLINK(1)"
    assert len({len(row) for row in rows}) == 1
