"""The page of incidents on a real server: opened, changed, repaired; its thread; what is kept without a server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.models.incident_words import NEW
from desktop.pages.incidents import IncidentsPage
from sync.engine.status import Condition, SyncStatus
from tests.rigs.office import Office, office_in_process
from tests.rigs.seat import Seat, seat_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Key = Qt.Key
Ctrl = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in_process(tmp_path) as opened:
        opened.agent("Ann", opened.category("Billing"))
        yield opened


@pytest.fixture
def seat(office: Office, tmp_path: Path, qapp: QApplication) -> Iterator[Seat]:
    with seat_of(office, "Ann", tmp_path, qapp) as opened:
        yield opened


@pytest.fixture
def page(seat: Seat) -> Iterator[IncidentsPage]:
    """Shown, and in front."""
    opened = IncidentsPage(seat.desk, seat.connector.incidents)
    opened.sync_wanted.connect(seat.sync)
    seat.desk.bridge.changed.connect(opened.reload)
    opened.resize(1000, 800)
    opened.show()
    yield opened
    opened.hide()
    opened.deleteLater()


def put(office: Office) -> list[tuple[object, ...]]:
    """The incidents of the server's tickets."""
    database = office.house.parts.database
    return database.read(lambda: database.select("SELECT incident_id FROM ticket"))


def begin(page: IncidentsPage, title: str) -> None:
    """A new one, not saved."""
    QTest.keyClick(page.cards, Key.Key_Insert)
    page.form.title.setText(title)
    page.form.title.textEdited.emit(title)


def test_an_incident_is_opened_changed_repaired_and_broken_again(office: Office, page: IncidentsPage) -> None:
    begin(page, "")
    page.incidents.save()
    assert page.notice.words == "Say in a few words what is broken."
    page.form.title.setText("Downloads fail")
    page.form.title.textEdited.emit("")
    page.form.has_eta.setChecked(True)
    page.form.is_public.setChecked(True)
    assert page.cards.current.startswith(NEW)
    QTest.keyClick(page.form.title, Key.Key_S, Ctrl)
    [kept] = page.desk.reader.incidents()
    assert (kept.title, kept.is_public, page.cards.current) == ("Downloads fail", True, kept.id)
    assert kept.eta is not None
    assert [one.title for one in office.house.faults.incidents.shown(None, office.clock.now_ms())] == ["Downloads fail"]
    page.form.notice.setPlainText("Small files work.")
    assert page.buttons.save.isEnabled()
    page.incidents.save()
    page.buttons.fixed.click()
    assert "Repaired?" in page.notice.words
    page.notice.answered.emit(True)
    [kept] = page.desk.reader.incidents()
    assert kept.fixed_at is not None
    assert kept.notice == "Small files work."
    page.buttons.again.click()
    [kept] = page.desk.reader.incidents()
    assert (kept.fixed_at, kept.eta) == (None, None)


def test_notes_are_kept_until_they_are_added(page: IncidentsPage, seat: Seat) -> None:
    begin(page, "Downloads fail")
    page.incidents.save()
    seat.desk.bridge.status = SyncStatus(Condition.OFFLINE)
    page.panel.note.setPlainText("The disk is full.")
    page.panel.add.click()
    assert "offline" in page.notice.words
    page.flush()
    [draft] = [one for one in page.desk.reader.drafts() if one.mode.startswith("note:")]
    assert draft.text == "The disk is full."
    seat.desk.bridge.status = SyncStatus(Condition.ONLINE)
    page.panel.add.click()
    assert "The disk is full." in page.panel.entries.text()
    assert page.panel.note.toPlainText() == ""


def test_what_was_begun_is_there_after_a_restart_and_can_be_dropped(page: IncidentsPage, seat: Seat) -> None:
    begin(page, "Half a thought")
    page.flush()
    again = IncidentsPage(seat.desk, seat.connector.incidents)
    again.reload()
    assert [one[1].title for one in again.incidents.drafts().values()] == ["Half a thought"]
    again.deleteLater()
    page.buttons.throw.click()
    assert page.cards.current == ""
    assert [one for one in page.desk.reader.drafts() if one.mode.startswith("incident:")] == []


def test_a_ticket_is_put_to_it_through_the_outbox(office: Office, page: IncidentsPage, seat: Seat) -> None:
    begin(page, "Downloads fail")
    page.incidents.save()
    [kept] = page.desk.reader.incidents()
    billing = office.house.grants.find_category("Billing")["id"]
    ticket_id = office.file(billing, "It stops").ticket.id
    seat.sync()
    seat.desk.intents.edit(ticket_id, {"incidentId": kept.id})
    assert page.desk.reader.gathered(kept.id).tickets == 1
    seat.sync()
    assert put(office) == [(kept.id,)]
    assert "Tickets: 1, open: 1" in page.panel.figures.text()
