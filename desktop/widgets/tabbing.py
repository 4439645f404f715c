"""Where Tab goes and how one sees it: widgets made later in their place, and a ring around what paints none itself."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.theme.appearance import Appearance
from desktop.widgets import painting


def tab_after(before: QWidget, parts: Iterable[QWidget]) -> None:
    """Tab goes from `before` to what takes it in these parts, in their order, and then on as it did."""
    for part in parts:
        for widget in (part, *part.findChildren(QWidget)):
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                QWidget.setTabOrder(before, widget)
                before = widget


class FocusRing(QWidget):
    """Lies over its owner while that has the keyboard; the mouse does not notice it."""

    def __init__(self, appearance: Appearance, owner: QWidget) -> None:
        super().__init__(owner)
        self._appearance = appearance
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        owner.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        owner = self.parentWidget()
        if watched is owner and owner is not None:
            if event.type() is QEvent.Type.FocusIn:
                self.setGeometry(owner.rect())
                self.raise_()
                self.show()
            elif event.type() is QEvent.Type.FocusOut:
                self.hide()
            elif event.type() is QEvent.Type.Resize:
                self.setGeometry(owner.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painting.focus_ring(QPainter(self), QRectF(self.rect()), self._appearance.color("focus"), 2)
