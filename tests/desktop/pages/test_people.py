"""The page of people and categories on a real server: ticks, what they mean, saving, coming and leaving; by keys."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from desktop.models.people_matrix import Tick
from desktop.pages.people import PeoplePage
from desktop.windows.add_person import AddPersonWindow
from desktop.windows.naming import NameWindow
from desktop.windows.person import PersonWindow
from desktop.windows.remove_person import RemovePersonWindow
from sync.connectors.port import Result, Routed
from sync.domain.actions import PostMessage
from sync.domain.errors import Denied
from sync.domain.records import MessageKind
from sync.engine.status import Condition, SyncStatus
from tests.rigs.office import PASSWORD, Office, office_in_process
from tests.rigs.seat import Seat, seat_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Key = Qt.Key
PLAIN = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Ann covers Billing, Ben both, Olga owns."""
    with office_in_process(tmp_path) as opened:
        billing, repairs = opened.category("Billing"), opened.category("Repairs")
        opened.agent("Ann", billing)
        opened.agent("Ben", billing, repairs)
        opened.agent("Olga", is_owner=True)
        for number in range(3):
            opened.file(repairs, f"Broken {number}")
        yield opened


@pytest.fixture
def seat(office: Office, tmp_path: Path, qapp: QApplication) -> Iterator[Seat]:
    with seat_of(office, "Olga", tmp_path, qapp) as opened:
        yield opened


@pytest.fixture
def page(seat: Seat) -> Iterator[PeoplePage]:
    """Shown, and in front."""
    opened = PeoplePage(seat.desk, seat.connector.administration, Random(1))
    opened.sync_wanted.connect(seat.sync)
    seat.desk.bridge.changed.connect(opened.reload)
    opened.resize(1000, 700)
    opened.show()
    yield opened
    opened.hide()
    opened.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def go(page: PeoplePage, name: str, category: str | None = None) -> None:
    """The keyboard onto that cell; None: the role."""
    names = [page.matrix.headerData(one, Qt.Orientation.Vertical) for one in range(page.matrix.rowCount())]
    titles = [page.matrix.headerData(one, Qt.Orientation.Horizontal) for one in range(page.matrix.columnCount())]
    page.view.setFocus()
    page.view.setCurrentIndex(page.matrix.index(names.index(name), 0 if category is None else titles.index(category)))


def press(widget: QWidget, key: Key, modifier: Qt.KeyboardModifier = PLAIN) -> None:
    QTest.keyClick(widget, key, modifier)


def tick(page: PeoplePage, name: str, category: str | None = None) -> Tick:
    go(page, name, category)
    press(page.view, Key.Key_Space)
    return page.matrix.tick(page.view.currentIndex())


def granted(office: Office, name: str) -> set[str]:
    """At the server."""
    database, agent_id = office.house.parts.database, office.house.people.find(name)["id"]
    sql = "SELECT c.name FROM category_grant g JOIN category c ON c.id = g.category_id WHERE g.agent_id = ?"
    return {str(one[0]) for one in database.read(lambda: database.select(sql, (agent_id,)))}


def window(page: PeoplePage) -> QDialog:
    assert page.windows.shown is not None
    return page.windows.shown


def test_ticks_are_staged_said_and_saved_at_once(page: PeoplePage, office: Office) -> None:
    assert tick(page, "Ann", "Repairs") is Tick.GIVEN
    assert tick(page, "Ben", "Billing") is Tick.TAKEN
    said = [one.words for one in page.preview.sentences]
    assert "Billing: Ann (no longer: Ben)" in said
    assert "Repairs: Ann, Ben (new: Ann)" in said
    assert "Ben loses Billing: their workstations drop 0 tickets." in said
    assert granted(office, "Ann") == {"Billing"}

    press(page.view, Key.Key_S, Qt.KeyboardModifier.ControlModifier)

    assert granted(office, "Ann") == {"Billing", "Repairs"}
    assert granted(office, "Ben") == {"Repairs"}
    assert page.preview.isHidden()
    assert page.notice.words == "Saved."
    go(page, "Ben", "Billing")
    assert page.matrix.tick(page.view.currentIndex()) is Tick.NO


