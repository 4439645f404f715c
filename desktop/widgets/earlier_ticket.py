"""Number and subject of another ticket, which a press opens."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from desktop.models.plain_tip import plain_tip
from desktop.theme.appearance import Appearance
from desktop.widgets import painting


class EarlierTicket(QAbstractButton):
    """One line, as wide as there is room; the subject is cut at its end."""

    def __init__(self, appearance: Appearance, ticket_id: str, number: str, subject: str) -> None:
        super().__init__()
        self._appearance = appearance
        self.ticket_id = ticket_id
        self._number, self._subject = number, subject
        self.setAccessibleName(self.tr("Open ticket {number}, {subject}").format(number=number, subject=subject))
        self.setToolTip(plain_tip(subject))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._appearance.px(80), self._appearance.px(22))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        px, rtl, color = self._appearance.px, self._appearance.right_to_left, self._appearance.color
        whole, font = QRectF(self.rect()), self._appearance.font(12)
        width = painting.text(painter, whole, self._number, font, color("muted"), from_end=rtl) + px(6)
        font.setUnderline(self.underMouse() or self.hasFocus())
        place = painting.mirrored(QRectF(width, 0, whole.width() - width, whole.height()), whole, rtl)
        painting.text(painter, place, self._subject, font, color("text"), from_end=rtl)
        if self.hasFocus():
            painting.focus_ring(painter, whole, color("focus"), 3)
