"""Quick notes find their ticket."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.models.note_proposals import proposals
from desktop.pages.quick_notes import QuickNotesPage
from sync.domain.actions import AttachQuickNote, DiscardQuickNote
from tests.rigs.world import World


def indexed(world: World) -> None:
    while world.cache.index_some(1000):
        pass


def filled(world: World) -> str:
    ticket = world.ticket("Refund is not on my card yet", "Refunds", "Noor Hassan", number=4171, minutes_ago=30)
    world.message(ticket, "inbound", "Where is my refund?", minutes_ago=30)
    other = world.ticket("Installer stops", "Installation", "Dalia M.", number=4198, minutes_ago=9000)
    world.message(other, "inbound", "The installer stops at the licence, no refund please.", minutes_ago=9000)
    indexed(world)
    return ticket


def test_name_words_and_time_propose(world: World, qapp: object) -> None:
    ticket = filled(world)
    found = proposals("Noor called about the refund", world.clock.now, world.desk.reader.search)
    assert found[0].id == ticket
    assert len(found) == 2


def test_a_number_is_the_strongest_hint(world: World, qapp: object) -> None:
    filled(world)
    found = proposals("refund for Noor? no, this is #4198", world.clock.now, world.desk.reader.search)
    assert found[0].number == 4198


def test_a_note_that_fits_nothing_proposes_nothing(world: World, qapp: object) -> None:
    filled(world)
    assert proposals("buy milk", world.clock.now, world.desk.reader.search) == []


def test_a_attaches_to_the_proposed_ticket(world: World, qtbot: QtBot) -> None:
    ticket = filled(world)
    world.desk.intents.quick_note("Noor called about the refund")
    page = QuickNotesPage(world.desk)
    world.desk.bridge.changed.connect(page.reload)
    qtbot.addWidget(page)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    QTest.keyClick(page.cards, Qt.Key.Key_A)
    assert page._tickets.hasFocus()
    QTest.keyClick(page._tickets, Qt.Key.Key_Return)
    actions = [row.action for row in world.desk.reader.outbox()]
    attached = [action for action in actions if isinstance(action, AttachQuickNote)]
    assert [(one.ticket_id, one.text) for one in attached] == [(ticket, "Noor called about the refund")]
    qtbot.waitUntil(lambda: page.cards.model().rowCount() == 0)


def test_another_ticket_is_found_by_its_number(world: World, qtbot: QtBot) -> None:
    filled(world)
    world.desk.intents.quick_note("buy milk")
    page = QuickNotesPage(world.desk)
    qtbot.addWidget(page)
    assert page._tickets.count() == 0
    assert not page._attach.isEnabled()
    QTest.keyClicks(page._find, "4198")
    qtbot.waitUntil(lambda: page._tickets.count() == 1)
    assert page._attach.isEnabled()


def test_thrown_away_words_can_be_pasted_back(world: World, qtbot: QtBot) -> None:
    world.desk.intents.quick_note("buy milk")
    page = QuickNotesPage(world.desk)
    qtbot.addWidget(page)
    QTest.keyClick(page.cards, Qt.Key.Key_Delete)
    assert isinstance(world.desk.reader.outbox()[-1].action, DiscardQuickNote)
    assert world.desk.reader.quick_notes() == []
