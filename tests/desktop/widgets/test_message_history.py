"""A mail in the thread: its history is folded until it is asked for or looked for, its original can be saved."""

import pytest
from pytestqt.qtbot import QtBot

from desktop.models.thread import UNKNOWN_SIZE, Entry, State, newest_original
from desktop.models.thread_hits import Needle
from desktop.widgets.attachments_strip import AttachmentChip
from desktop.widgets.key_button import KeyButton
from desktop.widgets.message_frame import MessageFrame
from desktop.widgets.thread_view import ThreadView
from sync.domain.records import Attachment, MessageKind
from tests.rigs.world import World

BODY = "It works.\n\n-- \nAda\n\n> Does it work?\n>\n> Ann"
ORIGINAL = Attachment("b1", "Original mail.eml", "message/rfc822", UNKNOWN_SIZE)


def mail(number: int = 1, kind: MessageKind = MessageKind.INBOUND, body: str = BODY, original: bool = True) -> Entry:
    """An entry."""
    given = ORIGINAL if original else None
    return Entry(f"m{number}", kind, "Ada", "", "13:24", State.NONE, body, "inbound", seq=number, original=given)


@pytest.fixture
def frame(world: World, qtbot: QtBot) -> MessageFrame:
    """One mail."""
    frame = MessageFrame(world.desk.appearance, mail())
    qtbot.addWidget(frame)
    frame.resize(600, 400)
    with qtbot.waitExposed(frame):
        frame.show()
    return frame


def more(frame: MessageFrame) -> KeyButton:
    """The button below the words."""
    return next(one for one in frame.findChildren(KeyButton) if one.parent() is frame)


def test_only_the_new_words_are_shown_until_the_rest_is_asked_for(frame: MessageFrame) -> None:
    assert frame.body.toPlainText() == "It works."
    assert (more(frame).isVisible(), more(frame).text()) == (True, "Show what is quoted")
    more(frame).click()
    assert frame.body.toPlainText() == BODY
    assert not more(frame).isVisible()


def test_words_that_are_looked_for_are_found_in_what_is_folded(frame: MessageFrame) -> None:
    frame.body.mark(Needle("does it"), 0)
    assert "Does it work?" in frame.body.toPlainText()


def test_long_new_words_come_in_parts_before_the_history(world: World, qtbot: QtBot) -> None:
    frame = MessageFrame(world.desk.appearance, mail(body="word " * 5_000 + "end.\n\n> old"))
    qtbot.addWidget(frame)
    assert not frame.body.is_at_fold
    frame.body.show_more()
    assert frame.body.is_at_fold
    assert frame.body.toPlainText().endswith("end.")
    frame.body.show_more()
    assert frame.body.left == 0


def test_nothing_is_folded_of_what_we_wrote_or_where_all_would_be(world: World, qtbot: QtBot) -> None:
    for entry in (mail(kind=MessageKind.REPLY), mail(body="> only\n> quoted"), mail(body="plain")):
        frame = MessageFrame(world.desk.appearance, entry)
        qtbot.addWidget(frame)
        assert frame.body.left == 0


def test_the_original_can_be_saved_from_its_chip(world: World, qtbot: QtBot) -> None:
    view = ThreadView(world.desk.appearance)
    qtbot.addWidget(view)
    view.show_thread([mail(1), mail(2, original=False)])
    frame = view.column.widget_of("m1")
    assert isinstance(frame, MessageFrame)
    [chip] = frame.findChildren(AttachmentChip)
    assert (chip.attachment, chip.accessibleName()) == (ORIGINAL, "File Original mail.eml")
    assert newest_original(view.column.entries) == ORIGINAL
    assert newest_original([mail(2, original=False)]) is None
