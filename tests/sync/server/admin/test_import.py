"""Import by command: the known files, any other file, again, interrupted, and beside a running server."""

import gzip
import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

import resources
from sync.domain.times import DAY_MS
from sync.server.app import build_app
from sync.server.house import House
from sync.server.importing.importer import BATCH
from tests.rigs.asgi_adapter import AsgiAdapter
from tests.rigs.bureau import BASE, Caller
from tests.rigs.terminal import PASSWORD, Terminal, process

SAMPLE = Path(resources.__file__).parent / "sample"
MAP = "subject=title,body=text,category=area,externalId=no,requesterEmail=mail,createdAt=on,status=state"
HEADER = "no,title,text,area,mail,on,state\n"


def counts(terminal: Terminal, *tables: str) -> list[int]:
    [found] = terminal.rows("SELECT " + ", ".join(f"(SELECT COUNT(*) FROM {one})" for one in tables))  # noqa: S608  # ours
    return list(found)


def test_both_samples_come_in_whole_once_and_ring_nobody(terminal: Terminal) -> None:
    complaints = terminal.does("import", str(SAMPLE / "complaints.csv"))
    tickets = terminal.does("import", str(SAMPLE / "it-tickets.csv"), "--preset", "it-tickets")

    assert complaints.out.startswith("300 tickets imported: ")
    assert tickets.line == "200 tickets imported: 2 open, 198 closed."
    again = terminal.does("import", str(SAMPLE / "complaints.csv"), "--preset", "complaints")
    assert again.out.splitlines() == [
        "0 tickets imported: 0 open, 0 closed.",
        "300 rows were imported before, and stay as they are.",
    ]
    assert counts(terminal, "ticket", "message", "arrival") == [500, 500, 0]
    assert terminal.rows("SELECT MIN(number), MAX(number), COUNT(DISTINCT number) FROM ticket") == [(1, 500, 500)]
    assert terminal.rows("SELECT COUNT(*) FROM ticket t JOIN message m ON m.id = t.first_message_id") == [(500,)]
    assert terminal.does("check").line == "No fault found."


def test_dates_are_brought_to_today(terminal: Terminal) -> None:
    terminal.does("import", str(SAMPLE / "complaints.csv"), "--shift-dates")

    [(newest, span)] = terminal.rows("SELECT MAX(created_at), MAX(created_at) - MIN(created_at) FROM ticket")
    assert isinstance(newest, int)
    assert isinstance(span, int)
    assert 0 <= time.time() * 1000 - newest < DAY_MS
    assert span > 20 * DAY_MS


