"""The frame of a field around an editor that has none of its own."""

from PySide6.QtCore import QEvent, QObject, QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.theme.appearance import Appearance
from desktop.widgets import painting


class FieldFrame(QWidget):
    """Edge of a control, the ring where the editor has the keyboard."""

    def __init__(self, appearance: Appearance, editor: QWidget) -> None:
        super().__init__()
        self._appearance = appearance
        self._editor = editor
        box = QVBoxLayout(self)
        px = appearance.px
        box.setContentsMargins(px(8), px(6), px(8), px(6))
        box.addWidget(editor)
        editor.installEventFilter(self)
        self.setFocusProxy(editor)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        color = self._appearance.color
        painting.frame(painter, QRectF(self.rect()), color("surface"), color("edge"))
        if self._editor.hasFocus():
            painting.focus_ring(painter, QRectF(self.rect()), color("focus"))
