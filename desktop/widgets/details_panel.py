"""The details beside the thread: fields, clock, requester, what they asked before."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop.models.plain_tip import plain_tip
from desktop.models.similar_words import SimilarRow
from desktop.models.ticket_facts import ClockText, RequesterText
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets import painting
from desktop.widgets.details_fields import DetailsRows
from desktop.widgets.earlier_ticket import EarlierTicket
from desktop.widgets.similar_panel import SimilarPanel
from desktop.widgets.tabbing import tab_after

EARLIER_MOST = 8


class SectionHead(QWidget):
    """A line above (except for the first) and a small head."""

    def __init__(self, appearance: Appearance, words: str, first: bool = False) -> None:
        super().__init__()
        self._appearance = appearance
        self._first = first
        self.show_words(words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_words(self, words: str) -> None:
        self._words = words
        self.setAccessibleName(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._appearance.px(80), self._appearance.px(22 if self._first else 48))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        px, color = self._appearance.px, self._appearance.color
        if not self._first:
            painter.fillRect(0, px(14), self.width(), 1, color("line"))
        rect = QRectF(0, self.height() - px(22), self.width(), px(16))
        rtl = self._appearance.right_to_left
        painting.text(
            painter, rect, self._words, self._appearance.font(11, fonts.SEMI_BOLD), color("muted"), from_end=rtl
        )


class ClockLine(QWidget):
    """Icon and words in the clock's colour."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._clock = ClockText("them", "clock", "", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_clock(self, clock: ClockText) -> None:
        self._clock = clock
        self.setAccessibleName(f"{clock.words}. {clock.working}")
        self.setToolTip(plain_tip(clock.words))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._appearance.px(80), self._appearance.px(20))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        px, rtl, whole = self._appearance.px, self._appearance.right_to_left, QRectF(self.rect())
        spot = painting.mirrored(QRectF(0, 0, px(14), whole.height()), whole, rtl)
        painting.icon(painter, self._appearance, self._clock.icon, QPointF(spot.center()), 14, self._clock.ink)
        place = painting.mirrored(QRectF(px(18), 0, whole.width() - px(18), whole.height()), whole, rtl)
        font, ink = self._appearance.font(12, fonts.SEMI_BOLD), self._appearance.color(self._clock.ink)
        painting.text(painter, place, self._clock.words, font, ink, from_end=rtl)


class DetailsPanel(QScrollArea):
    """ticket_wanted(str): an earlier ticket is to be opened."""

    ticket_wanted = Signal(str)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Details"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        px = appearance.px
        self._column.setContentsMargins(px(14), px(10), px(14), px(10))
        self._column.setSpacing(0)
        self.fields = DetailsRows(appearance)
        self._clock = ClockLine(appearance)
        self._working, self._name, self._facts = QLabel(), QLabel(), QLabel()
        self._similar_head = SectionHead(appearance, "")
        self.similar = SimilarPanel(appearance)
        self._earlier_head = SectionHead(appearance, "")
        self._earlier: list[EarlierTicket] = []
        self._build()
        self.setWidget(inside)
        self._dress()
        appearance.changed.connect(self._dress)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._dress()  # a style sheet drops the fonts of labels inside a scroll area when it finds a new parent

    def show_clock(self, clock: ClockText) -> None:
        self._clock.show_clock(clock)
        self._working.setText(clock.working)

    def show_requester(self, requester: RequesterText) -> None:
        self._name.setText(requester.name)
        self._facts.setText("\n".join(requester.lines))
        self._facts.setVisible(bool(requester.lines))

    def show_similar(self, rows: Sequence[SimilarRow], unseen: int = 0) -> None:
        """What belongs beside the ticket; nothing is shown where nothing does. `unseen`: how many it is linked with
        that are not for this person to see."""
        self.similar.show_rows(rows, unseen)
        tab_after(self.fields.tags.plus, self.similar.parts)
        self._similar_head.setVisible(bool(rows or unseen))
        self._similar_head.show_words(self.tr("Similar, {count}").format(count=len(rows) + unseen))

    def show_earlier(self, tickets: Sequence[tuple[str, str, str]]) -> None:
        """(id, number, subject) of the requester's other tickets, newest first."""
        for row in self._earlier:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._earlier = [EarlierTicket(self._appearance, *ticket) for ticket in tickets[:EARLIER_MOST]]
        place = self._column.indexOf(self._earlier_head) + 1
        for offset, row in enumerate(self._earlier):
            self._column.insertWidget(place + offset, row)
            row.clicked.connect(lambda _checked=False, ticket_id=row.ticket_id: self.ticket_wanted.emit(ticket_id))
        tab_after(self.similar.last or self.fields.tags.plus, self._earlier)
        self._earlier_head.setVisible(bool(tickets))
        self._earlier_head.show_words(self.tr("Earlier tickets, {count}").format(count=len(tickets)))

    def _build(self) -> None:
        column, px = self._column, self._appearance.px
        column.addWidget(SectionHead(self._appearance, self.tr("Ticket"), first=True))
        column.addWidget(self.fields)
        column.addWidget(SectionHead(self._appearance, self.tr("Clock")))
        column.addWidget(self._clock)
        column.addSpacing(px(4))
        column.addWidget(self._working)
        column.addWidget(SectionHead(self._appearance, self.tr("Requester")))
        column.addWidget(self._name)
        column.addWidget(self._facts)
        column.addWidget(self._similar_head)
        column.addWidget(self.similar)
        column.addWidget(self._earlier_head)
        column.addStretch(1)
        for label in (self._working, self._name, self._facts):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for label in (self._working, self._facts):
            label.setProperty("tone", "muted")

    def _dress(self) -> None:
        self._name.setFont(self._appearance.font(13, fonts.SEMI_BOLD))
        for label in (self._working, self._name, self._facts):
            label.setAlignment(painting.at_start(self._appearance.right_to_left))
        for label in (self._working, self._facts):
            label.setFont(self._appearance.font(12))
