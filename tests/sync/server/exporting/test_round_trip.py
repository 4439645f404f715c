"""Everything goes out and comes back the same, on either kind of database and across them."""

from __future__ import annotations

import json
import mailbox
import re
import tracemalloc
from contextlib import closing
from email.header import decode_header, make_header
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from peewee import BlobField, BooleanField, FloatField, IntegerField, Model

from sync.domain.errors import Incompatible, Rejected
from sync.domain.records import MessageKind
from sync.domain.times import HOUR_MS
from sync.server.check import faults
from sync.server.exporting.reading import prove, read_into
from sync.server.exporting.shape import DERIVED, EXPORTED, SIGN_INS
from sync.server.exporting.writing import export_to
from sync.server.house import House
from sync.server.incidents.tables import SurgeRow
from sync.server.ledger import BlobChunk, BlobRow, JsonField, Setting
from sync.server.tables import MODELS, MessageRow, TicketRow
from tests.rigs.bureau import BASE, NOON, PASSWORD, QUICK_HASHER, HandClock
from tests.rigs.faults import CONFIRM, Faults
from tests.rigs.street import Street, street_at

PDF = ("files", ("statement.pdf", b"%PDF-1.7 " + bytes(range(256)) * 2_400, "application/pdf"))
MAIL = b"From: Ann <ann@mail.example>\r\nMessage-ID: <1@x.example>\r\nSubject: Mailed\r\n\r\nHello\r\n"
SIGNED = {"webhook-id": "1", "webhook-timestamp": str(NOON // 1000), "webhook-signature": "v1,AAAA"}
OF_TROUBLE = ("incident", "incident_note", "incident_follower", "incident_repair", "surge")
Contents = dict[str, list[dict[str, Any]]]


def quiet(name: str, count: int) -> None:
    """Nobody looks at the progress."""


def contents(house: House) -> Contents:
    """Every row of every table that goes along, but what is secret and what a new epoch changes; files whole."""
    database = house.parts.database
    found: Contents = {}
    for model in EXPORTED:
        rows = database.read(partial(database.rows, model.select()))
        for row in rows:
            if model._meta.table_name == "account":
                row["id"] = str(row["id"]).rpartition("-")[0]
            for secret in ("password_hash", "secret", "enabled"):
                row.pop(secret, None)
        own = ("server.epoch", "server.mail_token_key", "server.page_key", "server.link_key", "server.mail_password",
               "mail.smtp")  # fmt: skip
        rows = [row for row in rows if row.get("name") not in own]
        found[str(model._meta.table_name)] = sorted(rows, key=lambda row: str(sorted(row.items(), key=lambda i: i[0])))
    octets: dict[str, bytes] = {}
    for row in database.read(partial(database.rows, BlobChunk.select().order_by(BlobChunk.position))):
        octets[row["blob_id"]] = octets.get(row["blob_id"], b"") + bytes(row["data"])
    found["octets"] = [dict(sorted(octets.items()))]
    return found


def troubled(street: Street, page: str) -> str:
    """An incident that is over, and one that runs, with all that belongs to them; the link of who wants to be told."""
    faults, house = Faults(street), street.house
    first, second, _ = faults.tickets()
    over, running = (faults.incident(title=one, isPublic=True, eta=faults.at(HOUR_MS)) for one in ("Over", "Runs"))
    faults.gather(over, first)
    faults.gather(running, second)
    faults.change(over, fixedAt=faults.at(), cause="Disk full")
    assert street.post(f"{page}/works", {"key": "k" * 32}).status_code == 303
    faults.change(running, categoryIds={street.category: True}, notice="Small files work.")
    note = {"clientKey": house.parts.ids.client_key(), "incidentId": running, "text": "Mirror 2 cuts."}
    faults.ann.create("IncidentNote", faults.team, note)
    house.faults.followers.follow(running, "yan@mail.example")
    assert house.faults.followers.ask(running, "zoe@mail.example")
    surge = {"id": house.parts.ids.new("u"), "category_id": street.category, "since": NOON, "ended_at": None}
    house.parts.database.write(
        lambda: house.parts.database.insert(SurgeRow, [{**surge, "count": 31, "minutes": 20, "usual": 1.25}])
    )
    [link] = [found[1] for _, _, text in faults.letters() if (found := CONFIRM.search(text))]
    return link


def lived_in(street: Street) -> str:
    """A house with something in nearly every table; the link of somebody who wants to be told of an incident."""
    house, parts = street.house, street.house.parts
    page = street.asked([PDF])
    street.asked(text="From me\n>From you\n🙂 \u202e", key="again", email="other@mail.example", name="Än Other")
    ticket_id = str(street.rows("SELECT id FROM ticket ORDER BY number")[0][0])
    street.write(ticket_id, MessageKind.REPLY, "Paid back.")
    street.write(ticket_id, MessageKind.NOTE, "Between us.")
    street.edit(ticket_id, "priority", "high")
    house.grants.grant(street.agent, street.category)
    house.mail_in.own.add("support@desk.example", street.category)
    house.mail_in.take_in(MAIL, street.category)
    house.hooks.add("shop", None, ())
    parts.settings.put("site_name", "The Desk")
    signed_in = street.session.post(f"{BASE}/auth/token", json={"name": "Ann", "password": PASSWORD, "device": "test"})
    assert signed_in.status_code == 201
    while house.likeness.index.work():
        pass
    house.hints.learn()
    return troubled(street, page)


def test_everything_comes_back_the_same_in_either_kind(first: str, second: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    with street_at(first) as street:
        link = lived_in(street)
        before = contents(street.house)
        assert all(before[one] for one in OF_TROUBLE)
        done = export_to(street.house.parts.database, folder, NOON, quiet)
        assert (done.rows["ticket"], done.files) == (3, 2)

    clock = HandClock(NOON + 1)
    house = House.open(second, clock, hasher=QUICK_HASHER)
    try:
        read_into(house.parts.database, prove(folder), clock, quiet)
    finally:
        house.close()

    with street_at(second, furnish=False) as again:
        assert contents(again.house) == before
        assert faults(again.house.parts.database) == []
        assert again.rows("SELECT COUNT(*) FROM token") == [(0,)]
        assert again.rows("SELECT password_hash FROM agent") == [(None,)]
        asked = {"name": "Ann", "password": PASSWORD, "device": "test"}
        assert again.session.post(f"{BASE}/auth/token", json=asked).status_code == 401
        assert again.session.post(f"{BASE}/hooks/shop", data=b"{}", headers=SIGNED).status_code == 503
        while again.house.likeness.index.work():
            pass
        assert again.rows("SELECT COUNT(*) FROM likeness_ticket") == [(3,)]
        assert (again.post(link, {}).status_code, again.count("incident_follower")) == (200, 2)
        assert "Small files work." in again.get("/").text
        again.asked()
        assert again.rows("SELECT COUNT(*), COUNT(DISTINCT number) FROM ticket") == [(4, 4)]


def made_up(model: type[Model], number: int) -> dict[str, Any]:
    """A row with something in every column."""
    row: dict[str, Any] = {}
    for name, field in model._meta.fields.items():
        if isinstance(field, BooleanField):
            row[name] = True
        elif isinstance(field, FloatField):
            row[name] = 0.1 + number
        elif isinstance(field, IntegerField):
            row[name] = 2**40 + number
        elif isinstance(field, BlobField):
            row[name] = bytes(range(256)) + bytes([number % 256])
        else:
            row[name] = [{"x": [number, None, "é"]}] if isinstance(field, JsonField) else f"{name} {number}\n\u2028🙂"
    return row


def test_every_column_of_every_table_comes_back(first: str, second: str, tmp_path: Path) -> None:
    clock = HandClock(NOON)
    with closing(House.open(first, clock, hasher=QUICK_HASHER)) as house:
        database = house.parts.database
        for number, model in enumerate(EXPORTED):
            if model not in (Setting, BlobRow):
                database.write(partial(database.insert, model, [made_up(model, number)]))
        before = contents(house)
        export_to(database, tmp_path / "out", NOON, quiet)
    with closing(House.open(second, clock, hasher=QUICK_HASHER)) as house:
        read_into(house.parts.database, prove(tmp_path / "out"), clock, quiet)
        assert contents(house) == before


def test_every_table_either_goes_along_or_is_said_not_to() -> None:
    assert set(MODELS) == set(EXPORTED) | SIGN_INS | DERIVED | {BlobChunk}


def test_no_password_and_no_key_is_in_any_file(tmp_path: Path) -> None:
    with street_at(str(tmp_path / "server.sqlite")) as street:
        lived_in(street)
        secrets = [row[0] for row in street.rows("SELECT password_hash FROM agent")]
        secrets += [row[0] for row in street.rows("SELECT secret FROM hook")]
        keys = street.rows("SELECT value FROM setting WHERE name LIKE 'server.%key'")
        secrets += [json.loads(row[0]) for row in keys]
        export_to(street.house.parts.database, tmp_path / "out", NOON, quiet)
    written = b"".join(one.read_bytes() for one in (tmp_path / "out").rglob("*") if one.is_file())
    assert len(secrets) >= 3
    assert [one for one in secrets if one.encode() in written] == []
    assert b"Paid back." in written


def test_the_mbox_holds_a_thread_for_each_ticket(tmp_path: Path) -> None:
    with street_at(str(tmp_path / "server.sqlite")) as street:
        lived_in(street)
        export_to(street.house.parts.database, tmp_path / "out", NOON, quiet)
        count = street.count("message")
    box = mailbox.mbox(tmp_path / "out" / "tickets.mbox", create=False)
    try:
        mails = list(box)
    finally:
        box.close()
    assert len(mails) == count
    heads = {mail["Message-ID"] for mail in mails if mail["In-Reply-To"] is None}
    assert len(heads) == 3
    assert {mail["References"] for mail in mails if mail["In-Reply-To"] is not None} <= heads
    assert {mail["X-Deskbell-Kind"] for mail in mails} == {"inbound", "reply", "note", "event"}
    [pdf] = [part for mail in mails for part in mail.walk() if part.get_filename() == "statement.pdf"]
    assert pdf.get_payload(decode=True) == PDF[1][1]
    froms = {str(make_header(decode_header(str(mail["From"])))) for mail in mails}
    assert {
        '"Oskar N." <oskar.n@mail.example>',
        "Än Other <other@mail.example>",
        "Ann <nobody@deskbell.invalid>",
    } <= froms
    texts = [bytes(mail.get_payload(decode=True)).decode() for mail in mails if not mail.is_multipart()]
    assert "From me\n>From you\n🙂 \u202e\n" in [re.sub("^>(>*From )", r"\1", one, flags=re.MULTILINE) for one in texts]


def test_an_export_while_others_write_is_one_moment(first: str, tmp_path: Path) -> None:
    with street_at(first) as street, street.asked_all_the_while(1, 10):
        done = export_to(street.house.parts.database, tmp_path / "out", NOON, quiet)

    clock = HandClock(NOON)
    house = House.open(str(tmp_path / "r.sqlite"), clock, hasher=QUICK_HASHER)
    try:
        read_into(house.parts.database, prove(tmp_path / "out"), clock, quiet)
        assert faults(house.parts.database) == []
        assert done.rows["ticket"] == done.rows["message"] >= 10
    finally:
        house.close()


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """A good export."""
    with street_at(str(tmp_path / "server.sqlite")) as street:
        street.asked([PDF])
        export_to(street.house.parts.database, tmp_path / "out", NOON, quiet)
    return tmp_path / "out"


def refusal(folder: Path, into: Path) -> str:
    """What is said of it; the database stays as it was."""
    house = House.open(str(into), HandClock(NOON), hasher=QUICK_HASHER)
    try:
        with pytest.raises((Rejected, Incompatible)) as said:
            read_into(house.parts.database, prove(folder), HandClock(NOON), quiet)
        assert house.parts.database.read(lambda: house.parts.database.select("SELECT COUNT(*) FROM ticket")) == [(0,)]
        return str(said.value)
    finally:
        house.close()


def test_a_damaged_export_is_not_read(exported: Path, tmp_path: Path) -> None:
    [blob] = [one for one in (exported / "files").rglob("b*") if one.is_file()]
    whole, tickets = blob.read_bytes(), exported / "tables" / "ticket.jsonl"
    blob.write_bytes(whole[:-1])
    assert "not as it was written" in refusal(exported, tmp_path / "a.sqlite")
    blob.unlink()
    assert "not whole" in refusal(exported, tmp_path / "b.sqlite")
    blob.write_bytes(whole)
    tickets.write_bytes(tickets.read_bytes().replace(b"Charged", b"charged"))
    assert "not as it was written" in refusal(exported, tmp_path / "c.sqlite")
    (exported / "export.json").write_text("{}")
    assert "cannot be read" in refusal(exported, tmp_path / "d.sqlite")
    (exported / "export.json").unlink()
    assert "no export" in refusal(exported, tmp_path / "e.sqlite")


def test_an_export_of_a_newer_server_is_not_read(exported: Path, tmp_path: Path) -> None:
    manifest = json.loads((exported / "export.json").read_text())
    manifest["schema"] += 1
    (exported / "export.json").write_text(json.dumps(manifest))
    assert "newer" in refusal(exported, tmp_path / "a.sqlite")


def test_a_house_that_is_lived_in_is_not_read_into(exported: Path, tmp_path: Path) -> None:
    house = House.open(str(tmp_path / "a.sqlite"), HandClock(NOON), hasher=QUICK_HASHER)
    house.grants.add_category("Mine")
    house.close()
    assert "in use" in refusal(exported, tmp_path / "a.sqlite")


def test_what_is_held_in_memory_does_not_grow_with_the_house(tmp_path: Path) -> None:
    peaks = []
    for count in (1_100, 4_400):
        with street_at(str(tmp_path / f"{count}.sqlite")) as street:
            street.asked()
            grow(street.house, count)
            folder = tmp_path / f"out-{count}"
            tracemalloc.start()
            export_to(street.house.parts.database, folder, NOON, quiet)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0], peaks


def grow(house: House, count: int) -> None:
    """So many tickets with a message each, as an import would bring them."""
    database, ids = house.parts.database, house.parts.ids
    [ticket] = database.read(lambda: database.rows(TicketRow.select()))
    [message] = database.read(lambda: database.rows(MessageRow.select()))
    pairs = [(ids.new("t"), ids.new("m")) for _ in range(count)]
    tickets = [{**ticket, "id": one, "number": 2 + n, "first_message_id": m} for n, (one, m) in enumerate(pairs)]
    messages = [{**message, "id": m, "ticket_id": one} for one, m in pairs]
    database.write(lambda: database.insert(TicketRow, tickets))
    database.write(lambda: database.insert(MessageRow, messages))


def test_nothing_is_written_over(exported: Path, tmp_path: Path) -> None:
    with street_at(str(tmp_path / "other.sqlite")) as street:
        with pytest.raises(Rejected, match="already"):
            export_to(street.house.parts.database, exported, NOON, quiet)
        with pytest.raises(Rejected, match="no folder"):
            export_to(street.house.parts.database, tmp_path / "none" / "x", NOON, quiet)
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []
