"""From an agent's alert to the owner who reads its receipt, on a real server; and the alert that reached nobody."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from PySide6.QtWidgets import QApplication

from desktop.alerts.receipts import Receipts
from desktop.windows.who_would_ring import WhoWouldRingWindow
from sync.domain.alert_trace import DeviceState
from sync.domain.alerting import UNTIL_CANCELLED
from sync.domain.errors import Offline
from sync.domain.times import MINUTE_MS
from sync.engine.status import Condition, SyncStatus
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
    with places_of(office, tmp_path, qapp, "Ann", "Olga") as found:
        yield found


def _file(office: Office, subject: str = "Charged twice") -> str:
    return office.file(office.house.grants.find_category("Billing")["id"], subject).ticket.id


def _lines(window: WhoWouldRingWindow) -> dict[str, str]:
    return {line.title: line.words for line in window.lines}


def _ask(place: Place, ticket_id: str) -> WhoWouldRingWindow:
    place.ticket = ticket_id
    place.reaching.open()
    assert place.reaching.shown is not None
    return place.reaching.shown


def test_an_owner_reads_who_would_ring_and_what_became_of_it(
    places: dict[str, Place], office: Office, clock: HandClock
) -> None:
    ann, olga = places["Ann"], places["Olga"]
    ticket_id = _file(office)
    clock.advance(100)
    ann.seat.sync()
    olga.seat.sync()
    clock.advance(72)
    ann.alerts.alerts.looked_at(ticket_id)
    ann.reaching.receipts.send()
    olga.reaching.receipts.send()

    window = _ask(olga, ticket_id)
    lines = _lines(window)
    assert lines["Ann"] == "granted Billing; signed in on test (last seen today " + _clock(olga, clock) + ")"
    assert lines["Ben"] == "granted Billing; signed in nowhere"
    assert lines["Olga"].startswith("owner, told at the check")
    assert "offered" in lines["Ann on test"]
    assert "shown +0 ms" in lines["Ann on test"]
    assert "rang +0 ms" in lines["Ann on test"]
    assert lines["Ann on test"].endswith("seen +72 ms")
    assert window.taken.text() == "Nobody has taken it."

    ann.seat.desk.intents.assign(ticket_id, ann.seat.desk.reader.me() or "")
    olga.seat.sync()
    window.ask()
    assert window.taken.text().startswith("Taken by Ann,")


def _clock(place: Place, clock: HandClock) -> str:
    return place.seat.desk.moments.clock(clock.now)


def test_do_not_disturb_is_said_with_its_end(places: dict[str, Place], office: Office, clock: HandClock) -> None:
    ann, olga = places["Ann"], places["Olga"]
    ticket_id = _file(office)
    ann.alerts.toggle_quiet()
    ann.reaching.receipts.send()
    olga.seat.sync()
    end = olga.seat.desk.moments.clock(clock.now + 60 * MINUTE_MS)
    assert f"do not disturb on test until {end}" in _lines(_ask(olga, ticket_id))["Ann"]

    ann.alerts.toggle_quiet()
    ann.reaching.receipts.send()
    assert "do not disturb" not in _lines(_ask(olga, ticket_id))["Ann"]


def test_until_it_is_switched_off_has_no_end(places: dict[str, Place], office: Office) -> None:
    ann, olga = places["Ann"], places["Olga"]
    ticket_id = _file(office)
    olga.seat.sync()
    ann.seat.connector.alerting().report(1, DeviceState(min(UNTIL_CANCELLED, 1 + 400 * 86_400_000)), [])
    assert _lines(_ask(olga, ticket_id))["Ann"].endswith("do not disturb on test")


def test_what_reached_nobody_is_told_to_the_owner_until_it_did(
    places: dict[str, Place], office: Office, clock: HandClock
) -> None:
    ann, olga = places["Ann"], places["Olga"]
    first = _file(office, "First")
    clock.advance(61_000)
    office.house.alert_watch.look()
    olga.seat.sync()
    [told] = olga.told()
    assert "Nobody was reached: #1" in told
    opened: list[str] = []
    olga.reaching.unreached.open_ticket.connect(opened.append)
    olga.alerts.notifications.activated.emit("unreached", "")
    assert opened == [first]

    _file(office, "Second")
    clock.advance(61_000)
    office.house.alert_watch.look()
    olga.seat.sync()
    assert "2 tickets have reached nobody" in olga.told()[-1]

    ann.seat.sync()
    for ticket_id in (first, first):
        ann.alerts.alerts.looked_at(ticket_id)
    ann.reaching.receipts.send()
    olga.seat.sync()
    assert olga.told() == []
    assert ann.told() != []


def test_in_a_quiet_time_it_waits(places: dict[str, Place], office: Office, clock: HandClock) -> None:
    olga = places["Olga"]
    olga.alerts.toggle_quiet()
    _file(office)
    clock.advance(61_000)
    office.house.alert_watch.look()
    olga.seat.sync()
    assert olga.told() == []
    olga.alerts.toggle_quiet()
    assert "Nobody was reached" in olga.told()[-1]


def test_what_could_not_be_told_is_told_with_the_next(places: dict[str, Place], office: Office) -> None:
    ann = places["Ann"]
    ticket_id = _file(office)
    tries: list[int] = []

    def unsteady() -> object:
        tries.append(1)
        if len(tries) == 1:
            raise Offline("The server does not answer.")
        return ann.seat.connector.alerting()

    receipts = Receipts(ann.seat.desk, unsteady, lambda: DeviceState(), Random(1))  # type: ignore[arg-type]  # it raises
    receipts.follow(ann.alerts.alerts)
    ann.seat.sync()
    receipts.send()
    receipts.send()
    receipts.stop()
    trace = ann.seat.connector.alerting().trace(_account(ann), ticket_id)
    assert set(trace.arrivals[0].receipts[0].stages) == {"offered", "shown", "rang"}


def _account(place: Place) -> str:
    return next(one.account_id for one in place.seat.desk.reader.categories() if one.account_id is not None)


def test_offline_nothing_is_sent_and_the_window_says_so(places: dict[str, Place], office: Office) -> None:
    ann = places["Ann"]
    ticket_id = _file(office)
    ann.seat.sync()
    ann.seat.desk.bridge.status = SyncStatus(Condition.OFFLINE, office.clock.now_ms())
    ann.reaching.receipts.send()
    assert ann.seat.connector.alerting().trace(_account(ann), ticket_id).arrivals[0].receipts == ()
    office.house.people.set_password(office.house.people.find("Ann")["id"], "another horse")
    assert "F5 asks again" in _ask(ann, ticket_id).notice.words
