"""The one grey line under the tool bar while the server is out of reach, and for what else needs to be said there."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from desktop.models.moments import Moments
from desktop.models.plain_tip import plain_tip
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets.key_button import PLAIN, KeyButton
from sync.domain.clock import Clock
from sync.engine.status import Condition, SyncStatus

HEIGHT = 32


class OfflineBanner(QWidget):
    """32 high, hidden while all is well.

    retry(): try now. sign_in(): go to the sign-in page.
    """

    retry = Signal()
    sign_in = Signal()

    def __init__(self, appearance: Appearance, clock: Clock, moments: Moments, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._clock, self._moments = clock, moments
        self._icon, self._head, self._words = QLabel(), QLabel(), QLabel()
        self._icon_name = "offline"
        self._try = KeyButton(appearance, self.tr("Try now"), "sync", PLAIN, big=False)
        self._sign = KeyButton(appearance, self.tr("Sign in"), "user", PLAIN, big=False)
        self._build()
        self._dress()
        self.hide()
        appearance.changed.connect(self._dress)

    def show_status(self, status: SyncStatus) -> None:
        """Shown for every condition in which nothing comes or goes."""
        quiet = status.condition in (Condition.ONLINE, Condition.DELAYED)
        self.setVisible(not quiet)
        if quiet:
            return
        head, words = self._say(status)
        self._head.setText(head)
        self._words.setText(words)
        self._words.setToolTip(plain_tip(words))
        self._icon_name = "offline" if status.condition is Condition.OFFLINE else "urgent"
        self._try.setVisible(status.condition in (Condition.OFFLINE, Condition.DISK_FULL))
        self._sign.setVisible(status.condition is Condition.SIGNED_OUT)
        self._dress()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._appearance.color("offline_soft"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._appearance.color("line"))

    def _say(self, status: SyncStatus) -> tuple[str, str]:
        match status.condition:
            case Condition.OFFLINE:
                words = self.tr(
                    "You can read, search, note and answer. "
                    "What you write is saved on this computer and sent when the network is back."
                )
                since = status.offline_since_ms
                if since is None:
                    return self.tr("Offline."), words
                time = self._moments.short(since, self._clock.now_ms())
                return self.tr("Offline since {time}.").format(time=time), words
            case Condition.SIGNED_OUT:
                return self.tr("Your sign-in has ended."), self.tr("Sign in again; nothing is lost.")
            case Condition.DISK_FULL:
                return self.tr("The disk is full."), status.sentence or self.tr("Free some space, then try again.")
            case _:
                return self.tr("Versions do not fit."), status.sentence or ""

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 1)
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addWidget(self._head)
        row.addWidget(self._words, 1)
        row.addWidget(self._try)
        row.addWidget(self._sign)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._try.clicked.connect(self.retry)
        self._sign.clicked.connect(self.sign_in)

    def sizeHint(self) -> QSize:
        return QSize(400, self._appearance.px(HEIGHT))

    def _dress(self) -> None:
        self.setFixedHeight(self._appearance.px(HEIGHT))
        for button in (self._try, self._sign):
            button.setFixedHeight(self._appearance.px(24))
        self._head.setFont(self._appearance.font(13, fonts.SEMI_BOLD))
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(self._appearance.pixmap(self._icon_name, 16, "offline", ratio))
        self.update()
