"""A backup while the server serves, a restore into a new place, and a workstation that comes back: real processes."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sync.connectors.central import CentralSignIn
from sync.connectors.session import Session
from sync.domain.actions import PostMessage, SaveQuickNote
from sync.domain.choices import Choice
from sync.domain.clock import SystemClock
from sync.domain.ids import IdFactory
from sync.domain.records import MessageKind
from sync.engine.status import Condition
from sync.server.house import House
from sync.server.intake import Asker, Filing
from tests.rigs.fleet import free_port
from tests.rigs.office import PASSWORD, quick_hasher
from tests.rigs.terminal import process
from tests.rigs.workstation import Workstation, workstation


@contextmanager
def _served(database: str, port: int) -> Iterator[str]:
    """A server process at that port; its address."""
    served = subprocess.Popen(
        [sys.executable, "-m", "sync.server", "serve", "--port", str(port)],
        env={**os.environ, "DESKBELL_DATABASE": database},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert served.stdout is not None
        yield served.stdout.readline().split()[-1]
    finally:
        served.terminate()
        served.communicate(timeout=20)


@pytest.fixture(params=["sqlite", "postgres"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The database that is backed up, and the empty place of the same kind into which it is restored."""
    if request.param == "sqlite":
        yield str(tmp_path / "first" / "server.sqlite"), str(tmp_path / "second" / "server.sqlite")
        return
    server = request.getfixturevalue("postgres")
    with server.database() as first, server.database() as second:
        yield str(first), str(second)


def _signed_in(address: str) -> str:
    clock = SystemClock()
    return CentralSignIn(Session(address, None, clock, IdFactory(clock).client_key)).sign_in("Marta", PASSWORD, "test")


def _note(here: Workstation, ticket: str, text: str, kind: MessageKind = MessageKind.NOTE) -> None:
    here.put(PostMessage(here.ids.client_key(), ticket, kind, text, here.clock.now_ms()))


def _texts(database: str) -> list[str]:
    """The words of agents, as the server has them."""
    house = House.open(database)
    sql = "SELECT body_text FROM message WHERE kind IN ('note', 'reply') ORDER BY body_text"
    try:
        return [str(one[0]) for one in house.parts.database.read(lambda: house.parts.database.select(sql))]
    finally:
        house.close()


def _founded(database: str) -> str:
    """A house with Marta in it, who has a ticket; the ticket's id."""
    if "://" not in database:
        Path(database).parent.mkdir()
    house = House.open(database, hasher=quick_hasher())
    try:
        category = house.grants.add_category("Billing")
        house.grants.grant(house.people.add("Marta", PASSWORD), category)
        return _filed(house, category)
    finally:
        house.close()


def _filed(house: House, category: str) -> str:
    filing = Filing(category, Asker("Oskar N.", None), "Charged twice", "Please help.")
    return house.parts.journal.write(lambda: house.intake.file_ticket(filing)).ticket.id


@contextmanager
def _writing(here: Workstation, ticket: str) -> Iterator[None]:
    """Notes, one after the other, while the block runs."""
    ending = threading.Event()

    def write() -> None:
        number = 0
        while not ending.wait(0.02):
            _note(here, ticket, f"Beside the backup {number:04d}")
            number += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()


def _sent(here: Workstation) -> None:
    here.wait(lambda: here.reader.counts().outbox == 0)


def test_a_workstation_comes_back_to_a_restored_server(places: tuple[str, str], tmp_path: Path) -> None:
    first, second = places
    ticket, port, saved = _founded(first), free_port(), tmp_path / "saved.sqlite"
    with _served(first, port) as address:
        token = _signed_in(address)
        with workstation(tmp_path / "marta", address, token) as marta:
            _note(marta, ticket, "Before the backup")
            _sent(marta)
            with _writing(marta, ticket):
                backup = process("backup", str(saved), "--database", first)
            assert backup.code == 0, backup
            _note(marta, ticket, "After the backup", MessageKind.REPLY)
            marta.put(SaveQuickNote(marta.ids.client_key(), "Jotted after the backup", marta.clock.now_ms()))
            _sent(marta)
            marta.wait(lambda: all(row.client_key is None for row in marta.reader.thread(ticket)))
    written = _texts(first)
    restored = process("restore", str(saved), "--database", second)
    assert restored.code == 0, restored
    kept = _texts(second)
    assert "Before the backup" in kept
    assert set(kept) < set(written)
    with workstation(tmp_path / "marta", address, token, online=False) as marta:
        _note(marta, ticket, "While the server is away")
        with _served(second, port):
            marta.online()
            _sent(marta)
            marta.wait(lambda: marta.reader.quick_notes())
            lost = sorted(row.text for row in marta.reader.undelivered())
            assert lost == sorted(set(written) - set(kept))
            assert "After the backup" in lost
            assert {row.reason for row in marta.reader.undelivered()} == {"restored"}
            assert marta.set_back == len(lost)
            assert marta.undelivered == 0
            assert [one.text for one in marta.reader.quick_notes()] == ["Jotted after the backup"]
            assert not marta.rung
            reply = next(one for one in marta.reader.undelivered() if one.text == "After the backup")
            marta.resolve(reply.client_key, Choice.SEND_ANYWAY)
            _sent(marta)
    assert _texts(second) == sorted([*kept, "While the server is away", "After the backup"])
    assert Condition.SIGNED_OUT not in marta.conditions
