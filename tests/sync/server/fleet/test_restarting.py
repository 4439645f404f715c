"""Processes are restarted one by one, or killed, under people's hands: nobody sees an error, nobody misses an alert."""

import itertools
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import requests

from sync.domain.actions import PostMessage
from sync.domain.records import MessageKind
from sync.engine.status import Condition
from sync.server.house import House
from tests.sync.server.fleet.conftest import Hall, Opened


@contextmanager
def _busy(hall: Hall, ticket: str) -> Iterator[list[str]]:
    """Marta writes note after note while the block runs; the value is what she wrote."""
    written: list[str] = []
    ending = threading.Event()

    def write() -> None:
        while not ending.wait(0.02):
            text = f"Note {len(written)}"
            key, now = hall.marta.ids.client_key(), hall.marta.clock.now_ms()
            hall.marta.put(PostMessage(key, ticket, MessageKind.NOTE, text, now))
            written.append(text)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield written
    finally:
        ending.set()
        thread.join()


@contextmanager
def _knocking(hall: Hall) -> Iterator[list[int]]:
    """Somebody asks for the public form again and again, on new connections; the value are the answers."""
    answers: list[int] = []
    ending = threading.Event()

    def knock() -> None:
        while not ending.wait(0.15):  # strangers may come ten times a second
            answers.append(requests.get(f"{hall.fleet.address}/", timeout=30).status_code)

    thread = threading.Thread(target=knock)
    thread.start()
    try:
        yield answers
    finally:
        ending.set()
        thread.join()


def _notes(hall: Hall) -> list[str]:
    house = House.open(hall.database)
    sql = "SELECT body_text FROM message WHERE kind = 'note' ORDER BY seq"
    try:
        return [str(one[0]) for one in house.parts.database.read(lambda: house.parts.database.select(sql))]
    finally:
        house.close()


def test_a_rolling_restart_shows_nobody_an_error(opened: Opened) -> None:
    hall = opened(api=2, stream=2)
    filed = [hall.file("Where the notes go")]
    hall.rings_once(*filed)
    hall.marta.wait(lambda: hall.marta.reader.ticket(filed[0]))
    with _busy(hall, filed[0]) as written, _knocking(hall) as answers:
        for one in hall.fleet.members:
            one.restart()
            filed.append(hall.file("While it restarts"))
    hall.rings_once(*filed)
    hall.marta.online()
    hall.marta.wait(lambda: hall.marta.reader.counts().outbox == 0)
    assert hall.marta.undelivered == 0
    assert set(hall.marta.conditions) <= {Condition.ONLINE, Condition.DELAYED}, hall.marta.conditions
    assert sorted(_notes(hall)) == sorted(written)
    assert len(written) > 10
    assert set(answers) == {200}


def test_killed_at_any_moment_nobody_misses_an_alert(opened: Opened) -> None:
    hall = opened(api=2, stream=2)
    filed = [hall.file("Where the notes go")]
    hall.marta.wait(lambda: hall.marta.reader.ticket(filed[0]))
    victims = itertools.cycle(hall.fleet.members)
    with _busy(hall, filed[0]) as written:
        for number in range(8):
            victim = next(victims)
            killer = threading.Timer(0.01 * number, victim.end, [signal.SIGKILL])
            killer.start()
            filed += [hall.file("Beside a killing"), hall.file("And another")]
            killer.join()
            victim.start()
    hall.rings_once(*filed)
    hall.marta.wait(lambda: hall.marta.reader.counts().outbox == 0)
    assert hall.marta.undelivered == 0
    assert sorted(_notes(hall)) == sorted(written)
    assert written
