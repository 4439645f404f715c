"""A quiet line that says who else is at this ticket: icon and words, no taller for having nothing to say."""

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.models.company import NOBODY, Company
from desktop.models.plain_tip import plain_tip
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets import painting

HIGH = 18


class CompanyLine(QWidget):
    """Its words stand at the line's end. `typing_only`: those who only look are not mentioned."""

    def __init__(self, appearance: Appearance, typing_only: bool = False) -> None:
        super().__init__()
        self._appearance = appearance
        self._typing_only = typing_only
        self._company = NOBODY
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self._dress)

    @property
    def words(self) -> str:
        """What stands there."""
        return self._company.words

    def show_company(self, company: Company) -> None:
        """Those who are there now."""
        self._company = NOBODY if self._typing_only and not company.typing else company
        self.setAccessibleName(self._company.whole)
        self.setToolTip(plain_tip(self._company.whole))
        self._dress()

    def sizeHint(self) -> QSize:
        px = self._appearance.px
        width = painting.width_of(self.words, self._appearance.font(12, fonts.MEDIUM)) + px(22) if self.words else 0
        return QSize(round(width), px(HIGH))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._appearance.px(HIGH))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._company:
            return
        painter = QPainter(self)
        px, rtl, whole = self._appearance.px, self._appearance.right_to_left, QRectF(self.rect())
        ink = "due" if self._company.typing else "muted"
        font = self._appearance.font(12, fonts.MEDIUM)
        width = min(painting.width_of(self.words, font) + 1, whole.width() - px(20))
        if width <= 0:
            return
        place = QRectF(whole.right() - width, whole.top(), width, whole.height())
        spot = QRectF(place.left() - px(20), whole.top(), px(16), whole.height())
        painting.icon(
            painter,
            self._appearance,
            self._company.icon,
            QPointF(painting.mirrored(spot, whole, rtl).center()),
            14,
            ink,
        )
        place = painting.mirrored(place, whole, rtl)
        painting.text(painter, place, self.words, font, self._appearance.color(ink), from_end=rtl)

    def _dress(self) -> None:
        self.updateGeometry()
        self.update()