def test_a_category_left_to_nobody_is_asked_about(page: PeoplePage, office: Office) -> None:
    ben = office.house.people.find("Ben")["id"]
    connector = office.connector("Ben")
    account = next(one.id for one in connector.access().accounts if one.name == "Repairs")
    ticket = page.desk.reader.ticket_by_number(1)
    assert ticket is not None
    page.desk.intents.assign(ticket, ben)
    assert tick(page, "Ben", "Repairs") is Tick.TAKEN
    warning, loss = page.preview.sentences[0], page.preview.sentences[-1]
    assert warning.warning
    assert warning.words.startswith("Repairs: nobody.")
    assert "drop 3 tickets, and 1 open ones" in loss.words
    assert page.matrix.nobody(page.view.currentIndex().column())

    page.saving.save()
    assert granted(office, "Ben") == {"Billing", "Repairs"}
    page.notice.answered.emit(True)
    assert granted(office, "Ben") == {"Billing"}
    assert account not in {one.id for one in connector.access().accounts}


def test_esc_drops_what_is_ticked(page: PeoplePage) -> None:
    tick(page, "Ann", "Repairs")
    assert page.leave()
    assert not page.matrix.plan
    assert not page.leave()


def test_another_owners_change_is_told_and_the_rest_stays_ticked(page: PeoplePage, office: Office) -> None:
    office.agent("Otto", is_owner=True)
    tick(page, "Ann", "Repairs")
    tick(page, "Ben", "Billing")
    repairs = office.house.grants.find_category("Repairs")["id"]
    billing = office.house.grants.find_category("Billing")["id"]
    office.house.grants.grant(office.house.people.find("Ann")["id"], repairs)
    office.house.grants.revoke(office.house.people.find("Ann")["id"], billing)
    office.house.grants.revoke(office.house.people.find("Ann")["id"], repairs)
    office.house.grants.grant(office.house.people.find("Ann")["id"], repairs)

    page.saving.save()

    assert page.notice.words.startswith("Ann: Somebody else changed this meanwhile.")
    assert granted(office, "Ben") == {"Repairs"}
    assert not page.matrix.plan
    go(page, "Ann", "Repairs")
    assert page.matrix.tick(page.view.currentIndex()) is Tick.YES


def test_offline_it_is_read_and_not_kept(page: PeoplePage, seat: Seat, office: Office) -> None:
    seat.desk.bridge.status = SyncStatus(Condition.OFFLINE, office.clock.now_ms())
    page.show_status(seat.desk.bridge.status)
    assert page.chip.words.startswith("Offline, as of")
    tick(page, "Ann", "Repairs")
    page.saving.save()
    assert page.notice.words.startswith("You are offline.")
    assert granted(office, "Ann") == {"Billing"}
    assert page.matrix.plan


def test_the_only_owner_stays_one(page: PeoplePage, office: Office) -> None:
    assert tick(page, "Olga") is Tick.TAKEN
    assert "There would be no owner" in page.preview.sentences[0].words
    page.saving.save()
    page.notice.answered.emit(True)
    assert "only owner" in page.notice.words
    assert office.house.people.find("Olga")["is_owner"]
    assert tick(page, "Olga") is Tick.YES
    assert tick(page, "Ann") is Tick.GIVEN
    page.saving.save()
    assert office.house.people.find("Ann")["is_owner"]


def test_somebody_is_added_with_a_password_shown_once(page: PeoplePage, office: Office) -> None:
    press(page.view, Key.Key_Insert)
    added = window(page)
    assert isinstance(added, AddPersonWindow)
    added.name.setText("Ann")
    added.add.click()
    assert "already" in added.notice.words
    added.name.setText("Cleo")
    press(added.name, Key.Key_Return)
    password = added.shown.password
    assert len(password) == 19
    office.house.sign_ins.issue("Cleo", password, "laptop", "127.0.0.1")
    added.shown.copy.click()
    assert QApplication.clipboard().text() == password
    added.close()
    assert tick(page, "Cleo", "Billing") is Tick.GIVEN


