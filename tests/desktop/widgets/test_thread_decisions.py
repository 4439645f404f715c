"""What was not delivered is decided right in the thread."""

import json

from pytestqt.qtbot import QtBot

from desktop.models.composing import Mode
from desktop.models.thread import Entry, State, spoken
from desktop.widgets.answer_row import AnswerRow
from desktop.widgets.message_frame import MessageFrame
from sync.domain.actions import EditTicket, PostMessage
from sync.domain.choices import Choice
from sync.domain.records import MessageKind, Status
from tests.rigs.stand import Stand
from tests.rigs.world import TOM, World

WORDS = "Your refund went out on Friday."


def overtaken(world: World) -> str:
    """A ticket on which Tom answered first."""
    ticket = world.ticket("Refund is not on my card yet", "Refunds", "Noor H.", number=4171)
    world.message(ticket, "inbound", "Where is it?", minutes_ago=50)
    world.desk.intents.reply(ticket, WORDS, 1)
    key = world.desk.reader.outbox()[0].client_key
    world.message(ticket, "reply", "It left us on Friday.", TOM, minutes_ago=10)
    world.hold(key, "overtaken", "A colleague's reply was sent first.")
    return ticket


def last(stand: Stand) -> Entry:
    return stand.pane.thread_view.column.shown[-1]


def frame_of(stand: Stand) -> MessageFrame:
    found = stand.pane.thread_view.column.widget_of(last(stand).id)
    assert isinstance(found, MessageFrame)
    return found


def press(stand: Stand, choice: Choice) -> None:
    (row,) = (one for one in frame_of(stand).findChildren(AnswerRow) if one.isVisible())
    button = row.button(choice)
    assert button is not None
    button.click()


def test_an_overtaken_reply_offers_its_answers_where_it_stands(stand: Stand, qtbot: QtBot) -> None:
    stand.presenter.show_ticket(overtaken(stand.world))
    entry = last(stand)
    assert (entry.state, entry.body) == (State.NEEDS_YOU, WORDS)
    assert entry.held is not None
    assert entry.held.why.startswith("Tom B. answered today 14:16, so yours was held.")
    assert [one.choice for one in entry.held.answers] == [
        Choice.SEND_ANYWAY, Choice.EDIT, Choice.AS_NOTE, Choice.DISCARD,
    ]  # fmt: skip
    press(stand, Choice.SEND_ANYWAY)
    (row,) = stand.world.desk.reader.outbox()
    assert isinstance(row.action, PostMessage)
    assert (row.action.kind, row.action.base_seq) == (MessageKind.REPLY, 2)
    qtbot.waitUntil(lambda: last(stand).state is State.SENDS_NEXT)
    assert last(stand).held is None


def test_edit_tells_where_the_words_are_now(stand: Stand, qtbot: QtBot) -> None:
    ticket = overtaken(stand.world)
    stand.presenter.show_ticket(ticket)
    with qtbot.waitSignal(stand.presenter.decisions.deciding.writing_wanted) as told:
        press(stand, Choice.EDIT)
    assert told.args == [ticket, "reply"]
    assert stand.presenter.writing.bring(Mode.REPLY)
    assert stand.composer.draft.text == WORDS


def test_a_lost_change_stands_at_the_end_and_one_press_applies_it(stand: Stand, qtbot: QtBot) -> None:
    world = stand.world
    ticket = world.ticket("Refund", "Refunds", "Noor H.", number=4190)
    world.desk.intents.set_status(ticket, Status.CLOSED)
    world.change(ticket, status="waiting", awaiting="requester")
    world.message(ticket, "event", json.dumps({"what": "status", "from": "open", "to": "waiting", "by": TOM}), TOM)
    world.hold(world.desk.reader.outbox()[0].client_key, "stateMismatch", "Somebody changed it first.")
    stand.presenter.show_ticket(ticket)
    assert last(stand).title == "Your change was not applied"
    assert last(stand).body == "Status: yours Closed, now Waiting for requester"
    press(stand, Choice.APPLY_MINE)
    (row,) = world.desk.reader.outbox()
    assert isinstance(row.action, EditTicket)
    assert row.action.wanted == {"status": "closed"}
    qtbot.waitUntil(lambda: last(stand).kind is MessageKind.EVENT)


def test_messages_of_a_merged_ticket_name_it(stand: Stand) -> None:
    world = stand.world
    goal = world.ticket("Refund", "Refunds", "Noor H.", number=4190)
    world.message(goal, "inbound", "Where is it?", minutes_ago=50)
    other = world.ticket("Refund again", "Refunds", "Noor H.", number=4191)
    world.message(other, "inbound", "I asked before.", minutes_ago=40)
    world.change(other, status="closed", awaiting=None, mergedIntoId=goal)
    stand.presenter.show_ticket(goal)
    shown = stand.pane.thread_view.column.shown
    assert [(one.body, one.origin) for one in shown] == [("Where is it?", ""), ("I asked before.", "#4191")]
    assert "from ticket #4191" in spoken(shown[1])