def test_any_file_by_its_columns_with_what_cannot_be_a_ticket_named(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "own.csv.gz"
    lines = [
        "1,Printer,Smoke,Office,a@mail.example,2026-01-02,open",
        "2,Printer,More smoke,Office,A@MAIL.example,2026-01-03T04:05:06Z,",
        "3,Broken,,Office,not-an-address,,",
        "4,Short,row",
        '5,"Stray" quote,,Office,,,',
        '6,"Never closed,,Office,,,',
        "7,After it,,Office,,,",
        "8,No category,,,,,",
        "1,The same number,,Office,,,",
        "9,Wrong,,Office,,,sleeping",
        '10,"Two\nlines, and a comma","Wort\n\nZwei 🙂",New place,,,',
    ]
    file.write_bytes(gzip.compress(("\ufeff" + HEADER + "\n".join(lines) + "\n").encode()))

    said = terminal.does("import", str(file), "--map", MAP)

    assert said.out.splitlines()[0] == "4 tickets imported: 1 open, 3 closed."
    assert "1 rows were imported before" in said.out
    skipped = [line for line in said.err.splitlines() if line.startswith("  row ")]
    assert [line.split(":")[0].strip() for line in skipped] == [f"row {n}" for n in (3, 4, 5, 6, 8, 10)]
    assert "'not-an-address'" in skipped[0]
    assert "line 6 is not CSV" in skipped[2]
    assert sorted(str(one[0]) for one in terminal.rows("SELECT name FROM category")) == ["New place", "Office"]
    assert terminal.rows("SELECT subject FROM ticket ORDER BY number") == [
        ("Printer",), ("Printer",), ("After it",), ("Two lines, and a comma",),
    ]  # fmt: skip
    assert counts(terminal, "requester") == [3]


def test_rows_stay_open_where_a_column_says_so(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("title,area,mood\na,X,bad\nb,X,good\nc,X, bad \n")

    said = terminal.does("import", str(file), "--map", "subject=title,category=area", "--open-when", "mood=bad")

    assert said.line == "3 tickets imported: 2 open, 1 closed."


@pytest.mark.parametrize(
    ("content", "words", "sentence"),
    [
        (b"", ["--map", "subject=a,category=b"], "The file is empty"),
        (b"a,b\n", ["--map", "subject=title,category=b"], "has no column title"),
        (b"a,b\n", [], "Say with --map what is what"),
        (b"a,b\n", ["--map", "subject"], "TARGET=COLUMN"),
        (b"a,b\n", ["--map", "nothing=a"], "is no target"),
        (b"a,b\n", ["--map", "subject=a,category=b", "--open-when", "x"], "COLUMN=VALUE"),
        (b"\x00\xff" * 500, [], "Say with --map what is what"),
    ],
)
def test_a_file_that_cannot_be_read_so_gets_a_sentence(
    terminal: Terminal, tmp_path: Path, content: bytes, words: list[str], sentence: str
) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(content)

    said = terminal.said("import", str(file), *words)

    assert said.code == 2
    assert sentence in said.err
    assert "Traceback" not in said.err
    assert counts(terminal, "ticket") == [0]


def test_a_damaged_archive_imports_what_comes_before_and_can_be_repeated(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "own.csv.gz"
    text = HEADER + "".join(f"{n},Title {n},{os.urandom(40).hex()},Office,,,\n" for n in range(3000))
    whole = gzip.compress(text.encode())
    file.write_bytes(whole[: len(whole) // 2])

    said = terminal.said("import", str(file), "--map", MAP)
    [half] = counts(terminal, "ticket")
    file.write_bytes(whole)
    terminal.does("import", str(file), "--map", MAP)

    assert said.code == 2
    assert "cannot be imported" in said.err
    assert 0 < half < 3000
    assert half % BATCH == 0
    assert counts(terminal, "ticket", "message") == [3000, 3000]
    assert terminal.does("check").line == "No fault found."


def test_a_file_of_surprises_is_imported_or_named(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    long_id, nul = "x" * 5000, "a\x00b"
    lines = [f"{long_id},Long id,,Office,,,", f"{nul},{nul},{nul},{nul},,,", f"3,{'y' * 600},text,{'z' * 300},,,"]
    file.write_bytes((HEADER + "\n".join(lines) + "\n").encode() + b"4,gr\xfcn,,Office,,,\n")

    said = terminal.does("import", str(file), "--map", MAP)

    assert said.out.startswith("3 tickets imported")
    assert "row 4: it holds bytes that are not UTF-8" in said.err
    assert terminal.does("import", str(file), "--map", MAP).out.startswith("0 tickets imported")
    assert terminal.does("check").line == "No fault found."


def test_workstations_that_are_connected_are_told_and_not_rung(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text(HEADER + "".join(f"{n},Title {n},,Office,,,\n" for n in range(700)))
    house = terminal.house()
    category = house.grants.add_category("Office")
    house.grants.grant(house.people.add("Ann", PASSWORD), category)
    try:
        with AsgiAdapter(build_app(house)) as adapter:
            ann = Caller(adapter.session(BASE), "Ann", PASSWORD)
            account = ann.account("Office")
            events = ann.events("Ticket,TicketArrival")

            terminal.does("import", str(file), "--map", MAP)
            imported = time.monotonic()
            block = events.block()
            events.close()

            assert time.monotonic() - imported < 10
            assert block.startswith("event: state\n") or "event: state\n" in block
            assert account in block
            assert "TicketArrival" not in block
            assert len(ann.changes("Ticket", account, f"{account.rpartition('-')[2]}.0")["created"]) > 0
    finally:
        house.close()


def test_an_import_that_is_killed_is_finished_by_repeating_it(tmp_path: Path) -> None:
    file, folder = tmp_path / "own.csv", str(tmp_path / "house")
    file.write_text(HEADER + "".join(f"{n},Title {n},{'words ' * 50},Office,,,\n" for n in range(6000)))
    words = ["--data", folder, "import", str(file), "--map", MAP]
    assert process("init", "--data", folder).code == 0

    running = subprocess.Popen([sys.executable, "-m", "sync.server", *words], stderr=subprocess.DEVNULL)
    house = House.open(tmp_path / "house" / "deskbell.sqlite")
    select = partial(house.parts.database.select, "SELECT COUNT(*) FROM ticket")
    try:
        while (half := int(house.parts.database.read(select)[0][0])) == 0:
            assert running.poll() is None
        running.kill()
        running.wait()
    finally:
        house.close()
    finished = process(*words)

    assert half % BATCH == 0
    assert finished.code == 0
    assert f"{6000 - half} tickets imported" in finished.out or "rows were imported before" in finished.out
    assert process("check", "--data", folder).out == "No fault found.\n"
    assert "6000 rows were imported before" in process(*words).out
