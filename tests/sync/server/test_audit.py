"""The audit log: what is in it, that nothing of it can be changed, and that a change shows."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import peewee
import pytest

from sync.domain.times import DAY_MS
from sync.server.audit import ADMINISTRATOR, Actor, Deed
from sync.server.backup import back_up, restore_into
from sync.server.check import faults
from sync.server.house import House
from tests.rigs.bureau import BASE, PASSWORD, QUICK_HASHER, Bureau

SPOILING = {
    "changed": "UPDATE audit_entry SET actor_name = 'nobody' WHERE id = 2",
    "taken out": "DELETE FROM audit_entry WHERE id = 2",
}


def _deeds(desk: Bureau) -> list[tuple[str, str | None, str]]:
    return [(row["what"], row["actor_id"], row["subject"]) for row in desk.house.parts.audit.entries()]


def _without_triggers(desk: Bureau, statement: str) -> None:
    """As somebody does it who owns the database and means to deceive."""
    database = desk.house.parts.database

    def work() -> None:
        if database.is_postgres:
            database.execute("ALTER TABLE audit_entry DISABLE TRIGGER ALL")
        else:
            for (name,) in database.select("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
                database.execute(f"DROP TRIGGER {name}")
        database.execute(statement)

    database.write(work)


def test_what_matters_for_access_is_written_down_with_who_did_it(desk: Bureau, billing: str) -> None:
    agent_id = desk.agent("Ann")
    desk.house.grants.grant(agent_id, billing, Actor("g1", "Olga"))
    ann = desk.caller("Ann")
    ann.session.delete(f"{BASE}/auth/token")
    desk.house.grants.revoke(agent_id, billing)
    desk.house.people.set_password(agent_id, PASSWORD)
    desk.house.people.deactivate(agent_id)

    assert _deeds(desk) == [
        ("categoryAdded", None, billing),
        ("agentAdded", None, agent_id),
        ("grant", "g1", agent_id),
        ("signInSucceeded", agent_id, agent_id),
        ("signOut", agent_id, agent_id),
        ("revoke", None, agent_id),
        ("passwordChanged", None, agent_id),
        ("agentDeactivated", None, agent_id),
    ]


def test_merges_deletions_and_what_is_handed_out_are_written_down_with_who_did_it(desk: Bureau, billing: str) -> None:
    ann_id, olga_id = desk.agent("Ann", billing), desk.agent("Olga", owner=True)
    ann, olga = desk.caller("Ann"), desk.caller("Olga")
    one, other, third = (desk.file(billing, f"Help {number}").ticket for number in range(3))
    before = len(_deeds(desk))

    ann.call("Ticket/set", accountId=ann.account("Billing"), update={one.id: {"mergedIntoId": other.id}})
    olga.call("Ticket/set", accountId=olga.account("Billing"), destroy=[third.id])
    for name in ("Requester/export", "Requester/erase"):
        olga.call(name, accountId=olga.account("Oversight"), requesterId=one.requester_id)

    assert _deeds(desk)[before:] == [
        ("ticketMerged", ann_id, one.id),
        ("ticketDeleted", olga_id, third.id),
        ("requesterExported", olga_id, one.requester_id),
        ("requesterErased", olga_id, one.requester_id),
    ]
    assert faults(desk.house.parts.database) == []


def test_a_failed_sign_in_is_written_down_without_what_was_typed(desk: Bureau) -> None:
    agent_id = desk.agent("Ann")
    for name in ("Ann", "my password by mistake"):
        answer = desk.adapter.session(BASE).post(
            f"{BASE}/auth/token", json={"name": name, "password": "guessed words", "device": "d"}
        )
        assert answer.status_code == 401

    entries = list(desk.house.parts.audit.entries())

    assert [(one["what"], one["subject"]) for one in entries[1:]] == [
        ("signInFailed", agent_id),
        ("signInFailed", ""),
    ]
    assert "mistake" not in str(entries)
    assert "guessed" not in str(entries)


def test_no_statement_changes_or_deletes_an_entry(desk: Bureau) -> None:
    desk.agent("Ann")
    database, audit = desk.house.parts.database, desk.house.parts.audit
    own = (
        "TRUNCATE audit_entry"
        if database.is_postgres
        else "INSERT OR REPLACE INTO audit_entry VALUES (1, 0, NULL, '', '', '', '{}', x'00')"
    )
    before = list(audit.entries())

    for sql in ("UPDATE audit_entry SET actor_name = 'nobody'", "DELETE FROM audit_entry", own):
        with pytest.raises(peewee.DatabaseError, match="append-only"):
            database.write(partial(database.execute, sql))

    assert list(audit.entries()) == before


@pytest.mark.parametrize("how", SPOILING)
def test_the_check_finds_an_entry_that_was_tampered_with(desk: Bureau, how: str) -> None:
    for name in ("Ann", "Ben", "Cid"):
        desk.agent(name)
    assert faults(desk.house.parts.database) == []

    _without_triggers(desk, SPOILING[how])

    assert any("audit log" in fault for fault in faults(desk.house.parts.database))


def test_a_deed_that_is_undone_leaves_no_entry(desk: Bureau) -> None:
    journal, audit = desk.house.parts.journal, desk.house.parts.audit

    def work() -> None:
        audit.record(Deed.EXPORT, ADMINISTRATOR, "x")
        raise LookupError

    with pytest.raises(LookupError):
        journal.write(work)

    assert _deeds(desk) == []


def test_pruning_is_written_down_and_the_chain_goes_on(desk: Bureau) -> None:
    audit = desk.house.parts.audit
    for name in ("Ann", "Ben"):
        desk.agent(name)
        desk.clock.advance(DAY_MS)

    assert audit.prune(desk.clock.now_ms() - DAY_MS) == 1
    assert audit.prune(desk.clock.now_ms() - DAY_MS) == 0

    kept = list(audit.entries())
    assert [(one["id"], one["what"], one["detail"]) for one in kept][1:] == [(3, "auditPruned", {"entries": 1})]
    desk.agent("Cid")
    assert faults(desk.house.parts.database) == []
    database = desk.house.parts.database
    with pytest.raises(peewee.DatabaseError, match="append-only"):
        database.write(lambda: database.execute("DELETE FROM audit_entry"))


def test_the_log_is_kept_for_ever_or_for_the_years_that_are_set(desk: Bureau) -> None:
    desk.agent("Ann")
    desk.clock.advance(3 * 365 * DAY_MS)

    desk.house.upkeep.run()
    assert [what for what, _, _ in _deeds(desk)] == ["agentAdded"]
    desk.house.parts.settings.put("audit.years", "2")
    desk.house.upkeep.run()

    assert [what for what, _, _ in _deeds(desk)] == ["auditPruned"]
    assert faults(desk.house.parts.database) == []


def test_a_backup_carries_the_log_and_its_chain(desk: Bureau, tmp_path: Path) -> None:
    desk.agent("Ann")
    desk.clock.advance(DAY_MS)
    desk.agent("Ben")
    desk.house.parts.audit.prune(desk.clock.now_ms())
    back_up(desk.house.parts.database, tmp_path / "backup")
    restore_into(str(tmp_path / "again.sqlite"), tmp_path / "backup", desk.clock)

    house = House.open(str(tmp_path / "again.sqlite"), desk.clock, hasher=QUICK_HASHER)
    try:
        assert list(house.parts.audit.entries()) == list(desk.house.parts.audit.entries())
        house.people.add("Cid", PASSWORD)
        assert faults(house.parts.database) == []
    finally:
        house.close()


def test_entries_written_at_once_make_one_chain(desk: Bureau) -> None:
    audit = desk.house.parts.audit

    with ThreadPoolExecutor(12) as pool:
        for done in [pool.submit(audit.record, Deed.EXPORT, ADMINISTRATOR, str(n)) for n in range(12)]:
            done.result()

    entries = list(audit.entries())
    assert [one["id"] for one in entries] == list(range(1, 13))
    assert {one["subject"] for one in entries} == {str(n) for n in range(12)}
    assert faults(desk.house.parts.database) == []
