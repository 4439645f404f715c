"""The composer's first line: who reads this."""

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.models.composing import Mode
from desktop.models.plain_tip import plain_tip
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets import painting


class ComposerBand(QWidget):
    """In a reply: the address, and that the requester reads it. In a note: that only colleagues do."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._mode = Mode.REPLY
        self._name, self._email, self._category = "", "", ""
        self._mails = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_people(self, name: str, email: str, category: str, mails: bool = True) -> None:
        """`email` may be empty, or the server may not mail: then the requester reads it on the private page."""
        self._name, self._email, self._category, self._mails = name, email, category, mails
        self._say()

    def show_mode(self, mode: Mode) -> None:
        self._mode = mode
        self._say()

    @property
    def words(self) -> str:
        """The whole line as it is read out."""
        if self._mode is Mode.NOTE:
            line = self.tr("Only colleagues in {category} read this. Nothing goes to {name}.")
            return line.format(category=self._category, name=self._name.removesuffix("."))
        if not self._mails:
            return self.tr("No mail goes out: {name} reads this on the private page").format(name=self._name)
        if self._email:
            return self.tr("E-mail to {name} {email}. The requester reads this").format(
                name=self._name, email=self._email
            )
        return self.tr("{name} has no e-mail address and reads this on the private page").format(name=self._name)

    def sizeHint(self) -> QSize:
        return QSize(self._appearance.px(200), self._appearance.px(33))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        color, whole = self._appearance.color, QRectF(self.rect())
        bottom = whole.height() - 0.5
        if self._mode is Mode.NOTE:
            pen = QPen(color("note_line"), 1)
            pen.setDashPattern([4, 3])
            painter.setPen(pen)
            painter.drawLine(QPointF(0, bottom), QPointF(whole.width(), bottom))
            self._paint_note(painter, whole)
        else:
            painter.setPen(color("line"))
            painter.drawLine(QPointF(0, bottom), QPointF(whole.width(), bottom))
            self._paint_reply(painter, whole)

    def _paint_note(self, painter: QPainter, whole: QRectF) -> None:
        px, rtl = self._appearance.px, self._appearance.right_to_left
        spot = painting.mirrored(QRectF(px(16), 0, px(16), whole.height()), whole, rtl)
        painting.icon(painter, self._appearance, "lock", QPointF(spot.center()), 16, "note")
        place = painting.mirrored(QRectF(px(40), 0, whole.width() - px(56), whole.height()), whole, rtl)
        font = self._appearance.font(13, fonts.SEMI_BOLD)
        painting.text(painter, place, self.words, font, self._appearance.color("note"), from_end=rtl)

    def _paint_reply(self, painter: QPainter, whole: QRectF) -> None:
        px, rtl, color = self._appearance.px, self._appearance.right_to_left, self._appearance.color
        strong, plain = self._appearance.font(12, fonts.SEMI_BOLD), self._appearance.font(12)
        warning = self.tr("The requester reads this")
        right = whole.width() - px(16) - painting.width_of(warning, strong)
        place = painting.mirrored(QRectF(right, 0, whole.width() - px(16) - right + 1, whole.height()), whole, rtl)
        painting.text(painter, place, warning, strong, color("us"), from_end=rtl)
        spot = painting.mirrored(QRectF(right - px(18), 0, px(14), whole.height()), whole, rtl)
        painting.icon(painter, self._appearance, "send", QPointF(spot.center()), 14, "us")
        x, right = float(px(16)), right - px(30)
        for words, font, ink in self._parts(strong, plain):
            if right > x:
                place = painting.mirrored(QRectF(x, 0, right - x, whole.height()), whole, rtl)
                x += painting.text(painter, place, words, font, color(ink), from_end=rtl) + px(8)

    def _parts(self, strong: QFont, plain: QFont) -> list[tuple[str, QFont, str]]:
        """Of the line in a reply: each with its font and ink."""
        name = (self._name, strong, "text")
        if not self._mails:
            return [name, (self.tr("reads on the private page, no mail goes out"), plain, "muted")]
        if not self._email:
            return [name, (self.tr("has no e-mail, reads on the private page"), plain, "muted")]
        return [(self.tr("E-mail to"), plain, "muted"), name, (self._email, plain, "muted")]

    def _say(self) -> None:
        self.setAccessibleName(self.words)
        self.setToolTip(plain_tip(self.words))
        self.update()
