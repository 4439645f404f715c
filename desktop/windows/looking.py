"""Knows when the person has looked: what they have seen does not count as new any more."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from desktop.intents import Intents
from desktop.models.place import Place
from desktop.models.ticket_list import TicketListModel
from desktop.ticket_presenter import TicketPresenter
from desktop.windows.browsing import Browsing
from desktop.windows.commanding import Commanding
from desktop.windows.main_window import MainWindow

_LEFT = (QEvent.Type.WindowDeactivate, QEvent.Type.Hide)


class Looking(QObject):
    """A ticket that is opened is no longer new at once; those that the view "New since I looked" listed in the active
    window are no longer new when that view is left: for another place, or for another window.
    """

    def __init__(
        self,
        window: MainWindow,
        model: TicketListModel,
        browsing: Browsing,
        presenter: TicketPresenter,
        intents: Intents,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._browsing = browsing
        self._presenter = presenter
        self._intents = intents
        self._listed: Sequence[int] = ()
        self._seen: set[int] = set()
        model.swapped.connect(self._list_came)
        browsing.went.connect(self._went)
        window.installEventFilter(self)

    def follow(self, commanding: Commanding) -> None:
        """Hear which tickets it opens."""
        commanding.looked_at.connect(self._opened)

    def leave(self) -> None:
        """The person looks elsewhere, or the program ends."""
        seen, self._seen = self._seen, set()
        if seen:
            self._intents.looked(seen)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowActivate:
            self._look()
        elif event.type() in _LEFT and not self._in_own_dialog():
            self.leave()
        return super().eventFilter(watched, event)

    def _list_came(self) -> None:
        here = self._browsing.place.view
        self._listed = self._model.keys() if here is not None and here.name == "new" else ()
        self._look()

    def _look(self) -> None:
        if self._window.isActiveWindow() and not self._window.isMinimized():
            self._seen.update(self._listed)

    def _went(self, place: Place) -> None:
        if place.view is None or place.view.name != "new":
            self._listed = ()
            self.leave()

    def _opened(self, _ticket_id: str) -> None:
        if self._presenter.new_key is not None:
            self._intents.looked([self._presenter.new_key])

    def _in_own_dialog(self) -> bool:
        """Whether the window lies under a question of its own, and has not been left."""
        active = QApplication.activeWindow()
        return self._window.isVisible() and active is not None and active.parentWidget() is self._window
