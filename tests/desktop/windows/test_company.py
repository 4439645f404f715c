"""Who else is at a ticket, on the screens; and what this window tells colleagues of its person."""

import pytest
from PySide6.QtCore import QCoreApplication, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.models.composing import Mode
from desktop.models.ticket_list import TEXT_ROLE
from sync.connectors.port import PresenceHint
from sync.domain.presence import LEASE_MS, Doing
from sync.engine.presence import Where
from sync.engine.status import Condition
from tests.rigs.frame import Frame, say_status
from tests.rigs.world import AIKO, ME, TOM

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LOOKING, TYPING = Doing.LOOKING, Doing.TYPING


def tell(frame: Frame, agent_id: str, doing: Doing | None, number: int = 4187) -> None:
    """As the stream tells it."""
    hint = PresenceHint("C1", frame.tickets[number], agent_id, doing, LEASE_MS / 1000)
    frame.desk.bridge.presence_told.emit(hint)


def head(frame: Frame) -> str:
    return frame.window.pane.head.company.words


def spoken(frame: Frame, number: int) -> str:
    """What a screen reader says for that ticket's row."""
    position = frame.row_numbers().index(number)
    return str(frame.parts.model.index(position, 0).data(Qt.ItemDataRole.AccessibleTextRole))


def row_picture(frame: Frame, number: int) -> bytes:
    """The painted row."""
    view = frame.list
    rect = view.visualRect(frame.parts.model.index(frame.row_numbers().index(number), 0))
    image = view.viewport().grab(rect).toImage()  # held until its octets are copied: constBits does not keep it alive
    return bytes(image.constBits())


def test_the_head_says_who_looks_and_who_types(frame: Frame) -> None:
    frame.open(4187)
    assert head(frame) == ""
    tell(frame, TOM, LOOKING)
    assert head(frame) == "Tom B. is looking"
    tell(frame, AIKO, TYPING)
    line = frame.window.pane.head.company
    assert (line.words, line.accessibleName()) == (
        "Aiko S. is typing a reply",
        "Aiko S. is typing a reply. Tom B. is looking",
    )
    tell(frame, TOM, TYPING)
    assert set(head(frame).removesuffix(" are typing a reply").split(" and ")) == {"Aiko S.", "Tom B."}
    tell(frame, AIKO, None)
    tell(frame, TOM, None)
    assert (line.words, line.accessibleName(), line.toolTip()) == ("", "", "")


def test_oneself_is_no_company_and_strangers_have_a_name_too(frame: Frame) -> None:
    frame.open(4187)
    tell(frame, ME, TYPING)
    assert head(frame) == ""
    tell(frame, "g" + "9" * 32, LOOKING)
    assert head(frame) == "A colleague is looking"


def test_another_ticket_has_its_own_company(frame: Frame) -> None:
    frame.open(4187)
    tell(frame, TOM, LOOKING, 4203)
    assert head(frame) == ""
    frame.open(4203)
    assert head(frame) == "Tom B. is looking"
    frame.open(4187)
    assert head(frame) == ""


def test_the_list_shows_it_in_the_row_and_says_it(frame: Frame) -> None:
    alone, other = row_picture(frame, 4203), row_picture(frame, 4211)
    said = spoken(frame, 4203)
    tell(frame, TOM, LOOKING, 4203)
    looking = row_picture(frame, 4203)
    tell(frame, TOM, TYPING, 4203)
    typing = row_picture(frame, 4203)
    assert len({alone, looking, typing}) == 3
    assert row_picture(frame, 4211) == other
    assert spoken(frame, 4203) == f"{said} Tom B. is typing a reply"
    tell(frame, TOM, None, 4203)
    assert (row_picture(frame, 4203), spoken(frame, 4203)) == (alone, said)


def test_nothing_moves_when_somebody_comes_or_goes(frame: Frame) -> None:
    frame.open(4187)
    frame.window.pane.compose(Mode.REPLY)
    pane = frame.window.pane

    def places() -> list[QRect]:
        widgets: list[QWidget] = [pane.head, pane.thread_view, pane.composer, pane.composer.sheet.editor, pane.details]
        QCoreApplication.processEvents()
        return [one.geometry() for one in widgets]

    before = places()
    for doing in (LOOKING, TYPING, None):
        tell(frame, TOM, doing)
        assert places() == before


