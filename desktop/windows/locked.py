"""The page that stands in place of all tickets while the server has not confirmed the access for too long."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.files import RESOURCES
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets.announcing import announce

_CARD = 440


class LockedWindow(QWidget):
    """Says why, what to do, and how many own texts wait; shows nothing of any ticket.

    try_wanted(): ask the server now. sign_out_wanted(). gave_up(): the window was closed.
    """

    try_wanted = Signal()
    sign_out_wanted = Signal()
    gave_up = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._mark = QLabel()
        self._title = QLabel(self.tr("Your tickets are locked"))
        self._why, self._waiting, self._state = QLabel(), QLabel(), QLabel()
        self._try = QPushButton(self.tr("Try now"))
        self._leave = QPushButton(self.tr("Sign out"))
        self._build()
        self._dress()
        appearance.changed.connect(self._dress)

    def tell(self, hours: int, waiting: int) -> None:
        """`hours` without the server's word; `waiting` own texts that are kept."""
        why = self.tr(
            "For {hours} hours the server has not confirmed that you may see these tickets. They stay here, encrypted. "
            "Connect this computer to its network: as soon as the server answers, you go on where you were."
        )
        self._why.setText(why.format(hours=hours))
        kept = self.tr("Texts of yours that wait here: {count}. None is lost; they go out once you are unlocked.")
        self._waiting.setText(kept.format(count=waiting))
        self._waiting.setVisible(waiting > 0)

    def say(self, sentence: str) -> None:
        """How the last try went; empty for nothing."""
        if sentence != self._state.text():
            self._state.setText(sentence)
            self._state.setVisible(bool(sentence))
            if sentence and self.isVisible():
                announce(self, sentence)

    @property
    def words(self) -> str:
        """All that it says."""
        labels = (self._title, self._why, self._waiting, self._state)
        return "\n".join(one.text() for one in labels if not one.isHidden())

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.gave_up.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(QRectF(self.rect()), self._appearance.color("bg"))

    def _build(self) -> None:
        self.setWindowTitle(self.tr("Deskbell, locked"))
        self.setWindowIcon(QIcon(str(RESOURCES / "deskbell.svg")))
        px = self._appearance.px
        self.resize(px(560), px(480))
        card = QFrame()
        card.setProperty("look", "card")
        card.setFixedWidth(px(_CARD))
        column = QVBoxLayout(card)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(10)
        for label in (self._mark, self._title):
            column.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self._title, self._why, self._waiting, self._state):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        for label in (self._why, self._waiting, self._state):
            column.addWidget(label)
        self._state.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._leave)
        row.addWidget(self._try, 1)
        column.addLayout(row)
        for button, asked in ((self._try, self.try_wanted), (self._leave, self.sign_out_wanted)):
            button.setProperty("tall", True)
            button.setMinimumHeight(px(32))
            button.setAccessibleName(button.text())
            button.clicked.connect(asked)
        self._try.setProperty("look", "primary")
        self._try.setAutoDefault(True)
        self._scroll(card)
        QWidget.setTabOrder(self._try, self._leave)
        self._try.setFocus()

    def _scroll(self, card: QWidget) -> None:
        """In the middle, and reached by scrolling where big text leaves no room."""
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.addStretch(1)
        column.addLayout(middle)
        column.addStretch(2)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(whole)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def _dress(self) -> None:
        side = self._appearance.px(56)
        self._mark.setFixedSize(side, side)
        picture = QIcon(str(RESOURCES / "deskbell.svg")).pixmap(QSize(side, side), self.devicePixelRatioF())
        self._mark.setPixmap(picture)
        self._title.setFont(self._appearance.font(18, fonts.SEMI_BOLD))
        self._state.setStyleSheet(f"color: {self._appearance.theme.due};")
