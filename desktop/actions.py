"""The commands as QActions of one window: shortcuts, icons, and one signal that names what was started."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from desktop.commands import COMMANDS, Command
from desktop.settings import Settings
from desktop.theme.appearance import Appearance


class Actions(QObject):
    """A QAction for each command that is not a widget's own.

    triggered(str): the command's id.
    """

    triggered = Signal(str)

    def __init__(self, window: QWidget, appearance: Appearance, settings: Settings) -> None:
        super().__init__(window)
        self._appearance = appearance
        self._settings = settings
        self._actions: dict[str, QAction] = {}
        self._dressed: set[str] = set()
        for command in COMMANDS:
            if not command.own:
                self._actions[command.id] = self._make(command)
        window.addActions(list(self._actions.values()))
        appearance.changed.connect(self._dressed.clear)
        settings.changed.connect(self._setting_changed)

    def __getitem__(self, command_id: str) -> QAction:
        return self._actions[command_id]

    def keys_of(self, command: Command) -> list[QKeySequence]:
        """The keys in force: remapped ones from the settings, none for a single key while those are off."""
        spelled = self._settings.text(f"keys/{command.id}")
        keys = [spelled] if spelled else list(command.keys)
        if command.single and not self._settings.single_keys:
            keys = [key for key in keys if len(key.removeprefix("Shift+")) > 1]
        return [QKeySequence(key, QKeySequence.SequenceFormat.PortableText) for key in keys]

    def first_key(self, command: Command) -> str:
        """As hints show it, "Ctrl K"; empty where there is none."""
        keys = self.keys_of(command)
        return spelled(keys[0]) if keys else ""

    def have_ticket(self, there: bool) -> None:
        """Commands that need a ticket are off while there is none."""
        for command in COMMANDS:
            if command.ticket and not command.own:
                self._actions[command.id].setEnabled(there)

    def fill(self, menu: QMenu, names: Sequence[str]) -> None:
        """Put these commands into a menu, with a separator for each empty name. Their icons are drawn when a menu first
        shows them: drawing all at the start took a tenth of it."""
        for name in names:
            if name:
                menu.addAction(self._actions[name])
            else:
                menu.addSeparator()
        menu.aboutToShow.connect(lambda: self._dress(names))

    def _make(self, command: Command) -> QAction:
        action = QAction(command.shown_title, self)
        action.setObjectName(command.id)
        action.setShortcuts(self.keys_of(command))
        action.setAutoRepeat(command.id in ("next", "previous"))
        action.triggered.connect(lambda _checked=False, name=command.id: self.triggered.emit(name))
        return action

    def _dress(self, names: Sequence[str]) -> None:
        for command in COMMANDS:
            if command.id in names and command.id not in self._dressed:
                self._actions[command.id].setIcon(self._appearance.icon(command.icon, 16, "muted"))
                self._dressed.add(command.id)

    def _setting_changed(self, name: str) -> None:
        if name.startswith("keys/"):
            for command in COMMANDS:
                if not command.own:
                    self._actions[command.id].setShortcuts(self.keys_of(command))


def spelled(key: QKeySequence) -> str:
    """In the system's own words, with blanks instead of pluses between them: "Ctrl Shift N"."""
    text = key.toString(QKeySequence.SequenceFormat.NativeText).replace("Return", "⏎")
    head, plus, last = text.rpartition("+") if not text.endswith("++") else (text[:-2], "+", "+")
    return f"{head.replace('+', ' ')} {last}" if plus else last
