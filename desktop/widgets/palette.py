"""The palette: one field over a list of everything that can be started or opened."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QShowEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from desktop.models.palette import Entry
from desktop.theme.appearance import Appearance
from desktop.widgets.palette_row import ENTRY_ROLE, TYPED_ROLE, PaletteRowDelegate

WIDTH, TOP = 640, 92
_MOST_HIGH = 470


class Palette(QFrame):
    """640 wide, 92 from the top of the window, over all else until something is chosen or Esc.

    typed(str): the words changed; the owner answers with `offer`. chosen(Entry): run that.
    """

    typed = Signal(str)
    chosen = Signal(object)

    def __init__(self, appearance: Appearance, window: QWidget) -> None:
        super().__init__(window)
        self._appearance = appearance
        self._before: QWidget | None = None
        self._field = QLineEdit()
        self._icon, self._closes = QLabel(), QLabel(self.tr("Esc closes"))
        self._model = QStandardItemModel(self)
        self._list = QListView()
        self._foot = [QLabel(self.tr("↑ ↓ choose")), QLabel(self.tr("⏎ run")), QLabel(self.tr("Tab fill in"))]
        self._hint = QLabel(self.tr("A number goes to that ticket"))
        self._build()
        self._dress()
        self.hide()
        window.installEventFilter(self)
        appearance.changed.connect(self._dress)

    def open(self, text: str = "") -> None:
        """Show it with `text` typed."""
        self._before = self.window().focusWidget()
        self._field.setText(text)
        self.show()
        self.raise_()
        self._field.setFocus()
        self.typed.emit(text)

    def speak_of(self, offers: str, hint: str) -> None:
        """What it offers, where these are no commands."""
        self.setAccessibleName(offers)
        self._field.setAccessibleName(offers)
        self._hint.setText(hint)

    def offer(self, entries: Sequence[Entry]) -> None:
        """The lines for what is typed now."""
        self._model.clear()
        group = ""
        for entry in entries:
            if entry.group != group:
                group = entry.group
                self._model.appendRow(_heading(group))
            item = QStandardItem(entry.words)
            item.setData(entry, ENTRY_ROLE)
            item.setData(self._field.text().strip(), TYPED_ROLE)
            item.setData(", ".join(part for part in (entry.words, entry.aside, entry.key) if part), _SPOKEN)
            self._model.appendRow(item)
        self._choose_first()
        self._place()

    @property
    def field(self) -> QLineEdit:
        """Where one types."""
        return self._field

    def offered(self) -> list[str]:
        """The words of the lines, without the headings."""
        found = (self._model.index(row, 0).data(ENTRY_ROLE) for row in range(self._model.rowCount()))
        return [entry.words for entry in found if isinstance(entry, Entry)]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        if watched is self._field and event.type() == QEvent.Type.FocusOut and self.isVisible():
            QTimer.singleShot(0, self, self._close_if_left)
        if watched is self._field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, whole = QPainter(self), QRectF(self.rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._appearance.color("edge"))
        painter.setBrush(self._appearance.color("surface"))
        painter.drawRoundedRect(whole.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.setPen(self._appearance.color("line"))
        y = self._list.geometry().top()
        painter.drawLine(1, y - 1, self.width() - 2, y - 1)
        foot = self._hint.geometry().top() - self._appearance.px(7)
        painter.drawLine(1, foot, self.width() - 2, foot)

    def dismiss(self) -> None:
        """Away, with the keyboard back where it was."""
        self.hide()
        if self._before is not None:
            self._before.setFocus()
            self._before = None

    def _build(self) -> None:
        self.setAccessibleName(self.tr("Commands"))
        head = QHBoxLayout()
        head.setContentsMargins(14, 0, 14, 0)
        head.setSpacing(10)
        head.addWidget(self._icon)
        head.addWidget(self._field, 1)
        head.addWidget(self._closes)
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 7, 14, 7)
        foot.setSpacing(16)
        for label in self._foot:
            foot.addWidget(label)
        foot.addStretch()
        foot.addWidget(self._hint)
        for label in (*self._foot, self._hint, self._closes):
            label.setProperty("tone", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._list, 1)
        column.addLayout(foot)
        self._field.setProperty("look", "bare")
        self._field.setAccessibleName(self.tr("Command, ticket or words to search"))
        self._field.installEventFilter(self)
        self._field.textEdited.connect(lambda text: self.typed.emit(text.strip()))
        self._list.setModel(self._model)
        self._list.setAccessibleName(self.tr("Offers"))
        self._list.setItemDelegate(PaletteRowDelegate(self._appearance, self))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.clicked.connect(lambda _index: self._run())

    def _key(self, event: QKeyEvent) -> bool:
        match event.key():
            case Qt.Key.Key_Escape:
                self.dismiss()
            case Qt.Key.Key_Down | Qt.Key.Key_Up:
                self._step(1 if event.key() == Qt.Key.Key_Down else -1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._run()
            case Qt.Key.Key_Tab:
                self._fill_in()
            case _:
                return False
        return True

    def _entry(self) -> Entry | None:
        entry = self._list.currentIndex().data(ENTRY_ROLE)
        return entry if isinstance(entry, Entry) else None

    def _run(self) -> None:
        entry = self._entry()
        if entry is not None:
            self.dismiss()
            self.chosen.emit(entry)

    def _fill_in(self) -> None:
        entry = self._entry()
        if entry is not None:
            self._field.setText(entry.words)
            self.typed.emit(entry.words)

    def _step(self, by: int) -> None:
        row, count = self._list.currentIndex().row() + by, self._model.rowCount()
        while 0 <= row < count and self._model.index(row, 0).data(ENTRY_ROLE) is None:
            row += by
        if 0 <= row < count:
            self._list.setCurrentIndex(self._model.index(row, 0))
        elif by < 0:
            self._list.scrollToTop()

    def _choose_first(self) -> None:
        if self._model.rowCount() > 1:
            self._list.setCurrentIndex(self._model.index(1, 0))
        self._list.scrollToTop()

    def _close_if_left(self) -> None:
        if self.isVisible() and not self._field.hasFocus() and self.window().isActiveWindow():
            self.hide()

    def _place(self) -> None:
        window, px = self.window(), self._appearance.px
        width = min(px(WIDTH), window.width() - 24)
        lines = sum(self._list.sizeHintForRow(row) for row in range(self._model.rowCount()))
        room = window.height() - px(TOP) - 24 if window.height() > px(400) else window.height() - 60
        height = min(lines + px(46) + px(32) + 10, room, px(_MOST_HIGH) + px(80))
        top = px(TOP) if window.height() > px(400) else 30
        self.setGeometry((window.width() - width) // 2, top, width, height)

    def _dress(self) -> None:
        self._field.setFont(self._appearance.font(15))
        self._field.setFixedHeight(self._appearance.px(45))
        self._icon.setPixmap(self._appearance.pixmap("palette", 18, "us", self.devicePixelRatioF()))
        for label in (*self._foot, self._hint, self._closes):
            label.setFont(self._appearance.font(12))

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, _MOST_HIGH)


_SPOKEN = Qt.ItemDataRole.AccessibleTextRole


def _heading(words: str) -> QStandardItem:
    item = QStandardItem(words)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    return item
