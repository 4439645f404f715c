"""The table of commands: ids once, keys not twice where they would meet."""

from collections import Counter

import pytest
from PySide6.QtGui import QKeySequence

from desktop.actions import spelled
from desktop.commands import COMMANDS, Where
from tests.rigs.frame import Frame

_AVOIDED = ("Ctrl+Alt", "Ctrl+Space", "Ctrl+.", "Ctrl+Shift+U")


def test_each_id_stands_once() -> None:
    assert [name for name, count in Counter(command.id for command in COMMANDS).items() if count > 1] == []


def test_no_key_starts_two_things() -> None:
    keys = Counter(key for command in COMMANDS if not command.own for key in command.keys)
    assert [key for key, count in keys.items() if count > 1] == []


def test_each_key_is_one_that_qt_knows_and_none_is_avoided() -> None:
    for command in COMMANDS:
        for key in command.keys:
            assert QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText), command.id
            assert not key.startswith(_AVOIDED), command.id


def test_every_place_of_the_sheet_has_commands() -> None:
    assert {command.where for command in COMMANDS} == set(Where)


@pytest.mark.parametrize(
    ("key", "shown"), [("Ctrl+K", "Ctrl K"), ("Ctrl++", "Ctrl +"), ("Ctrl+Return", "Ctrl ⏎"), ("F5", "F5"), ("?", "?")]
)
def test_hints_are_short(key: str, shown: str) -> None:
    assert spelled(QKeySequence(key)) == shown


def test_single_keys_can_be_switched_off_and_keys_changed(frame: Frame) -> None:
    actions = frame.window.actions_
    assert actions["take"].shortcut() == QKeySequence("A")
    frame.desk.settings.put("keys/single", value=False)
    assert actions["take"].shortcuts() == []
    assert actions["palette"].shortcut() == QKeySequence("Ctrl+K")
    frame.desk.settings.put("keys/palette", "Ctrl+P")
    assert actions["palette"].shortcut() == QKeySequence("Ctrl+P")


def test_every_command_that_is_not_a_widgets_own_is_carried_out(frame: Frame) -> None:
    wanted: list[str] = []
    frame.parts.commanding.wanted.connect(wanted.append)
    outside = {"new_ticket", "quick_note", "settings", "sync_now", "dnd", "spot_check", "take_next", "sign_out"}
    outside |= {"delete_ticket", "who_rings", "close", "quit"}
    for command in COMMANDS:
        if command.id in outside:
            frame.run(command.id)
    assert set(wanted) == outside
    known = set(frame.parts.commanding.known())
    assert {command.id for command in COMMANDS if not command.own} <= known | outside
