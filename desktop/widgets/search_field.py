"""The search field: looks as one types, and offers the words that narrow a search."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QCompleter, QLabel, QLineEdit, QWidget

from desktop.theme.appearance import Appearance

_PAUSE_MS = 60
_NARROWING = ("from:", "category:", "status:", "tag:", "before:", "after:")
_STATUSES = ("new", "open", "waiting", "closed")


class SearchField(QLineEdit):
    """28 high.

    searched(str): what is typed now, empty when cleared. left(): Esc in an empty field. went_down(): arrow down.
    entered(): Return.
    """

    searched = Signal(str)
    left = Signal()
    went_down = Signal()
    entered = Signal()

    def __init__(self, appearance: Appearance, key: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._key = QLabel(key, self)
        self._loupe = QLabel(self)
        self._hints = QStringListModel(self)
        self._categories: tuple[str, ...] = ()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(lambda: self.searched.emit(self.text().strip()))
        self._build()
        self._dress()
        appearance.changed.connect(self._dress)

    def set_categories(self, names: tuple[str, ...]) -> None:
        """Offered after `category:`."""
        self._categories = names

    def put(self, text: str) -> None:
        """Search for that, at once."""
        self.setText(text)
        self._pause.stop()
        self.searched.emit(text.strip())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Escape:
                if self.text():
                    self.put("")
                else:
                    self.left.emit()
            case Qt.Key.Key_Down:
                self.went_down.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if self._pause.isActive():
                    self.put(self.text())
                self.entered.emit()
            case _:
                super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_key()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._place_key()

    def _build(self) -> None:
        self.setPlaceholderText(self.tr("Search words, from:, tag:, before:, number"))
        self.setAccessibleName(self.tr("Search tickets"))
        self.setMaxLength(500)
        self.textEdited.connect(self._typed)
        self.textChanged.connect(lambda text: self._key.setVisible(not text))
        self.textChanged.connect(lambda _text: self._place_key())
        completer = _LastWord(self._hints, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)

    def _typed(self, text: str) -> None:
        self._pause.start()
        word = text.rpartition(" ")[2].lower()
        if word.startswith("status:"):
            offers = [f"status:{status}" for status in _STATUSES]
        elif word.startswith("category:"):
            offers = [f'category:"{name}"' if " " in name else f"category:{name}" for name in self._categories]
        else:
            offers = list(_NARROWING)
        fitting = [one for one in offers if one.lower() != word]  # what stands there already is no offer
        self._hints.setStringList(fitting if len(word) >= 2 else [])

    def _dress(self) -> None:
        self._loupe.setPixmap(self._appearance.pixmap("search", 16, "muted", self.devicePixelRatioF()))
        self._key.setFont(self._appearance.font(11))
        self._key.setStyleSheet(
            "QLabel { color: palette(placeholder-text); background: palette(base); border: 1px solid palette(mid);"
            " border-radius: 3px; padding: 0 4px; }"
        )
        self.setFixedHeight(self._appearance.px(28))
        self._place_key()

    def _place_key(self) -> None:
        rtl, px = self._appearance.right_to_left, self._appearance.px
        for label, at_end in ((self._loupe, rtl), (self._key, not rtl)):
            label.adjustSize()
            left = self.width() - label.width() - 9 if at_end else 9
            label.move(left, (self.height() - label.height()) // 2)
        before, after = px(24), 0 if self.text() else self._key.width() + 6
        self.setTextMargins(after if rtl else before, 0, before if rtl else after, 0)


class _LastWord(QCompleter):
    """Completes the word being typed and leaves those before it."""

    def __init__(self, model: QStringListModel, field: QLineEdit) -> None:
        super().__init__(model, field)
        self._field = field

    def splitPath(self, path: str) -> list[str]:
        return [path.rpartition(" ")[2]]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        before, space, _word = self._field.text().rpartition(" ")
        return before + space + super().pathFromIndex(index)
