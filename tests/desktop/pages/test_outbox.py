"""The outbox: what waits, since when, and why."""

from pytestqt.qtbot import QtBot

from desktop.pages.outbox import OutboxPage
from sync.domain.times import MINUTE_MS
from sync.engine.status import Condition, SyncStatus
from tests.rigs.world import NOW, World


def test_each_entry_says_what_and_how_long(world: World, qtbot: QtBot) -> None:
    ticket = world.ticket("Cannot install", "Installation", "Lotta E.", number=4102)
    world.desk.intents.reply(ticket, "Please try again.", 0)
    world.desk.intents.create_ticket(world.category_ids["Billing"], "Call back", "", ("Aaron P.", None, None))
    world.clock.now += 9 * MINUTE_MS
    page = OutboxPage(world.desk)
    qtbot.addWidget(page)
    rows = [page.cards.model().index(row, 0).data() for row in range(2)]
    assert rows[0] == "Reply to Lotta E., #4102, Cannot install, Saved here, for 9 min, today 14:26."
    assert rows[1].startswith("New ticket from Aaron P., Call back")


def test_it_says_why_it_waits(world: World, qtbot: QtBot) -> None:
    world.desk.intents.quick_note("later")
    page = OutboxPage(world.desk)
    qtbot.addWidget(page)
    assert page._why.words == "It goes with the next contact."
    page.show_status(SyncStatus(Condition.OFFLINE, offline_since_ms=NOW - 23 * MINUTE_MS))
    assert page._why.words == "The server has not answered since 14:03. It is tried again by itself."


def test_an_unsent_reply_becomes_a_draft_again(world: World, qtbot: QtBot) -> None:
    ticket = world.ticket("Cannot install")
    world.desk.intents.reply(ticket, "Please try again.", 0)
    page = OutboxPage(world.desk)
    world.desk.bridge.changed.connect(page.reload)
    qtbot.addWidget(page)
    with qtbot.waitSignal(page.ticket_wanted) as wanted:
        page._back.click()
    assert wanted.args == [ticket]
    qtbot.waitUntil(lambda: page.cards.model().rowCount() == 0)
    assert [row.text for row in world.desk.reader.drafts()] == ["Please try again."]


def test_try_now_is_told(world: World, qtbot: QtBot) -> None:
    world.desk.intents.quick_note("later")
    page = OutboxPage(world.desk)
    qtbot.addWidget(page)
    with qtbot.waitSignal(page.retry_wanted):
        page._retry.click()
