"""Who would ring for a ticket and why, and what became of its last alerts, asked of the server when opened."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.desk import Desk
from desktop.models.trace_words import Line, Telling
from desktop.pages.settings_parts import Box, Words
from desktop.theme import fonts
from desktop.widgets.key_button import KeyButton
from desktop.widgets.notice_line import NoticeLine
from sync.connectors.alerting import Alerting
from sync.domain.alert_trace import Trace
from sync.domain.errors import DeskbellError


class WhoWouldRingWindow(QDialog):
    """F5 asks again; Esc closes."""

    def __init__(self, desk: Desk, reach: Callable[[], Alerting], ticket_id: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        look, px = desk.appearance, desk.appearance.px
        self._desk = desk
        self._reach = reach
        self._ticket_id = ticket_id
        self.setWindowTitle(self.tr("Who would ring"))
        self.title = Words(look, size=18, weight=fonts.SEMI_BOLD)
        self.title.setWordWrap(True)
        self.notice = NoticeLine(look)
        self.taken = Words(look)
        self.lines: list[Line] = []
        self._inside = QVBoxLayout()
        self._shown: list[QWidget] = []
        self._area = QScrollArea()
        self._build(px)
        self.resize(px(720), px(560))
        self.ask()

    def ask(self) -> None:
        """The server, now."""
        detail = self._desk.reader.ticket(self._ticket_id)
        account_id = next(
            (one.account_id for one in self._desk.reader.categories() if detail and one.id == detail.row.category_id),
            None,
        )
        if detail is None or account_id is None:
            self.notice.say(self.tr("This ticket is not here any more."))
            return
        number = f"#{detail.row.number} " if detail.row.number is not None else ""
        self.title.setText(f"{number}{detail.row.subject}")
        telling = Telling(
            {one.id: one.name for one in self._desk.reader.agents()},
            detail.row.category_id,
            detail.row.category_name,
            self._desk.moments,
        )
        self.notice.say(self.tr("Asking the server…"), "offline", "sync")
        account, ticket = account_id, detail.row.id
        self._desk.lanes.online.run(
            lambda: self._reach().trace(account, ticket), lambda trace: self._show(trace, telling), self._failed
        )

    def _show(self, trace: Trace, telling: Telling) -> None:
        self.notice.clear()
        for widget in self._shown:
            self._inside.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._shown, self.lines = [], []
        self._section(self.tr("For a new alert, now"), telling.people(trace))
        for heading, lines in telling.arrivals(trace):
            self._section(heading, lines)
        self.taken.setText(telling.taken(trace))

    def _failed(self, error: DeskbellError) -> None:
        self.notice.say(self.tr("{sentence} F5 asks again.").format(sentence=str(error)))

    def _section(self, heading: str, lines: Sequence[Line]) -> None:
        look = self._desk.appearance
        box = Box(look)
        box.set_rows([self._row(one) for one in lines])
        for widget in (Words(look, heading, 12, fonts.SEMI_BOLD), box):
            self._shown.append(widget)
            self._inside.insertWidget(len(self._shown) - 1, widget)
        self.lines += lines

    def _row(self, line: Line) -> QWidget:
        look, row = self._desk.appearance, QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(12, 6, 12, 6)
        icon = QLabel()
        icon.setPixmap(look.pixmap(line.icon, 16, line.ink, self.devicePixelRatioF()))
        title = Words(look, line.title, weight=fonts.MEDIUM)
        title.setFixedWidth(look.px(180))
        title.setWordWrap(True)
        words = Words(look, line.words, 12)
        words.setWordWrap(True)
        across.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        across.addWidget(title, 0, Qt.AlignmentFlag.AlignTop)
        across.addWidget(words, 1)
        row.setAccessibleName(f"{line.title}: {line.words}")
        return row

    def _build(self, px: Callable[[int], int]) -> None:
        inside = QWidget()
        whole = QVBoxLayout(inside)
        whole.setContentsMargins(0, 0, px(8), 0)
        self._inside.setSpacing(px(6))
        whole.addLayout(self._inside)
        whole.addStretch(1)
        self._area.setWidget(inside)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAccessibleName(self.windowTitle())
        again = KeyButton(self._desk.appearance, self.tr("Ask again"), "sync", key="F5")
        close = KeyButton(self._desk.appearance, self.tr("Close"), "", key=self.tr("Esc"))
        foot = QHBoxLayout()
        foot.addWidget(again)
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(16), px(20), px(16))
        column.setSpacing(px(10))
        for widget in (self.title, self.notice, self.taken):
            column.addWidget(widget)
        column.addWidget(self._area, 1)
        column.addLayout(foot)
        again.clicked.connect(self.ask)
        close.clicked.connect(self.close)
        QShortcut(QKeySequence("F5"), self).activated.connect(self.ask)
