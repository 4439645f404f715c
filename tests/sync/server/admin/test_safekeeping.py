"""Backup while others write, restore into either kind of database, and check."""

import sqlite3
from functools import partial
from pathlib import Path

import pytest

from sync.domain.errors import Rejected
from sync.server.backup import back_up, restore_into
from sync.server.check import faults
from sync.server.house import House
from sync.server.tables import MODELS
from tests.rigs.bureau import NOON, HandClock
from tests.rigs.street import Street, street_at
from tests.rigs.terminal import Terminal

PDF = ("files", ("statement.pdf", b"%PDF-1.7 " + bytes(600_000), "application/pdf"))


def contents(house: House) -> dict[str, list[dict[str, object]]]:
    """Every row of every table but what a restore changes."""
    database = house.parts.database
    found = {}
    for model in MODELS:
        rows = database.read(partial(database.rows, model.select()))
        for row in rows:
            if model._meta.table_name == "account":
                row["id"] = str(row["id"]).rpartition("-")[0]
        rows = [row for row in rows if row.get("name") != "server.epoch"]
        found[str(model._meta.table_name)] = sorted(rows, key=lambda row: str(sorted(row.items(), key=lambda i: i[0])))
    return found


def test_a_backup_comes_back_whole_into_either_kind(first: str, second: str, tmp_path: Path) -> None:
    saved = tmp_path / "saved.sqlite"
    with street_at(first) as street:
        page = street.asked([PDF])
        second_page = street.asked(text="🙂 \u202e", key="again")
        before = contents(street.house)
        back_up(street.house.parts.database, saved)

    restore_into(second, saved, HandClock(NOON))

    with street_at(second, furnish=False) as restored:
        assert contents(restored.house) == before
        assert faults(restored.house.parts.database) == []
        assert restored.get(page).status_code == 200
        assert restored.asked(text="🙂 \u202e", key="again") == second_page
        assert restored.rows("SELECT COUNT(*) FROM ticket") == [(2,)]
        restored.asked()
        assert restored.rows("SELECT COUNT(*), COUNT(DISTINCT number) FROM ticket") == [(3, 3)]
        restored.house.grants.add_category("A new one")
        [(blob,)] = restored.rows("SELECT id FROM blob")
        assert restored.get(f"{page}/files/{blob}/x").content == PDF[1][1]


def test_a_backup_that_is_restored_twice_gives_two_epochs(tmp_path: Path) -> None:
    saved, clock = tmp_path / "saved.sqlite", HandClock(NOON)
    with street_at(str(tmp_path / "server.sqlite")) as street:
        accounts = {row[0] for row in street.rows("SELECT id FROM account")}
        back_up(street.house.parts.database, saved)

    for name in ("two", "three"):
        clock.advance(1)
        restore_into(str(tmp_path / name / "x.sqlite"), saved, clock)

    found, server_ids = [], set()
    for name in ("two", "three"):
        with street_at(str(tmp_path / name / "x.sqlite"), furnish=False) as restored:
            found.append({row[0] for row in restored.rows("SELECT id FROM account")})
            server_ids.add(restored.rows("SELECT value FROM setting WHERE name = 'server.id'")[0])
    assert not found[0] & found[1]
    assert not accounts & (found[0] | found[1])
    assert len(server_ids) == 1


def test_a_backup_while_others_write_is_one_moment(first: str, tmp_path: Path) -> None:
    saved = tmp_path / "saved.sqlite"
    with street_at(first) as street:
        with street.asked_all_the_while(3, 20):
            back_up(street.house.parts.database, saved)
        total = street.count("ticket")

    restore_into(str(tmp_path / "r.sqlite"), saved, HandClock(NOON))
    with street_at(str(tmp_path / "r.sqlite"), furnish=False) as restored:
        assert faults(restored.house.parts.database) == []
        assert 20 <= restored.count("ticket") <= total


def test_nothing_is_ever_written_over(tmp_path: Path) -> None:
    saved, other = tmp_path / "saved.sqlite", tmp_path / "other.sqlite"
    with street_at(str(tmp_path / "server.sqlite")) as street:
        back_up(street.house.parts.database, saved)
        with pytest.raises(Rejected, match="already"):
            back_up(street.house.parts.database, saved)
        with pytest.raises(Rejected, match="no folder"):
            back_up(street.house.parts.database, tmp_path / "none" / "x.sqlite")
    with pytest.raises(Rejected, match="already"):
        restore_into(str(tmp_path / "server.sqlite"), saved, HandClock())
    with pytest.raises(Rejected, match="no file"):
        restore_into(str(other), tmp_path / "nothing.sqlite", HandClock())
    assert not other.exists()
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_a_damaged_or_foreign_backup_is_refused(tmp_path: Path) -> None:
    saved = tmp_path / "saved.sqlite"
    with street_at(str(tmp_path / "server.sqlite")) as street:
        for n in range(15):
            street.asked(text="x" * 5000 + str(n))
        back_up(street.house.parts.database, saved)
    octets = bytearray(saved.read_bytes())
    middle = len(octets) // 2
    octets[middle : middle + 8000] = bytes(8000)
    saved.write_bytes(octets)
    foreign = tmp_path / "foreign.sqlite"
    base = sqlite3.connect(foreign)
    base.execute("CREATE TABLE x (y)")
    base.close()

    with pytest.raises(Rejected, match="damaged"):
        restore_into(str(tmp_path / "a" / "x.sqlite"), saved, HandClock())
    with pytest.raises(Rejected, match="no backup"):
        restore_into(str(tmp_path / "a" / "x.sqlite"), foreign, HandClock())
    assert not (tmp_path / "a" / "x.sqlite").exists()


