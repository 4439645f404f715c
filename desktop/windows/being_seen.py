"""What colleagues are told of this person: the ticket before them in the active window, and that they write a reply."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from desktop.desk import Desk
from desktop.models.composing import Mode
from desktop.ticket_presenter import TicketPresenter
from desktop.windows.main_window import MainWindow
from sync.engine.presence import Where

SETTING = "presence/shown"
_TELLING = (
    QEvent.Type.WindowActivate,
    QEvent.Type.WindowDeactivate,
    QEvent.Type.Hide,
    QEvent.Type.Show,
    QEvent.Type.WindowStateChange,
)


class BeingSeen(QObject):
    """looks(object): a Where, or None for nothing. typed(): a key was pressed in a reply. stopped(): not any more."""

    looks = Signal(object)
    typed = Signal()
    stopped = Signal()

    def __init__(self, desk: Desk, window: MainWindow, presenter: TicketPresenter) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._presenter = presenter
        self._told: Where | None = None
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.look)
        for watched in (window, window.pane):
            watched.installEventFilter(self)
        presenter.shown.connect(self._soon.start)
        desk.settings.changed.connect(self._setting_changed)
        composer = window.pane.composer
        composer.sheet.changed.connect(self._changed)
        composer.opened.connect(self._opened)
        composer.closed.connect(self.stopped)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TELLING:
            self._soon.start()
        return super().eventFilter(watched, event)

    def look(self) -> None:
        """Tell what is before the person now, if that is another than before."""
        where = self._presenter.where if self._is_before_the_person() else None
        if where != self._told:
            self._told = where
            self.looks.emit(where)

    def _is_before_the_person(self) -> bool:
        window, active = self._window, QApplication.activeWindow()
        here = active is window or (active is not None and active.parentWidget() is window)
        return here and window.pane.isVisible() and not window.isMinimized() and self._desk.settings.shows_presence

    def _setting_changed(self, name: str) -> None:
        if name == SETTING:
            self.look()

    def _changed(self) -> None:
        if self._told is not None and self._window.pane.composer.mode is Mode.REPLY:
            self.typed.emit()

    def _opened(self, mode: Mode) -> None:
        if mode is not Mode.REPLY:
            self.stopped.emit()
