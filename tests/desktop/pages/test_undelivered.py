"""Undelivered: every answer keeps the words."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.pages.undelivered import UndeliveredPage
from desktop.widgets.message_frame import MessageFrame
from sync.domain.actions import CreateTicket, PostMessage
from tests.rigs.world import TOM, World

WORDS = "Your refund went out on Friday."


@pytest.fixture
def held(world: World) -> str:
    ticket = world.ticket("Refund is not on my card yet", "Refunds", "Noor H.", number=4171)
    world.message(ticket, "inbound", "Where is it?", minutes_ago=50)
    world.desk.intents.reply(ticket, WORDS, 1)
    key = world.desk.reader.outbox()[0].client_key
    world.message(ticket, "inbound", "Any news?", minutes_ago=20)
    world.message(ticket, "reply", "It left us on Friday.", TOM, minutes_ago=10)
    world.hold(key, "overtaken", "A colleague's reply was sent first.")
    return key


@pytest.fixture
def page(world: World, held: str, qtbot: QtBot) -> UndeliveredPage:
    page = UndeliveredPage(world.desk)
    world.desk.bridge.changed.connect(page.reload)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    with qtbot.waitExposed(page):
        page.show()
    page.show_item(held)
    return page


def test_it_says_who_why_and_both_words(page: UndeliveredPage) -> None:
    card = page.cards.model().index(0, 0).data()
    assert card.startswith("Noor H., #4171, Refund is not on my card yet, Tom B. answered first")
    assert page._reason.words == (
        "Tom B. answered first, so yours was held. Noor H. has one answer so far. Read both, then decide."
    )
    bodies = [frame.entry.body for frame in page.findChildren(MessageFrame) if not frame.isHidden()]
    assert bodies == [WORDS, "Any news?", "It left us on Friday."]


def test_send_again_goes_back_to_the_outbox(page: UndeliveredPage, world: World, qtbot: QtBot) -> None:
    QTest.keyClick(page.cards, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (row,) = world.desk.reader.outbox()
    assert isinstance(row.action, PostMessage)
    assert (row.action.body_text, row.action.base_seq) == (WORDS, 3)
    qtbot.waitUntil(lambda: page.cards.model().rowCount() == 0)


def test_discard_can_be_taken_back(page: UndeliveredPage, world: World, qtbot: QtBot) -> None:
    QTest.keyClick(page.cards, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: page.cards.model().rowCount() == 0)
    assert [row.text for row in world.desk.reader.discarded()] == [WORDS]
    QTest.keyClick(page.cards, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.cards.model().rowCount() == 1)
    assert [row.text for row in world.desk.reader.undelivered()] == [WORDS]


def test_the_discarded_have_their_own_list(page: UndeliveredPage, world: World, qtbot: QtBot, held: str) -> None:
    QTest.keyClick(page.cards, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: page._switch.text() == "Discarded, 1")
    page._switch.click()
    assert page.cards.current == held
    QTest.keyClick(page.cards, Qt.Key.Key_Delete)
    assert len(world.desk.reader.discarded()) == 1
    page._back.click()
    assert [row.client_key for row in world.desk.reader.undelivered()] == [held]


def test_copy_and_open(page: UndeliveredPage, qtbot: QtBot) -> None:
    QTest.keyClick(page.cards, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == WORDS
    with qtbot.waitSignal(page.ticket_wanted):
        QTest.keyClick(page.cards, Qt.Key.Key_Return)


def test_words_of_a_category_out_of_reach_are_kept(world: World, qtbot: QtBot) -> None:
    ticket = world.ticket("Cannot install", "Installation", "Lotta E.")
    world.desk.intents.note(ticket, "Rang her.")
    world.save_access(["Downloads"])
    world.hold(world.desk.reader.outbox()[0].client_key, "accountNotFound", "You can no longer reach this category.")
    page = UndeliveredPage(world.desk)
    qtbot.addWidget(page)
    assert page.cards.model().rowCount() == 1
    assert page._reason.words == "You can no longer reach this category."
    assert page._open.isHidden()
    assert not page._send.isEnabled()
    assert page._send.toolTip() == page._send.accessibleDescription()
    assert page._send.toolTip().startswith("The ticket is out of your reach.")
    QTest.keyClick(page.cards, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(world.desk.reader.undelivered()) == 1
    QTest.keyClick(page.cards, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Rang her."
    assert [frame.entry.body for frame in page.findChildren(MessageFrame) if not frame.isHidden()] == ["Rang her."]


@pytest.fixture
def stranded(world: World, qtbot: QtBot) -> UndeliveredPage:
    """A new ticket whose category was taken from me."""
    category = world.category_ids["Installation"]
    world.desk.intents.create_ticket(category, "Twelve seats", "A price, please.", ("Aaron P.", None, None))
    (row,) = world.desk.reader.outbox()
    world.save_access(["Downloads", "Billing"])
    world.hold(row.client_key, "accountNotFound", "You can no longer reach this category.")
    page = UndeliveredPage(world.desk)
    qtbot.addWidget(page)
    return page


def test_a_new_ticket_goes_to_another_category(stranded: UndeliveredPage, world: World) -> None:
    assert stranded._send.text() == "Send to another category…"
    assert stranded._send.isEnabled()
    (row,) = world.desk.reader.undelivered()
    menu = stranded._sending.category_menu(row)
    assert [action.text() for action in menu.actions()] == ["&1  Billing", "&2  Downloads"]
    menu.actions()[0].trigger()
    assert world.desk.reader.undelivered() == []
    (waiting,) = world.desk.reader.outbox()
    assert isinstance(waiting.action, CreateTicket)
    assert (waiting.action.category_id, waiting.action.subject) == (world.category_ids["Billing"], "Twelve seats")


def test_without_any_category_it_says_so(stranded: UndeliveredPage, world: World) -> None:
    world.save_access([])
    stranded.reload()
    assert not stranded._send.isEnabled()
    assert stranded._send.toolTip().startswith("You have no category to send it to.")


def test_under_760_list_and_item_share_one_place(page: UndeliveredPage, qtbot: QtBot) -> None:
    page.adapt(700, 600)
    assert page.head.isVisible()  # it was asked for by its name
    assert page.leave()
    assert page.cards.hasFocus()
    assert not page.head.isVisible()
    QTest.keyClick(page.cards, Qt.Key.Key_Return)
    assert page.head.isVisible()
    assert not page.cards.isVisible()
    assert page._right.hasFocus()
    with qtbot.waitSignal(page.ticket_wanted):
        QTest.keyClick(page._right, Qt.Key.Key_Return)
    QTest.keyClick(page._right, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == WORDS
    assert page.leave()
    assert page.cards.hasFocus()
    assert not page.leave()
    page.adapt(1100, 600)
    assert page.cards.isVisible()
    assert page.head.isVisible()


def test_the_last_one_sent_ends_the_item(page: UndeliveredPage, qtbot: QtBot) -> None:
    page.adapt(700, 600)
    page.show_item(page.cards.current)
    QTest.keyClick(page._right, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(page.nothing.isVisible)
    assert page.cards.isVisible()
