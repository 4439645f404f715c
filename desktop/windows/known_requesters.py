"""Proposes requesters whom the cache knows, below the fields in which their name and address are typed."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView

from desktop.desk import Desk
from sync.domain.errors import DeskbellError
from sync.domain.records import Requester

TYPING_MS = 120
LEAST, MOST = 2, 8
_NAME, _EMAIL, _PHONE = (Qt.ItemDataRole.UserRole + place for place in range(3))


class KnownRequesters(QObject):
    """chosen(str, str, str): name, e-mail and telephone of the one who was chosen; empty where not known."""

    chosen = Signal(str, str, str)

    def __init__(self, desk: Desk, name: QLineEdit, email: QLineEdit) -> None:
        super().__init__(name)
        self._desk = desk
        self._field = name
        self.model = QStandardItemModel(self)
        self._completers: dict[QLineEdit, QCompleter] = {}
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._look_up)
        for field, role in ((name, _NAME), (email, _EMAIL)):
            completer = QCompleter(self.model, field)
            completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
            completer.setCompletionRole(role)
            popup = QListView()
            popup.setProperty("look", "card")
            popup.setAccessibleName(self.tr("Known requesters"))
            completer.setPopup(popup)
            completer.setMaxVisibleItems(MOST)
            completer.activated[QModelIndex].connect(self._choose)  # type: ignore[index]  # stubs know one signature
            field.setCompleter(completer)
            self._completers[field] = completer
            field.textEdited.connect(lambda _text, field=field: self._typed(field))

    def _typed(self, field: QLineEdit) -> None:
        self._field = field
        words = field.text().casefold().split()
        for row in reversed(range(self.model.rowCount())):  # what cannot be meant any more goes at once
            shown = self.model.item(row).text().casefold()
            if not all(word in shown for word in words):
                self.model.removeRow(row)
        self._typing.start()

    def _look_up(self) -> None:
        field, typed = self._field, self._field.text().strip()
        if len(typed) < LEAST:
            self.model.clear()
            return

        def work() -> list[Requester]:
            reader = self._desk.cache.reader()  # the search lane's own, for this one look
            try:
                return reader.known_requesters(typed, MOST)
            finally:
                reader.close()

        def done(found: list[Requester]) -> None:
            if self._field is field and field.text().strip() == typed:
                self._offer(field, found)

        self._desk.lanes.search.run(work, done, self._failed)

    def _offer(self, field: QLineEdit, found: Sequence[Requester]) -> None:
        self.model.clear()
        for person in found:
            words = "   ".join(one for one in (person.name, person.email, person.phone) if one)
            item = QStandardItem(self._desk.appearance.icon("user", 16, "muted"), words)
            item.setSizeHint(QSize(100, self._desk.appearance.px(28)))
            for role, value in ((_NAME, person.name), (_EMAIL, person.email), (_PHONE, person.phone)):
                item.setData(value or "", role)
            self.model.appendRow(item)
        completer = self._completers[field]
        if found and field.hasFocus():
            completer.complete()
        elif (popup := completer.popup()) is not None:
            popup.hide()

    def _choose(self, index: QModelIndex) -> None:
        self._typing.stop()
        self.chosen.emit(*(str(index.data(role)) for role in (_NAME, _EMAIL, _PHONE)))

    def _failed(self, _error: DeskbellError) -> None:
        """Nothing is proposed; what is typed stands."""
