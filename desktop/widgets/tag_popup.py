"""The tags of a ticket: type a new one, tick off an old one."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from desktop.theme.appearance import Appearance
from sync.domain.limits import TAG_MAX, clean_line


class TagPopup(QFrame):
    """added(str), removed(str). Stays open for several; Esc or a press elsewhere closes it."""

    added = Signal(str)
    removed = Signal(str)

    def __init__(self, appearance: Appearance, tags: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("look", "card")
        self.setAccessibleName(self.tr("Tags"))
        self._tags = list(tags)
        px = appearance.px
        column = QVBoxLayout(self)
        column.setContentsMargins(px(8), px(8), px(8), px(8))
        column.setSpacing(px(6))
        self._field = QLineEdit()
        self._field.setMaxLength(TAG_MAX)
        self._field.setPlaceholderText(self.tr("New tag, then Enter"))
        self._field.setAccessibleName(self.tr("New tag"))
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Tags of this ticket"))
        self._list.setFixedHeight(px(120))
        hint = QLabel(self.tr("Space takes a tag away"))
        hint.setProperty("tone", "muted")
        hint.setFont(appearance.font(12))
        for widget in (self._field, self._list, hint):
            column.addWidget(widget)
        self._hint = hint
        self.setFixedWidth(px(240))
        self._field.returnPressed.connect(self._add)
        self._list.itemChanged.connect(self._changed)
        self._fill()

    def open_below(self, anchor: QWidget) -> None:
        """Under the widget that it belongs to."""
        self.move(anchor.mapToGlobal(QPoint(0, anchor.height() + 2)))
        self.show()
        self._field.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def _add(self) -> None:
        tag = clean_line(self._field.text())
        if not tag:
            self.close()
            return
        self._field.clear()
        if tag not in self._tags:
            self._tags.append(tag)
            self._fill()
            self.added.emit(tag)

    def _changed(self, item: QListWidgetItem) -> None:
        tag = item.text()
        if item.checkState() is Qt.CheckState.Checked:
            self.added.emit(tag)
        else:
            self.removed.emit(tag)

    def _fill(self) -> None:
        self._list.blockSignals(True)
        self._list.clear()
        for tag in self._tags:
            item = QListWidgetItem(tag, self._list)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
        self._list.blockSignals(False)
        self._list.setVisible(bool(self._tags))
        self._hint.setVisible(bool(self._tags))
        self.adjustSize()
