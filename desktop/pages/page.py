"""What every whole page of the main window answers to, whatever stands on it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut

from desktop.widgets.ground import Ground
from sync.cache.changes import Changes


class Page(Ground):
    """ticket_wanted(str): a ticket is to be opened."""

    ticket_wanted = Signal(str)

    def reload(self, changes: Changes | None = None) -> None:
        """Read again what is shown, if `changes` (None: whatever) touched it."""
        raise NotImplementedError

    def adapt(self, width: int, height: int) -> None:
        """The window's size, in units of the usual text."""

    def leave(self) -> bool:
        """Esc: one step out within the page; False where there is none."""
        return False

    def flush(self) -> None:
        """Keep what is being written here; the program may be about to end."""

    def undo(self) -> bool:
        """Take back what was done here last; False where there is nothing to take back."""
        return False

    def bind_keys(self, *acts: tuple[str, Callable[[], object]]) -> None:
        """What these keys do while the keyboard is on this page."""
        for keys, act in acts:
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
