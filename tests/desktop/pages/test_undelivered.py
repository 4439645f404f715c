"""Undelivered: every answer keeps the words."""

import json

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.pages.undelivered import UndeliveredPage
from desktop.widgets.attachments_strip import AttachmentsStrip
from desktop.widgets.key_button import KeyButton
from desktop.widgets.message_frame import MessageFrame
from sync.connectors.port import Outcome, Result
from sync.domain.actions import CreateTicket, EditTicket, PostMessage
from sync.domain.choices import Choice
from sync.domain.records import MessageKind, Status
from sync.domain.times import DAY_MS, to_utc_date
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
    assert page.item.reason.words == (
        "Tom B. answered today 14:16, so yours was held. Noor H. has one answer so far. Read both, then decide."
    )
    assert [answer.words for answer in page.answers.answers] == [
        "Send to Noor H. anyway", "Edit first", "Keep as internal note", "Open #4171",
    ]  # fmt: skip
    bodies = [frame.entry.body for frame in page.findChildren(MessageFrame) if not frame.isHidden()]
    assert bodies == [WORDS, "Any news?", "It left us on Friday."]


def test_the_files_of_the_words_are_shown_and_wanted(world: World, qtbot: QtBot) -> None:
    ticket = world.ticket("Refund", "Refunds", "Noor H.", number=4172)
    file = world.cache.attach_bytes(b"a picture", "image/png", "screen.png")
    world.desk.intents.reply(ticket, WORDS, 0, attachments=(file,))
    key = world.desk.reader.outbox()[0].client_key
    world.hold(key, "notFound", "It is gone.")
    page = UndeliveredPage(world.desk)
    qtbot.addWidget(page)
    page.show_item(key)
    strip = page.item.words.findChildren(AttachmentsStrip)[-1]
    with qtbot.waitSignal(page.file_wanted) as told:
        strip.wanted.emit(file, True)
    assert told.args == [file, True]


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
    assert page.item.reason.words == "You can no longer reach this category."
    assert page.answers.answers == ()
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
    button = stranded.answers.button(Choice.OTHER_CATEGORY)
    assert button is not None
    assert button.text() == "Send to another category…"
    assert button.isEnabled()
    (row,) = world.desk.reader.undelivered()
    menu = stranded.deciding.category_menu(row)
    assert [action.text() for action in menu.actions()] == ["&1  Billing", "&2  Downloads"]
    menu.actions()[0].trigger()
    assert world.desk.reader.undelivered() == []
    (waiting,) = world.desk.reader.outbox()
    assert isinstance(waiting.action, CreateTicket)
    assert (waiting.action.category_id, waiting.action.subject) == (world.category_ids["Billing"], "Twelve seats")


def test_without_any_category_it_says_so(stranded: UndeliveredPage, world: World) -> None:
    world.save_access([])
    stranded.reload()
    button = stranded.answers.button(Choice.OTHER_CATEGORY)
    assert button is not None
    assert not button.isEnabled()
    assert button.toolTip() == button.accessibleDescription()
    assert button.toolTip().startswith("You have no category to send it to.")


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


def test_edit_first_makes_a_draft_on_the_ticket(page: UndeliveredPage, world: World, qtbot: QtBot, held: str) -> None:
    ticket = world.desk.reader.undelivered()[0].ticket_id
    with qtbot.waitSignal(page.writing_wanted) as told:
        QTest.keyClick(page.cards, Qt.Key.Key_E)
    assert told.args == [ticket, "reply"]
    assert world.desk.reader.undelivered() == []
    assert [(row.ticket_id, row.mode, row.text) for row in world.desk.reader.drafts()] == [(ticket, "reply", WORDS)]


def test_kept_as_a_note_it_reaches_no_requester(page: UndeliveredPage, world: World) -> None:
    QTest.keyClick(page.cards, Qt.Key.Key_N)
    (row,) = world.desk.reader.outbox()
    assert isinstance(row.action, PostMessage)
    assert (row.action.kind, row.action.body_text) == (MessageKind.NOTE, WORDS)


