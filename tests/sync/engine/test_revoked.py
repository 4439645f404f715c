"""Taken away while the workstation was offline: at the next contact no byte of it is left, and own words are (B2)."""

import io
import logging
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter

from sync.cache.cache import Cache
from sync.cache.reader import Reader
from sync.cache.rows import Sort, View
from sync.connectors.central import CentralConnector
from sync.domain.actions import PostMessage
from sync.domain.ids import IdFactory
from sync.domain.records import Attachment, MessageKind
from sync.engine.engine import Engine, Nudge
from sync.engine.reports import Changed, NotDelivered, Report
from sync.server.intake import Asker, Filing
from tests.rigs.office import Office, office_in_process

MARK = "Zanzibar"
OWN = "Own words"


class Cut(BaseAdapter):
    """A network that can be cut."""

    def __init__(self, inner: BaseAdapter) -> None:
        super().__init__()
        self._inner = inner
        self.there = True

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        if not self.there:
            raise requests.ConnectionError("gone")
        return self._inner.send(request, *args, **kwargs)

    def close(self) -> None:
        """Nothing of its own."""


@dataclass
class Station:
    """Ann's workstation, its cache without a key so that bytes can be looked for."""

    office: Office
    folder: Path
    clock: Any
    network: Cut
    cache: Cache
    connector: CentralConnector
    engine: Engine
    agent_id: str
    secret: str
    other: str
    reports: list[Report] = field(default_factory=list)

    def run(self) -> None:
        for _ in range(300):
            wait = self.engine.step(Nudge.CLICK if _ == 0 else Nudge.TIMER).wait_seconds
            if wait > 0:
                return
        raise AssertionError("the engine does not come to rest")

    def offline(self) -> None:
        self.network.there = False
        self.run()

    def online(self) -> None:
        self.network.there = True
        self.clock.pass_(1)
        self.run()

    def bytes(self) -> bytes:
        return b"".join(one.read_bytes() for one in sorted(self.folder.rglob("*")) if one.is_file())

    def leaks(self) -> int:
        return self.bytes().lower().count(MARK.lower().encode())

    def ticket_of_secret(self) -> str:
        database = self.office.house.parts.database
        return str(
            database.read(lambda: database.select("SELECT id FROM ticket WHERE category_id = ?", (self.secret,)))[0][0]
        )


def fill(office: Office, category: str, mark: str) -> None:
    """Twelve tickets full of the mark, each with a file."""
    house = office.house
    for number in range(12):
        writer = house.blobs.writer()
        writer.add(f"{mark} bytes {number} ".encode() * 2000)
        blob = writer.finish("text/plain")
        file = Attachment(blob.id, f"{mark}-{number}.txt", "text/plain", blob.size)
        asker = Asker(f"Eve {mark}", f"eve{number}@{mark}.example", f"+44 {mark}")
        filing = Filing(
            category, asker, f"{mark} {number}", f"About {mark}", tags=frozenset({mark}), attachments=(file,)
        )
        house.parts.journal.write(lambda filing=filing: house.intake.file_ticket(filing))  # type: ignore[misc]  # mypy cannot infer defaults of a lambda


@pytest.fixture
def station(tmp_path: Path, clock: Any) -> Iterator[Station]:
    """Everything is here, files too; one category will be taken away."""
    (tmp_path / "server").mkdir()
    with office_in_process(tmp_path / "server", clock, random.Random(5)) as office:
        secret, other = office.category("Secret things"), office.category("Others")
        agent_id = office.agent("Ann", secret, other)
        fill(office, secret, MARK)
        fill(office, other, "Timbuktu")
        assert office.transport is not None
        network = Cut(office.transport)
        folder = tmp_path / "Ann"
        cache = Cache.open(folder, None, clock, IdFactory(clock))
        connector = CentralConnector(office.session(office.token("Ann"), network))
        made: list[Report] = []
        engine = Engine(cache, connector, clock, random.Random(1), made.append)
        found = Station(office, folder, clock, network, cache, connector, engine, agent_id, secret, other, made)
        found.run()
        reader = cache.reader()
        for detail in reader.ticket_rows(list(reader.ticket_ids(View("all"), Sort()))):
            for message in reader.thread(detail.id):
                for file in message.attachments:
                    account = next(one.account_id for one in reader.categories() if one.id == detail.category_id)
                    assert account is not None
                    cache.keep_blob(account, file.blob_id, connector.fetch_blob(account, file.blob_id, file.name))
        reader.close()
        assert found.leaks() > 100
        yield found
        cache.close()


