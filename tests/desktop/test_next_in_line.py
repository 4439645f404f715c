"""The second line at its workstation, over a real server: silent until nobody was reached, then rung and shown."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from sync.domain.records import Priority
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
        billing = opened.house.grants.find_category("Billing")["id"]
        opened.agent("Cleo", billing)
        cleo = opened.house.people.find("Cleo")["id"]
        opened.house.grants.place(cleo, billing, second_line=True)
        yield opened


@pytest.fixture
def places(office: Office, tmp_path: Path, qapp: QApplication) -> Iterator[dict[str, Place]]:
    with places_of(office, tmp_path, qapp, "Ann", "Cleo", "Olga") as found:
        yield found


@pytest.fixture
def unanswered(office: Office, clock: HandClock) -> Callable[[str], str]:
    """Files a ticket that nobody's workstation shows in time; its id."""

    def file(subject: str) -> str:
        ticket_id = office.file(office.house.grants.find_category("Billing")["id"], subject).ticket.id
        clock.advance(61_000)
        office.house.alert_watch.look()
        return ticket_id

    return file


def test_the_second_line_hears_what_reached_nobody_until_somebody_takes_it(
    places: dict[str, Place], office: Office, unanswered: Callable[[str], str]
) -> None:
    ann, cleo, olga = places["Ann"], places["Cleo"], places["Olga"]
    early = office.file(office.house.grants.find_category("Billing")["id"], "Early").ticket.id
    cleo.seat.sync()
    assert (cleo.told(), cleo.rang) == ([], [])  # it is the first line's
    ticket_id = unanswered("Charged twice")
    cleo.seat.sync()
    assert "2 tickets have reached nobody" in cleo.told()[-1]
    office.house.people.deactivate(office.house.people.find("Ben")["id"])
    ann.seat.sync()
    ann.seat.desk.intents.assign(early, ann.seat.desk.reader.me() or "")
    office.house.alert_watch.look()
    cleo.seat.sync()
    [told] = cleo.told()
    assert "Nobody was reached: #2" in told
    assert "Charged twice" in told
    assert "You are next in line." in told
    olga.seat.sync()
    assert [one for one in olga.told() if "next in line" in one] == []
    assert "Nobody was reached: #2" in olga.told()[-1]

    ann.seat.desk.intents.assign(ticket_id, ann.seat.desk.reader.me() or "")
    office.house.alert_watch.look()
    cleo.seat.sync()
    assert cleo.told() == []


def test_a_click_opens_it_and_the_receipt_names_both_lines(
    places: dict[str, Place], unanswered: Callable[[str], str]
) -> None:
    cleo, olga = places["Cleo"], places["Olga"]
    ticket_id = unanswered("Charged twice")
    cleo.seat.sync()
    cleo.reaching.receipts.send()
    olga.seat.sync()
    olga.ticket = ticket_id
    olga.reaching.open()
    assert olga.reaching.shown is not None
    lines = {line.title: line.words for line in olga.reaching.shown.lines}
    assert lines["Ann"].startswith("granted Billing")
    assert lines["Cleo"].startswith("second line of Billing; next in line where nobody is reached")
    assert lines["Cleo on test"].startswith("next in line from ")
    assert "shown +0 ms, rang +0 ms" in lines["Cleo on test"]
    assert lines["Nobody"] == "No workstation has said that it was offered this."
    assert olga.told() != []  # a notice at the second line is nobody reached yet

    opened: list[str] = []
    cleo.reaching.next.open_ticket.connect(opened.append)
    cleo.alerts.notifications.activated.emit("next", "")
    assert opened == [ticket_id]
    cleo.reaching.receipts.send()
    cleo.seat.sync()
    olga.seat.sync()
    assert (cleo.told(), olga.told()) == ([], [])


def test_who_was_next_and_never_heard_of_it_stands_on_the_receipt(
    places: dict[str, Place], unanswered: Callable[[str], str]
) -> None:
    olga = places["Olga"]
    olga.ticket = unanswered("Charged twice")
    olga.seat.sync()
    olga.reaching.open()
    assert olga.reaching.shown is not None
    last = olga.reaching.shown.lines[-1]
    assert last.title == "Cleo"
    assert last.words.endswith("no workstation of theirs has said that it was offered this")


def test_a_quiet_time_holds_it_but_not_what_is_urgent(
    places: dict[str, Place], unanswered: Callable[[str], str]
) -> None:
    cleo, ann = places["Cleo"], places["Ann"]
    cleo.alerts.toggle_quiet()
    ticket_id = unanswered("Charged twice")
    cleo.seat.sync()
    assert cleo.told() == []
    cleo.alerts.toggle_quiet()
    assert "Nobody was reached" in cleo.told()[-1]
    cleo.alerts.toggle_quiet()
    other = unanswered("The shop burns")
    ann.seat.sync()
    ann.seat.desk.intents.set_priority(other, Priority.URGENT)
    cleo.seat.sync()
    assert "2 tickets" in cleo.told()[-1]
    assert ticket_id != other


def test_what_is_before_ones_eyes_is_not_told(places: dict[str, Place], unanswered: Callable[[str], str]) -> None:
    cleo = places["Cleo"]
    watching = unanswered("Charged twice")
    cleo.reaching.next._in_view = lambda: watching
    cleo.seat.sync()
    assert cleo.told() == []
    cleo.reaching.receipts.send()
    cleo.seat.sync()
    cleo.reaching.next._in_view = lambda: None
    cleo.reaching.look()
    assert cleo.told() == []


def test_a_category_that_is_taken_away_takes_the_notice_along(
    places: dict[str, Place], office: Office, unanswered: Callable[[str], str]
) -> None:
    cleo = places["Cleo"]
    unanswered("Charged twice")
    cleo.seat.sync()
    assert cleo.told() != []
    office.house.grants.revoke(
        office.house.people.find("Cleo")["id"], office.house.grants.find_category("Billing")["id"]
    )
    cleo.seat.sync()
    assert cleo.told() == []
