"""A late incident rings once for its keeper and owners; a surge is one notice, its tickets do not ring one by one."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.alerts.incident_told import LATE
from sync.domain.incidents import Incident
from sync.domain.records import Priority
from sync.domain.times import DAY_MS, HOUR_MS, MINUTE_MS
from sync.server.intake import Asker, Filing
from tests.rigs.alerted import Place, billing_office, places_of
from tests.rigs.bureau import HandClock
from tests.rigs.office import Office

pytestmark = [
    pytest.mark.qt_log_ignore("PulseAudioService", extend=True),
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def office(tmp_path: Path, clock: HandClock) -> Iterator[Office]:
    with billing_office(tmp_path, clock) as opened:
        yield opened


@pytest.fixture
def places(office: Office, tmp_path: Path, qapp: QApplication) -> Iterator[dict[str, Place]]:
    with places_of(office, tmp_path, qapp, "Ann", "Ben", "Olga") as found:
        yield found


def test_a_late_incident_is_told_once_to_its_keeper_and_to_owners(
    places: dict[str, Place], office: Office, clock: HandClock
) -> None:
    now = clock.now_ms()
    incident = Incident("", "Downloads fail", now, eta=now + HOUR_MS)
    kept = places["Ann"].seat.connector.incidents()
    incident_id = kept.open_incident("key-of-the-test", incident)
    clock.advance(HOUR_MS + 1)
    office.house.faults.incidents.look()
    for place in places.values():
        place.seat.sync()
    for name in ("Ann", "Olga"):
        [words] = places[name].told()
        assert words.startswith("Not repaired in time: Downloads fail")
    assert places["Ben"].told() == []
    places["Ann"].alerts.notifications.close(LATE + incident_id)
    places["Ann"].reaching.incidents.look()
    assert places["Ann"].told() == []
    base = places["Olga"].seat.desk.reader.incident(incident_id)
    assert base is not None
    later = Incident(**{**{name: getattr(base, name) for name in base.__slots__}, "eta": clock.now_ms() + HOUR_MS})
    kept.change_incident(base, later)
    places["Olga"].seat.sync()
    assert places["Olga"].told() == []


def test_a_surge_is_one_notice_that_grows_and_its_tickets_do_not_ring(
    places: dict[str, Place], office: Office, clock: HandClock
) -> None:
    ann, billing = places["Ann"], office.house.grants.find_category("Billing")["id"]
    surges = office.house.faults.surges
    for _ in range(4):
        office.file(billing, "Help")
        clock.advance(7 * DAY_MS)
    ann.seat.sync()
    ann.rang.clear()
    for number in range(14):
        office.file(billing, f"Help {number}", email=f"a{number}@x.example")
    surges.look()
    ann.seat.sync()
    surge = [words for words in ann.told() if words.startswith("Surge in Billing: 14 in 20 min")]
    assert len(surge) == 1
    ann.rang.clear()
    office.file(billing, "One more", email="more@x.example")
    surges.look()
    ann.seat.sync()
    assert ann.rang == []
    assert any(words.startswith("Surge in Billing: 15 in 20 min") for words in ann.told())
    clock.advance(MINUTE_MS)
    burning = Filing(billing, Asker("Zoe", "zoe@x.example"), "It burns", "Now", priority=Priority.URGENT)
    office.house.parts.journal.write(lambda: office.house.intake.file_ticket(burning))
    ann.seat.sync()
    assert len(ann.rang) == 1
    for _ in range(4):
        clock.advance(11 * MINUTE_MS)
        surges.look()
    ann.seat.sync()
    assert not any(words.startswith("Surge") for words in ann.told())


def test_what_a_quiet_time_held_back_is_told_when_it_ends_by_itself(
    places: dict[str, Place], office: Office, clock: HandClock, qtbot: QtBot
) -> None:
    ann, billing = places["Ann"], office.house.grants.find_category("Billing")["id"]
    ann.seat.sync()
    preferences = ann.alerts.preferences
    until = clock.now_ms() + HOUR_MS
    preferences.set(replace(preferences.now, dnd_until=until))
    incident = Incident("", "Downloads fail", clock.now_ms(), eta=clock.now_ms() + MINUTE_MS)
    ann.seat.connector.incidents().open_incident("key-of-the-test", incident)
    for number in range(41):
        office.file(billing, f"Help {number}", email=f"a{number}@x.example")
    clock.advance(2 * MINUTE_MS)
    office.house.faults.incidents.look()
    office.house.faults.surges.look()
    ann.seat.sync()
    office.file(billing, "One more", email="more@x.example")
    ann.seat.sync()
    assert ann.told() == []
    shown: list[tuple[str, list[str]]] = []
    ann.alerts.alerts.reached.connect(lambda how, tickets: shown.append((how, tickets)))

    preferences.set(replace(preferences.now, dnd_until=clock.now_ms() + 300))
    clock.advance(300)

    qtbot.waitUntil(lambda: len(ann.told()) >= 2)
    ann.alerts.alerts.tick()  # by itself it looks once a minute
    told = " ".join(ann.told())
    assert "Not repaired in time: Downloads fail" in told
    assert "Surge in Billing: 41 in 20 min" in told
    assert "42" in next(words for words in ann.told() if not words.startswith(("Surge", "Not")))
    assert sum(len(tickets) for how, tickets in shown if how == "shown") == 42