def test_letters_can_be_switched_off(page: UndeliveredPage, world: World) -> None:
    world.desk.settings.put("keys/single", False)
    QTest.keyClick(page.cards, Qt.Key.Key_N)
    assert len(world.desk.reader.undelivered()) == 1
    world.desk.settings.put("keys/single", True)
    QTest.keyClick(page.cards, Qt.Key.Key_N)
    assert world.desk.reader.undelivered() == []


def test_letters_do_nothing_where_they_are_no_answer(page: UndeliveredPage, world: World) -> None:
    QTest.keyClick(page.cards, Qt.Key.Key_F)
    QTest.keyClick(page.cards, Qt.Key.Key_C)
    assert len(world.desk.reader.undelivered()) == 1


def test_too_late_for_a_closed_ticket_a_follow_up_takes_the_words(world: World, qtbot: QtBot) -> None:
    ticket = world.ticket("Where is it", "Refunds", "Noor H.", number=4172, status="closed", awaiting=None,
                          closedAt=to_utc_date(world.clock.now - 30 * DAY_MS))  # fmt: skip
    world.desk.intents.reply(ticket, WORDS, 0)
    world.hold(world.desk.reader.outbox()[0].client_key, "closed", "It is closed.")
    page = UndeliveredPage(world.desk)
    qtbot.addWidget(page)
    assert page.item.reason.words == (
        "The ticket was closed 15 Feb 14:26, too long ago for a reply to open it again. A follow-up ticket takes your "
        "words to Noor H.; or keep them as a note."
    )
    QTest.keyClick(page.cards, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (row,) = world.desk.reader.outbox()
    assert isinstance(row.action, CreateTicket)
    assert (row.action.follow_up_of, row.action.body_text) == (ticket, WORDS)


def test_words_for_a_merged_ticket_go_to_the_one_it_goes_on_in(world: World, qtbot: QtBot) -> None:
    goal = world.ticket("Refund", "Refunds", "Noor H.", number=4190)
    ticket = world.ticket("Refund again", "Refunds", "Noor H.", number=4191)
    world.desk.intents.reply(ticket, WORDS, 0)
    world.change(ticket, status="closed", awaiting=None, mergedIntoId=goal)
    event = json.dumps({"what": "merged", "from": ticket, "to": goal, "by": TOM}, separators=(",", ":"))
    world.message(ticket, "event", event, TOM, minutes_ago=6)
    world.hold(world.desk.reader.outbox()[0].client_key, "merged", "It was merged.")
    page = UndeliveredPage(world.desk)
    world.desk.bridge.changed.connect(page.reload)
    qtbot.addWidget(page)
    assert page.item.reason.words == ("Tom B. merged the ticket into #4190 today 14:20. Your words can go there.")
    with qtbot.waitSignal(page.ticket_wanted) as told:
        QTest.keyClick(page.cards, Qt.Key.Key_Return)
    assert told.args == [goal]
    QTest.keyClick(page.cards, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (row,) = world.desk.reader.outbox()
    assert row.ticket_id == goal


@pytest.fixture
def lost_edit(world: World, qtbot: QtBot) -> UndeliveredPage:
    """I closed it while Tom set it to waiting."""
    ticket = world.ticket("Refund", "Refunds", "Noor H.", number=4190)
    world.desk.intents.set_status(ticket, Status.CLOSED)
    world.change(ticket, status="waiting", awaiting="requester")
    event = json.dumps({"what": "status", "from": "open", "to": "waiting", "by": TOM}, separators=(",", ":"))
    world.message(ticket, "event", event, TOM, minutes_ago=6)
    world.hold(world.desk.reader.outbox()[0].client_key, "stateMismatch", "Somebody changed it first.")
    page = UndeliveredPage(world.desk)
    qtbot.addWidget(page)
    return page


def test_a_lost_field_shows_mine_theirs_and_what_it_was(lost_edit: UndeliveredPage) -> None:
    assert lost_edit.item.reason.words == (
        "Tom B. set it to waiting for requester today 14:20. Apply yours over it, or leave it as it is now."
    )
    assert lost_edit.item.fields.accessibleName() == ("Status: yours Closed, now Waiting for requester, before Open")
    assert [answer.words for answer in lost_edit.answers.answers] == ["Apply mine", "Open #4190"]


def test_one_key_applies_mine(lost_edit: UndeliveredPage, world: World) -> None:
    QTest.keyClick(lost_edit.cards, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (row,) = world.desk.reader.outbox()
    assert isinstance(row.action, EditTicket)
    assert (row.action.wanted, row.action.base) == ({"status": "closed"}, {"status": "waiting"})


@pytest.fixture
def forty(world: World, qtbot: QtBot) -> UndeliveredPage:
    """30 notes and 10 changes that came back from one round."""
    for number in range(30):
        ticket = world.ticket(f"Ticket {number}", "Refunds", number=5000 + number)
        world.desk.intents.note(ticket, f"Note {number}")
    for number in range(10):
        world.desk.intents.set_status(world.ticket(f"Other {number}", "Refunds"), Status.CLOSED)
    world.cache.batch(100, 1_000_000)
    rows = world.desk.reader.outbox()
    reasons = {"PostMessage": "tooLarge", "EditTicket": "stateMismatch"}
    world.cache.settle(
        [Outcome(row.client_key, Result.REFUSED, {}, reasons[type(row.action).__name__], "No.") for row in rows]
    )
    page = UndeliveredPage(world.desk)
    world.desk.bridge.changed.connect(page.reload)
    qtbot.addWidget(page)
    return page


def test_forty_are_one_line_and_their_reasons(forty: UndeliveredPage) -> None:
    assert forty.cards.model().rowCount() == 41
    card = forty.cards.model().index(0, 0).data()
    assert card.startswith("40 came back together, 30: Too large for the server, 10: Somebody changed it first")
    assert forty.bulk.isVisibleTo(forty)
    assert [button.text() for button in forty.bulk._buttons] == ["Apply mine: 10", "Save again: 30", "Discard all 40"]
    assert not forty._discard.isVisibleTo(forty)


def test_forty_are_discarded_at_once_and_taken_back_at_once(forty: UndeliveredPage, world: World, qtbot: QtBot) -> None:
    forty.bulk._buttons[-1].click()
    qtbot.waitUntil(lambda: forty.cards.model().rowCount() == 0)
    assert len(world.desk.reader.discarded()) == 40
    forty.undo()
    qtbot.waitUntil(lambda: forty.cards.model().rowCount() == 41)


def test_all_changes_are_applied_at_once(forty: UndeliveredPage, world: World) -> None:
    forty.bulk._buttons[0].click()
    assert len(world.desk.reader.outbox()) == 10
    assert len(world.desk.reader.undelivered()) == 30


def test_the_discarded_say_until_when(page: UndeliveredPage, qtbot: QtBot) -> None:
    QTest.keyClick(page.cards, Qt.Key.Key_Delete)
    qtbot.waitUntil(page._switch.isVisible)
    page._switch.click()
    assert page.item.reason.words == "Discarded today 14:26. It can be taken back until 16 Apr, then it is gone."
    assert "Kept until 16 Apr" in page.cards.model().index(0, 0).data()


@pytest.mark.parametrize("width", [760, 800, 900, 1000, 1280])
def test_no_button_is_cut_at_any_width(page: UndeliveredPage, world: World, width: int, qtbot: QtBot) -> None:
    page.resize(width - 52, 540)
    page.adapt(width, 540)
    QCoreApplication.processEvents()
    buttons = [one for one in page._bar.findChildren(KeyButton) if one.isVisible()]
    assert len(buttons) == 6
    for button in buttons:
        assert button.width() >= button.sizeHint().width()
        assert page._bar.rect().contains(QRect(button.mapTo(page._bar, QPoint(0, 0)), button.size()))
