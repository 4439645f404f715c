"""However many come back together, it is said once."""

from pytestqt.qtbot import QtBot

from desktop.alerts.notifications.notifications import Notifications
from desktop.alerts.notifications.port import Note
from desktop.undelivered_told import KEY, UndeliveredTold
from tests.rigs.world import World


class Screen:
    """A desktop that shows every note."""

    def __init__(self) -> None:
        self.notes: list[Note] = []

    def show(self, note: Note) -> None:
        self.notes.append(note)

    def close(self, key: str) -> None:
        """Nothing to take away."""

    def stop(self) -> None:
        """Nothing to end."""


def told(world: World) -> tuple[UndeliveredTold, Notifications, Screen, list[str]]:
    notifications, screen, said = Notifications(), Screen(), list[str]()
    notifications.use([screen])
    made = UndeliveredTold(world.desk, notifications)
    made.said.connect(said.append)
    return made, notifications, screen, said


def lose(world: World, count: int) -> None:
    for number in range(count):
        world.desk.intents.reply(world.ticket(f"Ticket {number}", "Refunds", "Noor H.", number=5000 + number), "Hi", 0)
    for row in world.desk.reader.outbox():
        world.hold(row.client_key, "closed", "It is closed.")
        world.desk.bridge.report_undelivered(1)


def test_forty_are_one_word_and_one_notification(world: World, qtbot: QtBot) -> None:
    _made, _notifications, screen, said = told(world)
    lose(world, 40)
    qtbot.waitUntil(lambda: bool(said))
    assert said == ["Needs your decision: 40 of what you wrote."]
    assert [(note.key, note.title) for note in screen.notes] == [(KEY, said[0])]


def test_a_single_one_is_named_and_a_click_leads_there(world: World, qtbot: QtBot) -> None:
    made, notifications, screen, said = told(world)
    lose(world, 1)
    qtbot.waitUntil(lambda: bool(said))
    (note,) = screen.notes
    assert note.title == "Your reply to Noor H. was not sent #5000"
    with qtbot.waitSignal(made.wanted):
        notifications.activated.emit(note.key, "")


def test_what_waited_before_is_not_told_again(world: World, qtbot: QtBot) -> None:
    lose(world, 2)
    made, _notifications, screen, said = told(world)
    made.tell()
    assert (said, screen.notes) == ([], [])