def test_a_device_is_signed_out_and_a_password_given_anew(page: PeoplePage, office: Office, seat: Seat) -> None:
    at_work = office.connector("Ann")
    seat.sync()
    go(page, "Ann", "Billing")
    press(page.view, Key.Key_Return)
    shown = window(page)
    assert isinstance(shown, PersonWindow)
    [button] = shown.buttons.values()
    button.click()
    assert "Nothing on that device is lost" in shown.notice.words
    assert shown.buttons == {}
    with pytest.raises(Denied):
        at_work.access()

    shown.password.click()
    shown.notice.answered.emit(True)
    with pytest.raises(Denied):
        office.house.sign_ins.issue("Ann", PASSWORD, "laptop", "127.0.0.1")
    office.house.sign_ins.issue("Ann", shown.shown.password, "laptop", "127.0.0.1")


def test_names_are_changed_by_key(page: PeoplePage, office: Office) -> None:
    shift = Qt.KeyboardModifier.ShiftModifier
    for at, key, modifier, old, new in (
        ("Ann", Key.Key_F2, PLAIN, "Ann", "Anna"),
        ("Anna", Key.Key_F2, shift, "Repairs", "Mending"),
        ("Anna", Key.Key_Insert, shift, "", "Returns"),
    ):
        go(page, at, page.matrix.categories[-1].name)
        press(page.view, key, modifier)
        named = window(page)
        assert isinstance(named, NameWindow)
        assert named.name.text() == old
        named.name.setText(" ")
        named.save.click()
        assert "Give a name" in named.notice.words
        named.name.setText(new)
        named.save.click()
        assert page.notice.words == f"Saved: {new}"
    assert {row["name"] for row in office.house.people.all()} == {"Anna", "Ben", "Olga"}
    assert {row["name"] for row in office.house.grants.categories()} == {"Billing", "Mending", "Returns"}
    assert page.matrix.nobody(page.matrix.columnCount() - 1)


def test_what_belongs_into_a_category_is_said_by_key(page: PeoplePage, office: Office) -> None:
    for before, after in (("", "Mending & more"), ("Mending & more", "")):
        go(page, "Ann", "Repairs")
        press(page.view, Key.Key_F2, Qt.KeyboardModifier.ControlModifier)
        asked = window(page)
        assert isinstance(asked, NameWindow)
        assert asked.name.text() == before
        asked.name.setText(after)
        asked.save.click()
        assert office.house.grants.find_category("Repairs")["description"] == after
        assert page.notice.words.startswith("Saved")


def test_somebody_leaves_with_one_action(page: PeoplePage, office: Office, seat: Seat, tmp_path: Path) -> None:
    ben, ann = office.house.people.find("Ben")["id"], office.house.people.find("Ann")["id"]
    ticket = page.desk.reader.ticket_by_number(2)
    assert ticket is not None
    office.house.grants.grant(ann, office.house.grants.find_category("Repairs")["id"])
    seat.desk.intents.assign(ticket, ben)
    _write(office, ticket)
    seat.sync()
    go(page, "Ben", "Billing")
    press(page.view, Key.Key_Delete)
    leaving = window(page)
    assert isinstance(leaving, RemovePersonWindow)
    assert "Loses: Billing, Repairs" in leaving.facts.text()
    assert "theirs: 1" in leaving.facts.text()
    assert [row.text for row in leaving.sent.rows] == ["=SUM(A1) is what I wrote"]
    wanted: list[str] = []
    page.ticket_wanted.connect(wanted.append)
    leaving.export_to(tmp_path / "ben.csv")
    csv = (tmp_path / "ben.csv").read_text(encoding="utf-8-sig")
    assert "'=SUM(A1) is what I wrote" in csv
    leaving.heir.chosen.emit(ann)

    leaving.remove.click()

    assert page.notice.words == "Ben was removed."
    assert not office.house.people.find("Ben")["is_active"]
    seat.sync()
    detail = page.desk.reader.ticket(ticket)
    assert detail is not None
    assert detail.row.assignee_id == ann
    assert page.matrix.row_of(ben) == -1
    page.bar.pressed.emit("former")
    page.view.setCurrentIndex(page.matrix.index(page.matrix.row_of(ben), 1))
    press(page.view, Key.Key_Space)
    assert not page.matrix.plan
    page.bar.pressed.emit("back")
    assert office.house.people.find("Ben")["is_active"]


