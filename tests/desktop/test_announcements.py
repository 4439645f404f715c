"""What is said to a screen reader, on a real cache: what, and not too often."""

import pytest
from pytestqt.qtbot import QtBot

from desktop.alerts.notifications.notifications import Notifications
from desktop.alerts.notifications.port import Note
from desktop.announcements import Announcements
from desktop.widgets.announcing import Announcer
from sync.connectors.port import Outcome, Result
from sync.engine.status import Condition, SyncStatus
from tests.rigs.world import World


class Said(Announcements):
    """Keeps every sentence, as if nothing else were being said."""

    def __init__(self, world: World) -> None:
        self.words: list[str] = []
        super().__init__(world.desk, Announcer(self.words.append, pause_ms=0))


@pytest.fixture
def said(world: World) -> Said:
    return Said(world)


def test_at_most_one_in_a_while_and_the_latest_wins(qtbot: QtBot) -> None:
    words: list[str] = []
    announcer = Announcer(words.append, pause_ms=40)
    for word in ("one", "two", "three"):
        announcer.tell(word)
    assert words == ["one"]
    qtbot.waitUntil(lambda: words == ["one", "three"])
    announcer.tell("four")
    assert words == ["one", "three"]
    qtbot.waitUntil(lambda: words == ["one", "three", "four"])


def reply(world: World, number: int, text: str) -> str:
    ticket = world.ticket("Download stops", number=number)
    world.message(ticket, "inbound", "It stops.")
    return world.desk.intents.reply(ticket, text, 1)


def settle(world: World, keys: list[str]) -> None:
    world.cache.batch(100, 1_000_000)
    world.desk_changes(world.cache.settle([Outcome(key, Result.APPLIED) for key in keys]))


def test_what_was_written_is_said_to_be_sent(said: Said, world: World, qtbot: QtBot) -> None:
    key = reply(world, 4187, "Try mirror 1.")
    world.desk.intents.mark_read(world.desk.reader.outbox()[0].ticket_id or "", 1)
    settle(world, [key])
    qtbot.waitUntil(lambda: said.words == ["Sent: Reply to Ines R., ticket 4187"])


def test_what_was_written_offline_is_said_as_one(said: Said, world: World, qtbot: QtBot) -> None:
    settle(world, [reply(world, number, "Yes.") for number in (1, 2, 3)])
    qtbot.waitUntil(lambda: said.words == ["Sent: 3 of what you wrote"])


def test_what_was_not_delivered_is_not_called_sent(said: Said, world: World, qtbot: QtBot) -> None:
    world.hold(reply(world, 4187, "Mine."), "overtaken", "A colleague answered first.")
    world.desk.bridge.report_undelivered(1)
    qtbot.waitUntil(lambda: said.words == ["Needs you: 1 of your texts was not delivered"])


def test_offline_and_online_are_said_when_they_change(said: Said, world: World, qtbot: QtBot) -> None:
    for condition in (Condition.ONLINE, Condition.DELAYED, Condition.OFFLINE, Condition.OFFLINE, Condition.ONLINE):
        qtbot.waitUntil(lambda: not said._announcer._pause.isActive())
        world.desk.bridge.status_changed.emit(SyncStatus(condition))
    qtbot.waitUntil(lambda: said.words == ["Offline. What you write is saved on this computer.", "Online again"])


def test_an_alert_is_said_as_its_notification_reads(said: Said) -> None:
    notifications = Notifications()
    notifications.told.connect(said.tell)
    notifications.show(Note("t1", "New ticket #4203", "Charged twice\nOskar N., Billing", "Open ticket"))
    assert said.words == ["New ticket #4203. Charged twice, Oskar N., Billing"]
