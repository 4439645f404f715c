"""The page of incidents on a real server: opened, changed, repaired; its thread; what is kept without a server."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.models.incident_words import NEW
from desktop.pages.incidents import IncidentsPage
from sync.connectors.incident_keeping import IncidentKeeping
from sync.domain.errors import Offline
from sync.domain.incidents import Incident
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
    assert page.notice.words == "Repaired? No mail goes out: the page of each who asked says so. Tickets: 0."
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


def opened(page: IncidentsPage) -> Incident:
    """One that is at the server."""
    begin(page, "Downloads fail")
    page.incidents.save()
    [kept] = page.desk.reader.incidents()
    return kept


def test_what_a_colleague_changes_is_shown_under_words_of_ones_own(page: IncidentsPage, seat: Seat) -> None:
    kept = opened(page)
    page.form.title.setFocus()
    page.form.title.setText("Downloads fail at ")
    page.form.title.textEdited.emit("")
    seat.connector.incidents().change_incident(kept, replace(kept, notice="Small files work.", fixed_at=kept.since))
    seat.sync()
    assert page.form.notice.toPlainText() == "Small files work."
    assert page.form.title.text() == "Downloads fail at "
    assert (page.buttons.fixed.isVisible(), page.buttons.again.isVisible()) == (False, True)
    page.incidents.save()
    [kept] = page.desk.reader.incidents()
    assert (kept.title, kept.notice, kept.fixed_at) == ("Downloads fail at", "Small files work.", kept.since)


def test_where_two_changed_the_same_the_second_is_asked_and_may_replace_it(page: IncidentsPage, seat: Seat) -> None:
    kept = opened(page)
    page.form.notice.setPlainText("Mine")
    seat.connector.incidents().change_incident(kept, replace(kept, notice="Theirs"))
    page.incidents.save()
    assert "Somebody else changed the same" in page.notice.words
    assert page.form.notice.toPlainText() == "Mine"
    page.incidents.save()
    [kept] = page.desk.reader.incidents()
    assert kept.notice == "Mine"
    assert page.incidents.drafts() == {}


def test_what_was_dropped_comes_back(page: IncidentsPage, seat: Seat) -> None:
    opened(page)
    page.form.notice.setPlainText("Mine")
    page.incidents.throw_away()
    assert (page.form.notice.toPlainText(), page.incidents.drafts()) == ("", {})
    assert page.undo()
    assert page.form.notice.toPlainText() == "Mine"
    assert not page.undo()


def test_a_note_whose_answer_was_lost_is_added_once(page: IncidentsPage, seat: Seat) -> None:
    kept = opened(page)
    server = seat.connector.incidents()
    answers: list[str] = []

    class Lossy:
        def add_note(self, client_key: str, incident_id: str, text: str) -> str:
            answers.append(server.add_note(client_key, incident_id, text))
            if len(answers) == 1:
                raise Offline("The answer was lost.")
            return answers[-1]

    again = IncidentsPage(seat.desk, lambda: cast(IncidentKeeping, Lossy()))
    again.reload()
    again.show_incident(kept.id)
    again.panel.note.setPlainText("The disk is full.")
    again.panel.add.click()
    assert again.panel.note.toPlainText() == "The disk is full."
    again.panel.add.click()
    seat.sync()
    assert len(set(answers)) == 1
    assert [one.text for one in page.desk.reader.incident_notes(kept.id)] == ["The disk is full."]
    assert [one for one in page.desk.reader.drafts() if one.mode.startswith("note:")] == []
    again.deleteLater()


def test_tickets_follow_a_new_incident_also_after_a_restart(page: IncidentsPage, seat: Seat) -> None:
    page.incidents.begin(frozenset(), ["t1", "t2"])
    page.flush()
    again = IncidentsPage(seat.desk, seat.connector.incidents)
    told: list[tuple[str, tuple[str, ...]]] = []
    again.incidents.opened.connect(lambda incident_id, tickets: told.append((incident_id, tickets)))
    again.reload()
    again.show_incident(page.incidents.id)
    again.form.title.setText("Downloads fail")
    again.form.title.textEdited.emit("Downloads fail")
    again.incidents.save()
    seat.sync()
    [kept] = page.desk.reader.incidents()
    assert told == [(kept.id, ("t1", "t2"))]
    again.deleteLater()


def tab_to(page: IncidentsPage, goal: QWidget) -> None:
    """By the Tab key alone."""
    for _ in range(60):
        focused = page.focusWidget()
        assert focused is not None
        if focused is goal or goal.isAncestorOf(focused):
            return
        QTest.keyClick(focused, Key.Key_Tab)
    raise AssertionError(f"{goal} cannot be reached")


def press(page: IncidentsPage, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Whatever has the keyboard."""
    focused = page.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, modifier)


def test_by_keys_alone_it_gets_a_time_of_repair_a_note_and_its_end(page: IncidentsPage) -> None:
    opened(page)
    page.cards.setFocus()
    tab_to(page, page.form.has_eta)
    press(page, Key.Key_Space)
    tab_to(page, page.form.eta_time)
    before = page.form.eta_time.time()
    press(page, Key.Key_Up)
    assert page.form.eta_time.time() != before
    press(page, Key.Key_S, Ctrl)
    [kept] = page.desk.reader.incidents()
    assert kept.eta is not None
    tab_to(page, page.panel.note)
    QTest.keyClicks(page.panel.note, "Mirror 2 cuts.")
    press(page, Key.Key_Return, Ctrl)
    assert "Mirror 2 cuts." in page.panel.entries.text()
    tab_to(page, page.buttons.fixed)
    press(page, Key.Key_Space)
    assert "Repaired?" in page.notice.words
    assert page.desk.reader.incidents()[0].fixed_at is None
    tab_to(page, page.notice._yes)
    press(page, Key.Key_Space)
    assert page.desk.reader.incidents()[0].fixed_at is not None


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