def _write(office: Office, ticket_id: str) -> None:
    """Ben writes a note."""
    ben = office.connector("Ben")
    account = next(one for one in ben.access().accounts if one.name == "Repairs")
    now = office.clock.now_ms()
    note = PostMessage("0199-note-of-ben", ticket_id, MessageKind.NOTE, "=SUM(A1) is what I wrote", now)
    [outcome] = ben.send([Routed(note, account.id)])
    assert outcome.result is Result.APPLIED


def test_one_who_is_no_owner_finds_no_list(office: Office, tmp_path: Path, qapp: QApplication) -> None:
    with seat_of(office, "Ann", tmp_path, qapp) as seat:
        opened = PeoplePage(seat.desk, seat.connector.administration)
        opened.show()
        assert opened.view.isHidden()
        assert "Only owners" in opened.nothing.text()
        opened.hide()
        opened.deleteLater()


def test_forty_people_and_thirty_categories(page: PeoplePage, office: Office, seat: Seat) -> None:
    for number in range(28):
        office.category(f"Category with a long name {number}")
    for number in range(37):
        office.agent(f"Agent {number:02}")
    seat.sync()
    assert (page.matrix.rowCount(), page.matrix.columnCount()) == (40, 31)
    go(page, "Agent 36", "Category with a long name 27")
    visible = page.view.visualRect(page.view.currentIndex())
    assert page.view.viewport().rect().contains(visible)
    assert page.view.verticalHeader().isVisible()
    press(page.view, Key.Key_Space)
    assert page.matrix.tick(page.view.currentIndex()) is Tick.GIVEN


def test_what_was_saved_stays_ticked_while_its_rows_are_on_their_way(page: PeoplePage, office: Office) -> None:
    page.sync_wanted.disconnect()
    tick(page, "Ann", "Repairs")
    page.saving.save()
    assert "Repairs" in granted(office, "Ann")
    page.reload()
    go(page, "Ann", "Repairs")
    assert page.matrix.tick(page.view.currentIndex()) is Tick.YES
    office.house.grants.revoke(
        office.house.people.find("Ann")["id"], office.house.grants.find_category("Repairs")["id"]
    )
    page.matrix.forget_settled(page.desk.reader.people())
    assert page.matrix.tick(page.view.currentIndex()) is Tick.NO


def test_an_owner_is_asked_before_removing_oneself(page: PeoplePage, office: Office, seat: Seat) -> None:
    office.agent("Otto", is_owner=True)
    seat.sync()
    go(page, "Olga", "Billing")
    press(page.view, Key.Key_Delete)
    leaving = window(page)
    assert isinstance(leaving, RemovePersonWindow)
    assert "This is you" in leaving.facts.text()
    leaving.remove.click()
    assert "Remove yourself?" in leaving.notice.words
    assert office.house.people.find("Olga")["is_active"]
    leaving.notice.answered.emit(True)
    assert not office.house.people.find("Olga")["is_active"]


def test_a_grant_goes_into_the_second_line_and_back(page: PeoplePage) -> None:
    go(page, "Ann", "Repairs")
    assert not page.bar.buttons["line"].isEnabled()
    press(page.view, Key.Key_F4)  # nothing: she does not have it
    go(page, "Ann", "Billing")
    assert page.bar.buttons["line"].isEnabled()
    press(page.view, Key.Key_F4)
    here = page.view.currentIndex()
    assert page.matrix.data(here, Qt.ItemDataRole.AccessibleTextRole) == "Ann, Billing: yes, second line"
    assert "only where nobody of the first line was reached" in page.notice.words
    assert not page.grab().isNull()
    columns = range(page.matrix.columnCount())
    titles = [page.matrix.headerData(one, Qt.Orientation.Horizontal) for one in columns]
    assert not page.matrix.nobody(titles.index("Billing"))  # Ben still covers it
    go(page, "Ann", "Billing")
    assert page.bar.buttons["line"].text() == "To the first line"
    press(page.view, Key.Key_F4)
    assert page.matrix.data(page.view.currentIndex(), Qt.ItemDataRole.AccessibleTextRole) == "Ann, Billing: yes"
    assert page.notice.words == "Billing rings for Ann at once."
