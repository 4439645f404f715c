"""The line at the foot of the window: how well we hear the server, and what waits."""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QSizePolicy, QWidget

from desktop.models.moments import Moments, length
from desktop.models.place import OUTBOX, UNDELIVERED, page, view
from desktop.models.plain_tip import plain_tip
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.translation import translate
from desktop.widgets import painting
from sync.cache.rows import Counts
from sync.domain.clock import Clock
from sync.engine.status import Condition, SyncStatus

HEIGHT = 26


class StatusItem(QAbstractButton):
    """Icon and words, 12 px; a press goes where they lead."""

    def __init__(self, appearance: Appearance, icon: str, tone: str, strong: bool = True) -> None:
        super().__init__()
        self._appearance = appearance
        self._icon, self._tone, self._strong = icon, tone, strong
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def say(self, words: str, icon: str = "", tone: str = "") -> None:
        self._icon, self._tone = icon or self._icon, tone or self._tone
        self.setText(words)
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = self._appearance.px(20) + painting.width_of(self.text(), self._font()) + 5
        return QSize(round(width), self._appearance.px(22))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, whole, px = QPainter(self), QRectF(self.rect()), self._appearance.px
        rtl = self._appearance.right_to_left
        icon = painting.mirrored(QRectF(2, 0, px(14), whole.height()), whole, rtl)
        painting.icon(painter, self._appearance, self._icon, icon.center(), 14, self._tone)
        words = painting.mirrored(QRectF(px(20) + 2, 0, whole.width() - px(20) - 2, whole.height()), whole, rtl)
        painting.text(painter, words, self.text(), self._font(), self._appearance.color(self._tone), from_end=rtl)
        if self.hasFocus():
            painting.focus_ring(painter, whole, self._appearance.color("focus"), 4)

    def _font(self) -> QFont:
        return self._appearance.font(12, fonts.SEMI_BOLD if self._strong else fonts.REGULAR)


class StatusLine(QWidget):
    """26 high.

    chosen(Place): Outbox, Undelivered or the count was pressed. retry(): the condition was pressed.
    """

    chosen = Signal(object)
    retry = Signal()

    def __init__(self, appearance: Appearance, clock: Clock, moments: Moments, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._clock, self._moments = clock, moments
        self._status: SyncStatus | None = None
        self._counts = Counts()
        self._condition = StatusItem(appearance, "sync", "muted")
        self._contact = QLabel()
        self._outbox = StatusItem(appearance, "outbox", "pending")
        self._undelivered = StatusItem(appearance, "undelivered", "needs")
        self._awaiting = StatusItem(appearance, "inbox", "text", strong=False)
        self._build()
        self._dress()
        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self._say_contact)
        self._tick.start()
        appearance.changed.connect(self._dress)

    def show_status(self, status: SyncStatus) -> None:
        self._status = status
        icon, tone, words = condition_words(status.condition)
        self._condition.say(words, icon, tone)
        self._condition.setToolTip(plain_tip(status.sentence or ""))
        self._say_contact()
        self.show_counts(self._counts)
        self.update()

    def show_counts(self, counts: Counts) -> None:
        self._counts = counts
        self._outbox.say(self.tr("Outbox {count}").format(count=counts.outbox))
        self._outbox.setVisible(counts.outbox > 0)
        self._undelivered.say(self.tr("Undelivered {count}").format(count=counts.undelivered))
        self._undelivered.setVisible(counts.undelivered > 0)
        words = self.tr("Awaiting us {awaiting}, new {new}").format(awaiting=counts.awaiting, new=counts.new)
        if self._as_of():
            words = self.tr("{counts}, as of {time}").format(counts=words, time=self._as_of())
        self._awaiting.say(words)

    def words(self) -> list[str]:
        """What its items say, those that are to be seen."""
        items = (self._condition, self._outbox, self._undelivered, self._awaiting)
        return [item.text() for item in items if not item.isHidden()]

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._appearance.color("offline_soft" if self._offline() else "bg"))
        painter.fillRect(0, 0, self.width(), 1, self._appearance.color("line"))

    def _offline(self) -> bool:
        return self._status is not None and self._status.condition not in (Condition.ONLINE, Condition.DELAYED)

    def _as_of(self) -> str:
        known = self._status.last_contact_ms if self._status is not None and self._offline() else None
        return self._moments.short(known, self._clock.now_ms()) if known is not None else ""

    def _say_contact(self) -> None:
        if self._status is not None and self.isVisible():
            self._contact.setText(contact_words(self._status, self._clock.now_ms(), self._moments))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._say_contact()

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 1, 10, 0)
        row.setSpacing(12)
        row.addWidget(self._condition)
        row.addWidget(self._contact, 1)
        self._contact.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        for item in (self._outbox, self._undelivered, self._awaiting):
            row.addWidget(item)
        self._condition.say(self.tr("Connecting"))
        self._condition.clicked.connect(self.retry)
        self._outbox.clicked.connect(lambda: self.chosen.emit(page(OUTBOX)))
        self._undelivered.clicked.connect(lambda: self.chosen.emit(page(UNDELIVERED)))
        self._awaiting.clicked.connect(lambda: self.chosen.emit(view("awaiting")))
        self.show_counts(Counts())

    def _dress(self) -> None:
        self.setFixedHeight(self._appearance.px(HEIGHT))
        self._contact.setFont(self._appearance.font(12))
        self._contact.setProperty("tone", "muted")
        self.update()


def condition_words(condition: Condition) -> tuple[str, str, str]:
    """Icon, tone and word for a condition."""
    match condition:
        case Condition.ONLINE:
            return "online", "sent", translate("StatusLine", "Online")
        case Condition.DELAYED:
            return "delayed", "due", translate("StatusLine", "Delayed")
        case Condition.OFFLINE:
            return "offline", "offline", translate("StatusLine", "Offline")
        case Condition.SIGNED_OUT:
            return "user-none", "overdue", translate("StatusLine", "Signed out")
        case Condition.INCOMPATIBLE:
            return "urgent", "overdue", translate("StatusLine", "Versions do not fit")
        case Condition.DISK_FULL:
            return "urgent", "overdue", translate("StatusLine", "Disk full")


def contact_words(status: SyncStatus, now_ms: int, moments: Moments) -> str:
    """The age of the last good contact, and when the next try comes."""
    if status.condition not in (Condition.ONLINE, Condition.DELAYED, Condition.OFFLINE):
        return status.sentence or ""
    if status.loading is not None:
        return translate("StatusLine", "Loading tickets, {percent} %").format(percent=round(status.loading * 100))
    known = status.last_contact_ms
    if known is None:
        age = translate("StatusLine", "No contact yet")
    elif status.condition is Condition.OFFLINE:
        time = moments.short(known, now_ms)
        age = translate("StatusLine", "Last contact {time}, {age} ago").format(time=time, age=seconds(now_ms - known))
    else:
        age = translate("StatusLine", "Last contact {age} ago").format(age=seconds(now_ms - known))
    if status.condition is Condition.DELAYED and status.poll_seconds:
        return translate("StatusLine", "No push, asking every {count} s. {age}").format(
            count=status.poll_seconds, age=age
        )
    if status.condition is Condition.OFFLINE and status.next_try_ms is not None:
        return translate("StatusLine", "{age}. Next try in {wait}").format(
            age=age, wait=seconds(status.next_try_ms - now_ms)
        )
    return age


def seconds(ms: int) -> str:
    """A short length to the second under a minute, coarser above."""
    if ms < 60_000:
        return translate("StatusLine", "{count} s").format(count=max(0, ms // 1000))
    return length(ms)