def test_a_quiet_line_stands_above_the_reply_one_writes(frame: Frame) -> None:
    told: list[str] = []
    frame.parts.company.told.connect(told.append)
    frame.open(4187)
    line = frame.window.pane.composer.sheet.tabs.company
    tell(frame, TOM, TYPING)
    tell(frame, TOM, LOOKING)
    assert (line.words, told) == ("", [])
    frame.window.pane.compose(Mode.REPLY)
    for _ in range(3):
        tell(frame, TOM, TYPING)
    assert (line.words, told) == ("Tom B. is typing a reply", ["Tom B. is typing a reply"])
    tell(frame, TOM, LOOKING)
    assert line.words == ""


def test_it_goes_by_the_clock_and_with_the_connection(frame: Frame, qtbot: QtBot) -> None:
    frame.open(4187)
    tell(frame, TOM, LOOKING)
    frame.world.clock.now += LEASE_MS
    qtbot.waitUntil(lambda: head(frame) == "")
    tell(frame, TOM, LOOKING)
    assert head(frame)
    say_status(frame.world, Condition.OFFLINE)
    assert head(frame) == ""


@pytest.fixture
def told(frame: Frame, qtbot: QtBot) -> list[Where | str | None]:
    """What the active window tells, in order."""
    heard: list[Where | str | None] = []
    seen = frame.parts.being_seen
    seen.looks.connect(heard.append)
    seen.typed.connect(lambda: heard.append("typed"))
    seen.stopped.connect(lambda: heard.append("stopped"))
    frame.window.activateWindow()
    qtbot.waitUntil(frame.window.isActiveWindow)
    return heard


def where(frame: Frame, number: int, category: str) -> Where:
    return Where(frame.world.account_ids[category], frame.tickets[number])


def test_the_ticket_before_the_person_is_told_and_a_hidden_one_is_not(
    frame: Frame, told: list[Where | str | None], qtbot: QtBot
) -> None:
    frame.open(4187)
    qtbot.waitUntil(lambda: told == [where(frame, 4187, "Downloads")])
    frame.open(4203)
    qtbot.waitUntil(lambda: told[1:] == [where(frame, 4203, "Billing")])
    frame.run("view_outbox")
    qtbot.waitUntil(lambda: told[2:] == [None])
    frame.run("view_all")
    qtbot.waitUntil(lambda: told[3:] == [where(frame, 4203, "Billing")])
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: told[4:] == [None])


def test_keys_in_a_reply_are_told_not_those_in_a_note(
    frame: Frame, told: list[Where | str | None], qtbot: QtBot
) -> None:
    frame.open(4187)
    qtbot.waitUntil(lambda: len(told) == 1)
    composer = frame.window.pane.composer
    frame.window.pane.compose(Mode.NOTE)
    QTest.keyClicks(composer.sheet.editor, "ab")
    assert "typed" not in told
    frame.window.pane.compose(Mode.REPLY)
    QTest.keyClicks(composer.sheet.editor, "abc")
    assert told[-3:] == ["typed"] * 3
    composer.leave()
    assert told[-1] == "stopped"


def test_who_does_not_want_it_is_not_told_of(frame: Frame, told: list[Where | str | None], qtbot: QtBot) -> None:
    frame.open(4187)
    qtbot.waitUntil(lambda: len(told) == 1)
    frame.desk.settings.put("presence/shown", value=False)
    assert told[1:] == [None]
    frame.open(4203)
    frame.window.pane.compose(Mode.REPLY)
    QTest.keyClicks(frame.window.pane.composer.sheet.editor, "abc")
    assert told[2:] == []
    frame.desk.settings.put("presence/shown", value=True)
    assert told[2:] == [where(frame, 4203, "Billing")]


def test_a_ticket_that_is_only_here_is_not_told(frame: Frame, told: list[Where | str | None], qtbot: QtBot) -> None:
    frame.open(4187)
    qtbot.waitUntil(lambda: len(told) == 1)
    ticket_id = frame.desk.intents.create_ticket(
        frame.world.category_ids["Billing"], "Only here", "She called.", ("Ines", None, None)
    )
    frame.parts.commanding.open_ticket(ticket_id)
    qtbot.waitUntil(lambda: told[1:] == [None])
    assert frame.parts.model.index(0, 0).data(TEXT_ROLE) is not None
