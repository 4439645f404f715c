"""Tags are proposed as one types, from a real cache."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListWidget

from desktop.widgets.tag_popup import TagPopup
from sync.domain.actions import EditTicket
from tests.rigs.stand import Stand
from tests.rigs.world import World

Key = Qt.Key
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def popup(stand: Stand, world: World) -> TagPopup:
    world.ticket("One", tags={"Mirror": True, "bundle": True})
    world.ticket("Two", tags={"Mirror": True, "e-mirror": True, "refund": True})
    ticket = world.ticket("Three", tags={"refund": True})
    stand.presenter.show_ticket(ticket)
    stand.pane.open_field("tags")
    (popup,) = stand.pane.findChildren(TagPopup)
    return popup


def field(popup: TagPopup) -> QLineEdit:
    return popup.findChildren(QLineEdit)[0]


def edits(world: World) -> list[dict[str, str | bool | None]]:
    actions = [row.action for row in world.desk.reader.outbox()]
    return [dict(action.wanted) for action in actions if isinstance(action, EditTicket)]


def test_those_that_begin_so_come_first(popup: TagPopup) -> None:
    assert popup.offered == [("refund", True)]
    QTest.keyClicks(field(popup), "mir")
    assert popup.offered == [("Mirror", False), ("e-mirror", False)]
    field(popup).setText("re")
    assert popup.offered == [("refund", True)]


def test_arrow_down_and_space_take_a_known_one(popup: TagPopup, world: World) -> None:
    QTest.keyClicks(field(popup), "bun")
    QTest.keyClick(field(popup), Key.Key_Down)
    QTest.keyClick(popup.findChildren(QListWidget)[0], Key.Key_Space)
    assert edits(world) == [{"tags/bundle": True}]
    assert (field(popup).text(), popup.offered) == ("", [("refund", True), ("bundle", True)])


def test_the_same_word_in_other_capitals_is_the_same_tag(popup: TagPopup, world: World) -> None:
    QTest.keyClicks(field(popup), "mirror")
    QTest.keyClick(field(popup), Key.Key_Return)
    QTest.keyClicks(field(popup), "never seen")
    QTest.keyClick(field(popup), Key.Key_Return)
    assert edits(world) == [{"tags/Mirror": True}, {"tags/never seen": True}]


def test_one_can_be_taken_away_while_typing(popup: TagPopup, world: World) -> None:
    QTest.keyClicks(field(popup), "ref")
    QTest.keyClick(field(popup), Key.Key_Down)
    QTest.keyClick(popup.findChildren(QListWidget)[0], Key.Key_Return)
    assert edits(world) == [{"tags/refund": None}]
