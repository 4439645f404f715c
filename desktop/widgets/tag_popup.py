"""The tags of a ticket: type one, known ones are proposed meanwhile; tick off an old one."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from desktop.models.tag_proposals import proposals, spelled
from desktop.theme.appearance import Appearance
from sync.domain.limits import TAG_MAX, clean_line

_SHOWN = 6


class TagPopup(QFrame):
    """added(str), removed(str). Stays open for several; Esc or a press elsewhere closes it."""

    added = Signal(str)
    removed = Signal(str)

    def __init__(self, appearance: Appearance, tags: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("look", "card")
        self.setAccessibleName(self.tr("Tags"))
        self._appearance = appearance
        self._tags = list(tags)
        self._known: Sequence[str] = ()
        px = appearance.px
        column = QVBoxLayout(self)
        column.setContentsMargins(px(8), px(8), px(8), px(8))
        column.setSpacing(px(6))
        self._field = QLineEdit()
        self._field.setMaxLength(TAG_MAX)
        self._field.setPlaceholderText(self.tr("Tag, then Enter"))
        self._field.setAccessibleName(self.tr("New tag"))
        self._field.installEventFilter(self)
        self._list = QListWidget()
        self._list.installEventFilter(self)
        self._hint = QLabel()
        self._hint.setProperty("tone", "muted")
        self._hint.setFont(appearance.font(12))
        for widget in (self._field, self._list, self._hint):
            column.addWidget(widget)
        self.setFixedWidth(px(240))
        self._field.returnPressed.connect(self._add)
        self._field.textChanged.connect(self._fill)
        self._list.itemChanged.connect(self._changed)
        self._fill()

    def show_known(self, tags: Sequence[str]) -> None:
        """What is proposed as one types."""
        self._known = tags
        self._fill()

    @property
    def offered(self) -> list[tuple[str, bool]]:
        """The rows below the field: tag, and whether the ticket has it."""
        rows = [self._list.item(place) for place in range(self._list.count())]
        return [(row.text(), row.checkState() is Qt.CheckState.Checked) for row in rows]

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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if watched is self._field and event.key() == Qt.Key.Key_Down and self._list.count():
            self._list.setCurrentRow(0)
            self._list.setFocus()
            return True
        if watched is self._list and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._toggle(self._list.currentItem())
            return True
        return super().eventFilter(watched, event)

    def _add(self) -> None:
        typed = clean_line(self._field.text())
        if not typed:
            self.close()
            return
        self._take(spelled(typed, (*self._tags, *self._known)))

    def _take(self, tag: str) -> None:
        new = tag not in self._tags
        if new:
            self._tags.append(tag)
        if self._field.text():
            self._field.clear()
            self._field.setFocus()
        else:
            self._fill()
        if new:
            self.added.emit(tag)

    def _toggle(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        checked = item.checkState() is Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if checked else Qt.CheckState.Checked)

    def _changed(self, item: QListWidgetItem) -> None:
        tag = item.text()
        if item.checkState() is not Qt.CheckState.Checked:
            self._tags = [one for one in self._tags if one != tag]
            self.removed.emit(tag)
        elif self._field.text():
            self._take(tag)
        elif tag not in self._tags:
            self._tags.append(tag)
            self.added.emit(tag)

    def _fill(self) -> None:
        typed = clean_line(self._field.text())
        shown = proposals(typed, self._tags, self._known) if typed else self._tags
        self._list.blockSignals(True)
        self._list.clear()
        for tag in shown:
            item = QListWidgetItem(tag, self._list)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if tag in self._tags else Qt.CheckState.Unchecked)
        self._list.blockSignals(False)
        self._list.setAccessibleName(self.tr("Known tags") if typed else self.tr("Tags of this ticket"))
        row = max(self._list.sizeHintForRow(0), self._appearance.px(22))
        self._list.setFixedHeight(row * min(len(shown), _SHOWN) + 4)
        self._list.setVisible(bool(shown))
        takes = self.tr("↓, then Space takes a known one") if typed else self.tr("Space takes a tag away")
        self._hint.setText(takes)
        self._hint.setVisible(bool(shown))
        self.adjustSize()