def write_own_words(station: Station) -> None:
    ids = IdFactory(station.clock, random.Random(8))
    ticket_id = station.ticket_of_secret()
    station.cache.save_draft(ticket_id, "note", f"{OWN} as a draft")
    reply = PostMessage(ids.client_key(), ticket_id, MessageKind.REPLY, f"{OWN} unsent", station.clock.now_ms())
    station.cache.put(reply)


def own_words(station: Station) -> list[str]:
    reader = station.cache.reader()
    try:
        return sorted({*(one.text for one in reader.undelivered()), *(one.text for one in reader.drafts())})
    finally:
        reader.close()


def test_revoked_while_offline_leaves_no_byte_and_keeps_own_words(station: Station) -> None:
    station.offline()
    write_own_words(station)
    station.office.house.grants.revoke(station.agent_id, station.secret)
    station.reports.clear()
    station.online()
    assert station.leaks() == 0
    assert station.bytes().count(b"Timbuktu") > 100
    assert own_words(station) == [f"{OWN} as a draft", f"{OWN} unsent"]
    assert any(isinstance(one, NotDelivered) for one in station.reports)
    assert any(isinstance(one, Changed) and one.changes.everything for one in station.reports)


def test_nothing_left_while_offline(station: Station) -> None:
    """An answer that is not the server's word takes nothing away."""
    station.offline()
    station.office.house.grants.revoke(station.agent_id, station.secret)
    station.clock.pass_(3600)
    station.run()
    assert station.leaks() > 100


def test_moved_away_while_offline_leaves_no_byte(station: Station) -> None:
    elsewhere = station.office.category("Elsewhere")
    station.offline()
    house = station.office.house
    for (ticket_id,) in house.parts.database.read(
        lambda: house.parts.database.select("SELECT id FROM ticket WHERE category_id = ?", (station.secret,))
    ):

        def move(ticket_id: str = ticket_id) -> None:
            ticket = house.ticketing.held(ticket_id)
            assert ticket is not None
            after = house.ticketing.edit(ticket, "categoryId", elsewhere, None, station.clock.now_ms())
            house.ticketing.save(ticket, after)

        house.parts.journal.write(move)
    station.online()
    assert station.leaks() == 0


def test_bytes_that_a_reader_holds_leave_as_soon_as_it_lets_go(station: Station) -> None:
    reader: Reader = station.cache.reader()
    reader._store.execute("BEGIN")
    assert reader._store.rows("SELECT count(*) FROM message")
    station.cache._store.execute("PRAGMA busy_timeout = 50")
    station.office.house.grants.revoke(station.agent_id, station.secret)
    station.run()
    held = station.leaks()
    reader._store.execute("COMMIT")
    reader.close()
    station.clock.pass_(1)
    station.run()
    assert held > 0
    assert station.leaks() == 0


def test_what_left_just_before_a_crash_is_wiped_at_the_next_start(station: Station, tmp_path: Path) -> None:
    reader = station.cache.reader()
    reader._store.execute("BEGIN")
    assert reader._store.rows("SELECT count(*) FROM message")
    station.cache._store.execute("PRAGMA busy_timeout = 50")
    station.office.house.grants.revoke(station.agent_id, station.secret)
    station.run()
    copy = tmp_path / "after the crash"
    copy.mkdir()
    for one in station.folder.iterdir():
        (copy / one.name).write_bytes(one.read_bytes())
    reader.close()
    assert MARK.encode() in b"".join(one.read_bytes() for one in copy.iterdir())
    again = Cache.open(copy, None, station.clock, IdFactory(station.clock))
    assert MARK.lower().encode() not in b"".join(one.read_bytes() for one in copy.iterdir()).lower()
    again.close()


def test_no_log_at_any_level_holds_what_people_wrote(station: Station, every_record: Callable[[], str]) -> None:
    station.offline()
    write_own_words(station)
    station.office.house.grants.revoke(station.agent_id, station.secret)
    station.online()
    said = every_record().lower()
    for words in (MARK, OWN, "timbuktu", "eve@"):
        assert words.lower() not in said


@pytest.fixture
def every_record() -> Iterator[Callable[[], str]]:
    """Everything that our own loggers say at whatever level, as a handler would write it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    ours = [logging.getLogger(name) for name in ("deskbell", "sync", "urllib3", "requests", "hypothesis", "asyncio")]
    before = [one.level for one in ours]
    for one in ours:
        one.setLevel(logging.DEBUG)
        one.addHandler(handler)
    yield written.getvalue
    for one, level in zip(ours, before, strict=True):
        one.removeHandler(handler)
        one.setLevel(level)
