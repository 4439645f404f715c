"""What is kept of a requester: handed out whole, and erased so that no byte of it is found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sync.domain.errors import Rejected
from sync.server.audit import ADMINISTRATOR
from sync.server.check import faults
from sync.server.exporting.writing import export_to
from sync.server.house import House
from sync.server.importing.further import read_requesters
from sync.server.importing.further_importer import FurtherImporter
from sync.server.incidents.tables import FollowerRow
from sync.server.mail.incoming_tables import ParticipantRow
from sync.server.mail.outgoing_tables import LetterRow
from sync.server.personal.erasing import NAME, WORDS, Erased, Erasing
from sync.server.personal.handing_out import HandingOut
from sync.server.personal.scrubbing import scrub
from sync.server.tables import HeldMessageRow
from sync.server.webhooks.tables import HookEventRow
from tests.rigs.bureau import Bureau, bureau
from tests.rigs.faults import Faults
from tests.rigs.street import street_at

MARK = "Quetzalcoatl"
EMAIL = "quetzalcoatl@mail.example"
MAIL = (
    f"From: {MARK} <{EMAIL}>\r\nTo: support@desk.example\r\nMessage-ID: <{MARK}.1@mail.example>\r\n"
    f"Subject: {MARK} asks\r\nDate: Mon, 21 Sep 2026 10:00:00 +0000\r\n"
    'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n'
    f"I am {MARK}.\r\n--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; "
    f'filename="{MARK}.txt"\r\n\r\nfile of {MARK}\r\n--b--\r\n'
).encode()
_OCTETS = """
SELECT relname, pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class
WHERE relkind = ANY('{r,t,i}') AND relfilenode > 0
"""


def lived_in(desk: Bureau, billing: str) -> tuple[str, str]:
    """One who left traces nearly everywhere, and one who shall notice nothing; their tickets."""
    house = desk.house
    ann_id = desk.agent("Ann", billing)
    taken = house.mail_in.take_in(MAIL, billing)
    other = desk.file(billing, "Something else", "Words of another").ticket.id
    ticket_id = str(taken.ticket_id)
    ann = desk.caller("Ann")
    account = ann.account("Billing")
    for kind in ("reply", "note"):
        ann.create("Message", account, desk.words(ticket_id, kind, f"Dear {MARK}, about {MARK}"))
    ann.call(
        "Ticket/set",
        accountId=account,
        update={ticket_id: {"resolution": f"{MARK} helped", f"tags/{MARK.lower()}": True}},
    )
    note = {"clientKey": desk.key(), "text": f"Call {MARK}", "ticketId": ticket_id, "createdAt": "2026-09-21T10:00:00Z"}
    ann.create("QuickNote", ann.account("Personal"), note)
    further_traces(desk, ticket_id, other, ann_id)
    rows = read_requesters(["name,email\n", f"{MARK},{EMAIL}\n"], {"name": ("name",), "email": ("email",)})
    FurtherImporter(house.parts, house.intake, house.ticketing, lambda: None).run(rows, lambda _: None)
    while house.likeness.index.work():
        pass
    house.hints.learn()
    return ticket_id, other


def further_traces(desk: Bureau, ticket_id: str, other: str, ann_id: str) -> None:
    """What takes a mail server, a webhook or a quarrel to come about."""
    parts, write = desk.house.parts, desk.house.parts.database
    letter: dict[str, Any] = dict.fromkeys(("kind", "subject", "body_text", "to_name"), MARK) | {
        "id": parts.ids.new("l")
    }
    letter |= {"ticket_id": None, "message_id": None, "category_id": None, "to_address": EMAIL, "to_key": EMAIL}
    letter |= {"files": [], "refers": [], "automatic": False, "mail_id": f"<{MARK}>", "state": "done", "attempts": 1}
    letter |= {"next_at": 0, "created_at": 0, "settled_at": 1, "detail": MARK}
    event: dict[str, Any] = {
        "id": parts.ids.new("e"),
        "hook_id": "h",
        "event_key": "k",
        "type": "payment",
        "occurred_at": 1,
        "at": 1,
    }
    [(asker,)] = write.read(lambda: write.select("SELECT id FROM requester WHERE email_key = ?", (EMAIL,)))
    event |= {"requester_id": asker, "data": [["name", MARK]], "ticket_id": None}
    held: dict[str, Any] = {
        "id": parts.ids.new("h"),
        "agent_id": ann_id,
        "ticket_id": ticket_id,
        "kind": "reply",
        "composed_at": 1,
    }
    held |= {"body_text": f"Held for {MARK}", "reason": "closed", "client_key": None}
    facts = "UPDATE requester SET facts = ? WHERE id = ?"

    def more() -> None:
        write.insert(LetterRow, [letter])
        write.insert(HookEventRow, [event])
        write.insert(HeldMessageRow, [held])
        write.execute(facts, (json.dumps([{"text": MARK}]), asker))
        write.insert(ParticipantRow, [{"ticket_id": other, "email_key": EMAIL}])
        parts.journal.present(parts.accounts.of_agent(ann_id), "HeldMessage", str(held["id"]))

    parts.journal.write(more)


def dump(house: House) -> str:
    """Every value of every table, as text."""
    database = house.parts.database
    catalogue = (
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        if database.is_postgres
        else "SELECT name FROM sqlite_master WHERE type = 'table'"
    )

    def read() -> str:
        said = []
        for (table,) in database.select(catalogue):
            for row in database.select(f'SELECT * FROM "{table}"'):  # noqa: S608  # the database's own names
                said += [v.decode(errors="replace") if isinstance(v, bytes) else str(v) for v in row]
        return "\n".join(said).lower()

    return database.read(read)


def left_in(house: House, words: str) -> list[str]:
    """The tables and indexes of PostgreSQL, its own ones too, whose files hold these words."""
    database, found = house.parts.database, []
    with database.connection():
        database.execute("CHECKPOINT")
        for name, octets in database.select(_OCTETS):
            if words.lower().encode() in bytes(octets).lower():
                found.append(str(name))
    return sorted(found)


def erase(house: House, who: str = EMAIL) -> Erased:
    """As the command does it, but for the scrubbing."""
    parts = house.parts
    done = parts.journal.write(lambda: Erasing(parts, house.ticketing).erase(who, ADMINISTRATOR))
    house.hints.learn()
    return done


def test_nothing_of_the_requester_is_found_in_any_table(desk: Bureau, billing: str) -> None:
    ticket_id, other = lived_in(desk, billing)
    assert MARK.lower() in dump(desk.house)
    done = erase(desk.house)
    assert (done.tickets, done.files) == (1, 2)
    found = [line for line in dump(desk.house).splitlines() if MARK.lower() in line]
    assert found == []
    assert faults(desk.house.parts.database) == []
    scrub(desk.house.parts.database)

    ann = desk.caller("Ann")
    account = ann.account("Billing")
    [ticket] = [one for one in ann.get("Ticket", account) if one["id"] == ticket_id]
    assert (ticket["subject"], ticket["status"], ticket["tags"], ticket["resolution"]) == (WORDS, "closed", {}, None)
    thread = [one for one in ann.get("Message", account) if one["ticketId"] == ticket_id]
    said = [one["bodyText"] for one in thread if one["kind"] != "event"]
    assert said == [WORDS] * 3
    assert "erased" in [json.loads(one["bodyText"])["what"] for one in thread if one["kind"] == "event"]
    assert {one["name"] for one in ann.get("Requester", account)} == {NAME, "Bob"}
    assert [one["bodyText"] for one in ann.get("Message", account) if one["ticketId"] == other] == ["Words of another"]
    assert ann.get("QuickNote", ann.account("Personal")) == []


def test_the_numbers_and_times_stay(desk: Bureau, billing: str) -> None:
    ticket_id, _ = lived_in(desk, billing)
    database = desk.house.parts.database
    sql = "SELECT seq, kind, author_id, composed_at, posted_at FROM message WHERE ticket_id = ? ORDER BY seq"
    before = database.read(lambda: database.select(sql, (ticket_id,)))
    erase(desk.house)
    assert database.read(lambda: database.select(sql, (ticket_id,)))[: len(before)] == before


def test_what_they_wrote_in_the_ticket_of_another_goes_and_the_ticket_stays(desk: Bureau, billing: str) -> None:
    _, other = lived_in(desk, billing)
    database = desk.house.parts.database
    [(asker,)] = database.read(lambda: database.select("SELECT id FROM requester WHERE email_key = ?", (EMAIL,)))
    intake = desk.house.intake
    desk.house.parts.journal.write(lambda: intake.add_inbound(other, f"{MARK} too", author_id=str(asker)))
    assert erase(desk.house, str(asker)).tickets == 1
    assert MARK.lower() not in dump(desk.house)
    sql = "SELECT body_text FROM message WHERE ticket_id = ? AND kind = 'inbound' ORDER BY seq"
    assert database.read(lambda: database.select(sql, (other,))) == [("Words of another",), (WORDS,)]
    assert faults(database) == []


def test_a_file_that_another_message_has_too_stays(desk: Bureau, billing: str) -> None:
    lived_in(desk, billing)
    database = desk.house.parts.database
    [(blob_id,)] = database.read(lambda: database.select("SELECT id FROM blob WHERE type = 'text/plain'"))
    other = desk.file(billing, "Other", "Words").message_id
    use = "INSERT INTO blob_use (blob_id, message_id) VALUES (?, ?)"
    database.write(lambda: database.execute(use, (blob_id, other)))
    erase(desk.house)
    assert database.read(lambda: database.select("SELECT id FROM blob")) == [(blob_id,)]


def test_a_mail_that_is_still_in_the_mailbox_is_not_taken_in_again(desk: Bureau, billing: str) -> None:
    lived_in(desk, billing)
    erase(desk.house)
    assert desk.house.mail_in.take_in(MAIL, billing).kind == "known"
    assert MARK.lower() not in dump(desk.house)


def test_erasing_twice_does_nothing_more_and_a_stranger_is_not_found(desk: Bureau, billing: str) -> None:
    lived_in(desk, billing)
    requester_id = erase(desk.house).requester_id
    count = "SELECT COUNT(*) FROM message"
    database = desk.house.parts.database
    before = database.read(lambda: database.select(count))
    erase(desk.house, requester_id)
    assert database.read(lambda: database.select(count)) == before
    with pytest.raises(Rejected, match="no requester"):
        erase(desk.house)


def test_the_audit_log_knows_of_it_without_a_name(desk: Bureau, billing: str) -> None:
    lived_in(desk, billing)
    done = erase(desk.house)
    entries = [row for row in desk.house.parts.audit.entries() if row["what"] == "requesterErased"]
    assert [(one["subject"], one["detail"]) for one in entries] == [
        (done.requester_id, {"tickets": 1, "messages": done.messages, "files": 2})
    ]


@pytest.fixture
def on_disk(tmp_path: Path) -> Iterator[Bureau]:
    """A server on SQLite, whose file can be searched."""
    with bureau(str(tmp_path / "server.sqlite")) as opened:
        yield opened


def test_no_byte_is_left_in_the_files_of_the_database(on_disk: Bureau, tmp_path: Path) -> None:
    lived_in(on_disk, on_disk.house.grants.add_category("Billing"))

    def everything() -> bytes:
        return b"".join(one.read_bytes() for one in tmp_path.glob("server.sqlite*")).lower()

    assert MARK.lower().encode() in everything()
    erase(on_disk.house)
    scrub(on_disk.house.parts.database)
    assert MARK.lower().encode() not in everything()


def test_everything_of_theirs_is_handed_out(desk: Bureau, billing: str, tmp_path: Path) -> None:
    ticket_id, _ = lived_in(desk, billing)
    folder = tmp_path / "theirs"
    done = HandingOut(desk.house.parts.database, desk.house.blobs).write(EMAIL.upper(), folder)
    assert (done.tickets, done.files) == (1, 2)

    def lines(name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]

    assert json.loads((folder / "requester.json").read_text())["email"] == EMAIL
    assert [(one["id"], one["category"]) for one in lines("tickets")] == [(ticket_id, "Billing")]
    assert [one["kind"] for one in lines("messages")] == ["inbound", "reply"]
    assert "note" in [one["kind"] for one in lines("internal")]
    assert [one.read_bytes() for one in (folder / "mails").iterdir()] == [MAIL]
    [file] = (folder / "files").iterdir()
    assert file.read_text().strip() == f"file of {MARK}"
    written = b"".join(one.read_bytes() for one in folder.rglob("*") if one.is_file())
    assert b"Words of another" not in written
    with pytest.raises(Rejected, match="already"):
        HandingOut(desk.house.parts.database, desk.house.blobs).write(EMAIL, folder)


@pytest.mark.parametrize("server_database", ["postgres"], indirect=True)
def test_no_byte_is_left_in_the_tables_of_postgres_nor_in_what_it_knows_of_them(desk: Bureau, billing: str) -> None:
    lived_in(desk, billing)
    follower = {"id": "f1", "incident_id": "i1", "email": EMAIL, "email_key": EMAIL, "secret_hash": None}
    rows = [{**follower, "asked_at": 1, "confirmed_at": 1}]
    database = desk.house.parts.database
    database.write(lambda: database.insert(FollowerRow, rows))
    with database.connection():
        database.execute("ANALYZE")
    assert {"requester", "incident_follower", "pg_statistic"} <= set(left_in(desk.house, MARK))
    erase(desk.house)
    for _ in range(20):  # whoever reads at that very moment keeps old rows alive
        scrub(database)
        if not left_in(desk.house, MARK):
            break
    assert left_in(desk.house, MARK) == []


def test_nothing_is_left_of_whoever_followed_incidents_and_was_asked_whether_it_works(
    server_database: str, tmp_path: Path
) -> None:
    with street_at(server_database) as street:
        faults, house = Faults(street), street.house
        page = street.asked(name=MARK, email=EMAIL, subject=f"{MARK} asks", text=f"I am {MARK}")
        over, running, other = (faults.incident(title=one, isPublic=True) for one in ("Over", "Runs", "Else"))
        faults.gather(over, *faults.tickets())
        faults.change(over, eta=faults.at(1))
        faults.change(over, fixedAt=faults.at())
        street.post(f"{page}/broken", {"key": "k" * 32})
        street.post(f"{page}/follow", {"incident": running})
        assert house.faults.followers.ask(other, EMAIL.upper())
        assert (faults.one(over)["broken"], faults.one(running)["followers"]) == (1, 1)
        assert len(faults.letters()) == 2
        folder = tmp_path / "theirs"
        HandingOut(house.parts.database, house.blobs).write(EMAIL, folder)
        assert json.loads((folder / "repairs.jsonl").read_text())["what"] == "broken"
        kept = [json.loads(line) for line in (folder / "by-address.jsonl").read_text().splitlines()]
        assert sorted((one["incident_id"], "secret_hash" in one) for one in kept) == sorted(
            [(running, False), (other, False)]
        )

        erase(house)
        assert [line for line in dump(house).splitlines() if MARK.lower() in line] == []
        export_to(house.parts.database, tmp_path / "out", house.parts.clock.now_ms(), lambda *_: None)
        out = b"".join(one.read_bytes() for one in (tmp_path / "out").rglob("*") if one.is_file())
        assert MARK.lower().encode() not in out.lower()
        assert street.get(page).status_code == 404
        assert (faults.one(over)["broken"], faults.one(running)["followers"]) == (1, 0)
        for one in (over, running, other):
            faults.change(one, fixedAt=None)
            faults.change(one, eta=faults.at(2))
            faults.change(one, fixedAt=faults.at())
        assert street.count("letter") == 0


def test_an_address_that_asked_nothing_is_forgotten_too(server_database: str) -> None:
    with street_at(server_database) as street:
        faults, parts = Faults(street), street.house.parts
        incident_id = faults.incident(isPublic=True)
        assert street.house.faults.followers.ask(incident_id, EMAIL)
        erasing = Erasing(parts, street.house.ticketing)
        done = [parts.journal.write(lambda: erasing.forget_address(EMAIL.upper(), ADMINISTRATOR)) for _ in range(2)]
        assert done == [True, False]
        assert MARK.lower() not in dump(street.house)
        assert street.count("incident_follower") == street.count("letter") == 0