def test_a_database_that_is_in_use_is_not_restored_into(terminal: Terminal, tmp_path: Path) -> None:
    saved = str(tmp_path / "saved.sqlite")
    terminal.does("category", "add", "Billing")

    assert terminal.does("backup", saved).line.startswith(f"{saved}: ")
    sentence = terminal.fails("restore", saved)

    assert "already" in sentence or "not empty" in sentence
    assert terminal.types("restore", saved, "--data", str(tmp_path / "new")).line.startswith("Restored into ")
    assert terminal.types("check", "--data", str(tmp_path / "new")).line == "No fault found."


FAULTS = {
    "UPDATE account SET counter = 1 WHERE kind = 'category'": "counts 1 changes",
    "DELETE FROM object_state WHERE type = 'Ticket'": "does not stand in the account of its category",
    "DELETE FROM object_state WHERE type = 'Requester'": "requester of ticket",
    "DELETE FROM object_state WHERE type = 'Message'": "does not stand in the account of its ticket",
    "UPDATE ticket SET last_seq = 7": "its last message is 7, the thread ends with 1",
    "UPDATE ticket SET status = 'closed'": "is closed, but awaits team",
    "UPDATE ticket SET status = 'waiting'": "is waiting, but awaits team",
    "UPDATE ticket SET awaiting_since = NULL": "awaits team, since None",
    "UPDATE ticket SET requester_id = 'r0'": "belongs to a requester that is not there",
    "UPDATE ticket SET assignee_id = 'g0'": "assigned to somebody who is not there",
    "UPDATE ticket SET merged_into_id = 't0'": "was merged into t0, which is not there",
    "DELETE FROM blob": "refers to the file",
    "DELETE FROM blob_use": "has files that it does not refer to",
    "DELETE FROM blob_chunk WHERE position = 1": "is damaged: ",
    "DELETE FROM message": "stands in an account, but is not there",
    "DELETE FROM arrival": "TicketArrival",
    "UPDATE ticket SET number = 900": "the next would be 2",
}


def test_check_finds_each_planted_fault(first: str) -> None:
    with street_at(first) as street:
        street.asked([PDF])
        database = street.house.parts.database
        assert faults(database) == []
        for sql, words in FAULTS.items():
            with pytest.raises(_Undone) as undone:
                database.write(partial(_plant_and_undo, street, sql))
            assert any(words in sentence for sentence in undone.value.args[0]), (sql, undone.value.args[0])
        assert faults(database) == []


class _Undone(Exception):
    """Takes the planted fault out again, and carries what was found."""


def _plant_and_undo(street: Street, sql: str) -> None:
    street.house.parts.database.execute(sql)
    raise _Undone(faults(street.house.parts.database))


def test_check_says_what_to_do_about_a_fault(terminal: Terminal) -> None:
    assert terminal.does("check").line == "No fault found."
    house = terminal.house()
    database = house.parts.database
    database.write(lambda: database.execute("UPDATE account SET counter = -5"))
    state = "INSERT INTO object_state SELECT number, 'x', 'y', 1, 1, 1, FALSE, 1 FROM account"
    database.write(lambda: database.execute(state))
    house.close()

    said = terminal.said("check")

    assert said.code == 2
    assert "counts -5 changes" in said.err
    assert "restore the last backup" in said.err.splitlines()[-1]


def test_an_epoch_is_raised_where_the_database_went_back_by_itself(terminal: Terminal) -> None:
    before = terminal.house()
    old = before.parts.database.read(before.parts.accounts.team).id
    before.close()
    said = terminal.does("raise-epoch")
    after = terminal.house()
    epoch = after.parts.database.read(after.parts.identity.epoch)
    new = after.parts.database.read(after.parts.accounts.team).id
    after.close()
    assert said.line == f"Epoch {epoch}."
    assert (old.rpartition("-")[0], f"{epoch}") == tuple(new.rpartition("-")[::2])
    assert old != new
