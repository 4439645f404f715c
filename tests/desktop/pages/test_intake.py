"""The intake page on a real server: figures, working hours, closings and caps; by keys and buttons."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTime
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.models.intake_cards import CALENDAR, NEW_CAP, NEW_CLOSING, WEEKS
from desktop.models.intake_drafts import SLOT, begun_of
from desktop.pages.intake import IntakePage
from sync.cache.rows import DraftRow
from sync.domain.closings import Closing
from sync.domain.times import DAY_MS
from sync.engine.status import Condition, SyncStatus
from sync.server.audit import ADMINISTRATOR
from tests.rigs.office import Office, office_in_process
from tests.rigs.seat import Seat, seat_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Key = Qt.Key


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in_process(tmp_path) as opened:
        opened.agent("Ann", opened.category("Billing"))
        opened.agent("Olga", is_owner=True)
        opened.house.parts.settings.put("calendar.zone", "Europe/Berlin")
        yield opened


@pytest.fixture
def seat(office: Office, tmp_path: Path, qapp: QApplication) -> Iterator[Seat]:
    with seat_of(office, "Olga", tmp_path, qapp) as opened:
        yield opened


@pytest.fixture
def page(seat: Seat) -> Iterator[IntakePage]:
    """Shown, and in front."""
    with opened_page(seat) as opened:
        yield opened


@contextmanager
def opened_page(seat: Seat) -> Iterator[IntakePage]:
    """As the program makes it at each start."""
    opened = IntakePage(seat.desk, seat.connector.intake)
    opened.sync_wanted.connect(seat.sync)
    seat.desk.bridge.changed.connect(opened.reload)
    opened.resize(1000, 700)
    opened.show()
    yield opened
    opened.hide()
    opened.deleteLater()


def names(page: IntakePage) -> list[str]:
    return list(page._titles.values())


def test_figures_and_hours_come_from_the_server(office: Office, page: IntakePage) -> None:
    assert page.cards.current == WEEKS
    assert page.forms.weeks.rowCount() == 8
    page.cards.choose(CALENDAR)
    assert page.forms.calendar.calendar.hours == "Mo-Fr 09:00-17:00"
    page.forms.calendar.hours.setText("Mo-Th 08:00-12:00")
    page.forms.calendar.hours.textEdited.emit("")
    QTest.keyClick(page.forms.calendar.hours, Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert str(office.house.expecting.hours().hours) == "Mo-Th 08:00-12:00"
    assert page.notice.words == "Saved."
    page.forms.calendar.hours.setText("always")
    page.forms.calendar.hours.textEdited.emit("")
    page.save()
    assert "always" in page.notice.words
    assert page.books.begun
    page.drop()
    assert page.forms.calendar.calendar.hours == "Mo-Th 08:00-12:00"


def test_a_closing_is_announced_changed_ended_and_taken_back(office: Office, seat: Seat, page: IntakePage) -> None:
    QTest.keyClick(page.cards, Key.Key_Insert)
    assert page.cards.current == NEW_CLOSING
    form = page.forms.closing
    page.save()
    assert page.notice.words == "Give the closing a name first."
    day = page.books.clock.shown(office.clock.now_ms())[0]
    form.name.setText("Christmas")
    form.first.setDate(day.addDays(30))
    form.last.setDate(day.addDays(38))
    page.save()
    [closing] = office.house.closings.all()
    shown = page.books.clock.shown
    assert closing.name == "Christmas"
    assert shown(closing.starts_at) == (day.addDays(30), QTime(0, 0))
    assert shown(closing.ends_at) == (day.addDays(39), QTime(0, 0))
    assert [one.name for one in seat.desk.reader.closings()] == ["Christmas"]
    assert page.cards.choose(closing.id)
    form.whole_days.setChecked(False)
    form.begins.setTime(QTime(12, 0))
    form.first.setDate(day.addDays(-1))
    page.save()
    [closing] = office.house.closings.all()
    assert shown(closing.starts_at) == (day.addDays(-1), QTime(12, 0))
    assert not page.buttons.end.isHidden()
    page.buttons.end.click()
    assert office.house.closings.all()[0].ends_at <= office.clock.now_ms()
    assert page.buttons.end.isHidden()
    QTest.keyClick(page.cards, Key.Key_Delete)
    page.notice.answered.emit(True)
    assert office.house.closings.all() == seat.desk.reader.closings() == []


def test_a_cap_is_set_and_removed(office: Office, page: IntakePage) -> None:
    QTest.keyClick(page.cards, Key.Key_Insert, Qt.KeyboardModifier.ShiftModifier)
    assert page.cards.current == NEW_CAP
    form = page.forms.cap
    form.most.setValue(3)
    form.reason.setText("Seven holidays")
    form.reason.textEdited.emit("")
    form.place.setCurrentIndex(1)
    form.lifts.setChecked(True)
    page.save()
    [cap] = office.house.caps.all()
    assert (cap.most, cap.reason, cap.category_id is not None, cap.until is not None) == (
        3,
        "Seven holidays",
        True,
        True,
    )
    assert page.cards.choose(cap.id)
    assert not form.place.isEnabled()
    page.ask_removal()
    page.notice.answered.emit(True)
    assert office.house.caps.all() == []


def test_what_is_not_saved_stays_while_one_looks_elsewhere(page: IntakePage) -> None:
    page.begin_closing()
    page.forms.closing.name.setText("Office move")
    page.forms.closing.name.textEdited.emit("")
    page.cards.choose(CALENDAR)
    page.reload()
    page.cards.choose(NEW_CLOSING)
    assert page.forms.closing.closing.name == "Office move"
    QTest.keyClick(page.cards, Key.Key_Delete)
    assert NEW_CLOSING not in page.books.begun
    assert len(names(page)) == 2


def test_offline_the_page_is_read_and_says_why_nothing_is_kept(seat: Seat, page: IntakePage) -> None:
    page.begin_closing()
    page.forms.closing.name.setText("Office move")
    page.forms.closing.name.textEdited.emit("")
    seat.desk.bridge.status = SyncStatus(Condition.OFFLINE)
    page.save()
    assert "offline" in page.notice.words
    assert page.books.draft(NEW_CLOSING) is not None


def test_what_is_not_saved_is_offered_again_at_the_next_start(office: Office, seat: Seat, page: IntakePage) -> None:
    cap = office.house.parts.journal.write(lambda: office.house.caps.add(None, 2, None, "Holidays", ADMINISTRATOR))
    page.look()
    page.begin_closing()
    page.forms.closing.name.setText("Office move")
    page.forms.closing.name.textEdited.emit("")
    page.cards.choose(CALENDAR)
    page.forms.calendar.hours.setText("Mo-Th 08:00-12:00")
    page.forms.calendar.hours.textEdited.emit("")
    page.cards.choose(cap)
    page.forms.cap.most.setValue(4)
    page.flush()

    with opened_page(seat) as again:
        assert again.books.begun == page.books.begun
        marks = {card.id: card.mark for card in again.books.cards({})}
        assert {name for name, mark in marks.items() if mark == "Not saved yet"} == {NEW_CLOSING, CALENDAR, cap}
        assert again.cards.choose(NEW_CLOSING)
        assert again.forms.closing.closing.name == "Office move"
        assert again.cards.choose(cap)
        again.save()
        assert office.house.caps.all()[0].most == 4
        again.cards.choose(CALENDAR)
        again.drop()
    with opened_page(seat) as at_last:
        assert list(at_last.books.begun) == [NEW_CLOSING]


def test_what_somebody_else_changed_meanwhile_is_said(office: Office, seat: Seat, page: IntakePage) -> None:
    journal, caps = office.house.parts.journal, office.house.caps
    cap = journal.write(lambda: caps.add(None, 2, None, "Holidays", ADMINISTRATOR))
    page.look()
    page.cards.choose(cap)
    page.forms.cap.most.setValue(4)
    page.flush()
    journal.write(lambda: caps.change(cap, {"most": 9}, ADMINISTRATOR))

    with opened_page(seat) as again:
        again.cards.choose(cap)
        assert again.notice.words.startswith("Somebody else changed this")
        assert again.forms.cap.cap.most == 4


def test_what_was_changed_of_a_closing_that_is_gone_is_still_there_to_read(seat: Seat, page: IntakePage) -> None:
    gone = Closing("z-gone", "Office move", DAY_MS, 2 * DAY_MS, frozenset({"c1"}), "Call us.")
    page.saving.write("z-gone", gone)
    page.save()
    page.flush()
    with opened_page(seat) as again:
        assert again.cards.choose("z-gone")
        assert again.books.draft("z-gone") == gone
        assert not again.buttons.throw.isHidden()
        again.buttons.throw.click()
        assert not again.cards.choose("z-gone")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": {"draft": {"kind": "?"}, "base": null}}', '{"a": 3}'])
def test_what_was_kept_and_cannot_be_read_is_left_out(text: str) -> None:
    assert begun_of(DraftRow(*SLOT, text, (), 0)) == {}
