"""The ticket's head: title, clock, more; number, requester and how it came; on narrow windows the fields."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QVBoxLayout, QWidget

from desktop.models.company import Company
from desktop.models.plain_tip import plain_tip
from desktop.models.ticket_facts import Heading
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets import painting
from desktop.widgets.chip import Chip
from desktop.widgets.company_line import CompanyLine
from desktop.widgets.details_fields import DetailsLine
from desktop.widgets.key_button import IconButton


class TicketHead(QWidget):
    """menu_wanted(QMenu): the menu is about to be shown, fill it."""

    menu_wanted = Signal(QMenu)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._heading = Heading("", "", ())
        self._title = QLabel()
        self._line = QLabel()
        self._line.setProperty("tone", "muted")
        self._chip = Chip(appearance)
        self._alike = Chip(appearance)
        self._incident = Chip(appearance)
        self._more = IconButton(appearance, self.tr("More for this ticket"), "more")
        self.company = CompanyLine(appearance)
        self.fields = DetailsLine(appearance)
        for label in (self._title, self._line):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        top = QHBoxLayout()
        top.setSpacing(appearance.px(8))
        top.addWidget(self._title, 1)
        top.addWidget(self._alike)
        top.addWidget(self._chip)
        top.addWidget(self._more)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(appearance.px(2))
        self._column.addLayout(top)
        second = QHBoxLayout()
        second.setSpacing(appearance.px(8))
        second.addWidget(self._line, 1)
        second.addWidget(self._incident)
        second.addWidget(self.company)
        self._column.addLayout(second)
        self._column.addSpacing(appearance.px(4))
        self._column.addWidget(self.fields)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._more.clicked.connect(self.open_menu)
        self.show_roomy(True)
        self._dress()
        appearance.changed.connect(self._dress)

    def show_heading(self, heading: Heading) -> None:
        self._heading = heading
        self._title.setToolTip(plain_tip(heading.title))
        self._title.setAccessibleName(heading.title)
        self._line.setAccessibleName(", ".join(heading.line))
        self._chip.show_words(heading.clock, heading.ink or "them", heading.ink)
        self._elide()

    def show_alike(self, words: str) -> None:
        """That another open ticket says nearly the same; empty: none does."""
        self._alike.show_words(words, "due", "layers" if words else "")
        self._elide()

    def show_incident(self, words: str, *, over: bool = False) -> None:
        """The incident that it belongs to; empty: none."""
        self._incident.show_words(words, "sent" if over else "overdue", "urgent" if words else "")
        self._elide()

    def show_company(self, company: Company) -> None:
        """Who else is at this ticket."""
        self.company.show_company(company)
        self._elide()

    def show_roomy(self, roomy: bool) -> None:
        """Tighter margins where the window is narrow."""
        px = self._appearance.px
        side, top = (16, 10) if roomy else (12, 6)
        self._column.setContentsMargins(px(side), px(top), px(side), px(top))

    def open_menu(self) -> None:
        """What can be done with this ticket."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.menu_wanted.emit(menu)
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._appearance.color("surface"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._appearance.color("line"))

    def _elide(self) -> None:
        sides = self._column.contentsMargins()
        room = self.width() - sides.left() - sides.right()
        chips = [chip.sizeHint().width() + 8 for chip in (self._chip, self._alike) if chip.words]
        taken = self._more.sizeHint().width() + 8 + sum(chips)
        gap = self._appearance.px(8) + 2  # a text that can be selected needs a little more than it measures
        company = self.company.sizeHint().width() + gap if self.company.words else 0
        company += self._incident.sizeHint().width() + gap if self._incident.words else 0
        for label, words, width in (
            (self._title, self._heading.title, room - taken),
            (self._line, "   ".join(self._heading.line), room - company),
        ):
            label.setText(QFontMetrics(label.font()).elidedText(words, Qt.TextElideMode.ElideRight, max(0, width)))

    def _dress(self) -> None:
        px = self._appearance.px
        self._title.setFont(self._appearance.font(18, fonts.SEMI_BOLD))
        self._title.setFixedHeight(px(24))
        self._line.setFont(self._appearance.font(12))
        self._line.setFixedHeight(px(18))
        for label in (self._title, self._line):
            label.setAlignment(painting.at_start(self._appearance.right_to_left))
        self._elide()
