"""The commands of a window as actions."""

from pathlib import Path

from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from desktop.actions import Actions
from desktop.files import RESOURCES
from desktop.settings import Settings
from desktop.theme.appearance import Appearance, Choice


def test_a_menu_has_its_icons_when_it_is_shown_and_in_the_colours_of_that_moment(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    appearance = Appearance(RESOURCES, qapp)
    actions = Actions(window, appearance, Settings(tmp_path))
    menu = QMenu(window)
    actions.fill(menu, ("palette", "", "keys"))
    assert [one.isSeparator() for one in menu.actions()] == [False, True, False]

    appearance.choose(Choice.LIGHT)
    menu.aboutToShow.emit()
    light = actions["palette"].icon()
    assert not light.isNull()
    menu.aboutToShow.emit()
    assert actions["palette"].icon().cacheKey() == light.cacheKey()

    appearance.choose(Choice.DARK)
    menu.aboutToShow.emit()
    assert actions["palette"].icon().cacheKey() != light.cacheKey()
