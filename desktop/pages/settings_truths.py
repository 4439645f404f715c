"""The four rows of truth: what works on this computer, each with a test."""

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.alerts.truths import TEST_COUNT, Truth, Truths, Verdict, Way
from desktop.models.moments import Moments
from desktop.pages.settings_parts import Box, Words
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets.key_button import KeyButton
from sync.domain.clock import Clock

_LOOKS = {
    Verdict.WORKS: ("check-circle", "sent"),
    Verdict.FAILS: ("urgent", "due"),
    Verdict.UNKNOWN: ("info", "them"),
    Verdict.UNDER_WAY: ("sending", "them"),
}


class TruthRow(QWidget):
    """Verdict as icon, the way, the sentence, the button of its test."""

    def __init__(self, appearance: Appearance, title: str, button: str, test: Callable[[], None]) -> None:
        super().__init__()
        self._appearance = appearance
        self._title = title
        self._truth: Truth | None = None
        self._icon = QLabel()
        self._icon.setFixedWidth(appearance.px(24))
        self._sentence = Words(appearance)
        self._sentence.setWordWrap(True)
        self._button = KeyButton(appearance, button, "play", big=False)
        self._button.setAccessibleName(f"{title}: {button}")
        self._button.clicked.connect(lambda: test())
        name = Words(appearance, title, weight=fonts.SEMI_BOLD)
        name.setFixedWidth(appearance.px(150))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 5, 12, 5)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(name)
        row.addWidget(self._sentence, 1)
        row.addWidget(self._button)
        self.setMinimumHeight(appearance.px(40))
        appearance.changed.connect(self._dress)

    def show_truth(self, truth: Truth) -> None:
        self._truth = truth
        self._sentence.setText(truth.sentence)
        self.setAccessibleName(f"{self._title}. {truth.sentence}")
        self._dress()

    @property
    def sentence(self) -> str:
        """What it says."""
        return self._sentence.text()

    def _dress(self) -> None:
        if self._truth is not None:
            name, color = _LOOKS[self._truth.verdict]
            self._icon.setPixmap(self._appearance.pixmap(name, 18, color, self.devicePixelRatioF()))


class TruthsPart(QWidget):
    """The rows under their heading, with "Test all"."""

    def __init__(self, appearance: Appearance, truths: Truths, moments: Moments, clock: Clock) -> None:
        super().__init__()
        self._truths = truths
        self._moments = moments
        self._clock = clock
        self._when = Words(appearance, size=12, tone="muted")
        everything = KeyButton(appearance, self.tr("Test all"), "sync", big=False)
        everything.clicked.connect(truths.test_all)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Words(appearance, self.tr("What works on this computer"), weight=fonts.SEMI_BOLD))
        head.addWidget(self._when, 1)
        head.addWidget(everything)
        self.rows = {
            Way.SOUND: TruthRow(appearance, self.tr("Sound"), self.tr("Play chime"), truths.test_sound),
            Way.NOTIFICATION: TruthRow(
                appearance, self.tr("Notification"), self.tr("Show one"), truths.test_notification
            ),
            Way.TRAY: TruthRow(appearance, self.tr("Tray icon"), self.tr("Test again"), truths.test_tray),
            Way.COUNT: TruthRow(
                appearance,
                self.tr("Count on task bar"),
                self.tr("Show {count}").replace("{count}", str(TEST_COUNT)),
                truths.test_count,
            ),
        }
        box = Box(appearance)
        box.set_rows(list(self.rows.values()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(box)
        for truth in truths.known.values():
            self._found(truth)
        truths.found.connect(self._found)

    @Slot(object)
    def _found(self, truth: Truth) -> None:
        self.rows[truth.way].show_truth(truth)
        at = self._truths.tested_at
        if at is None:
            return
        when = self._moments.full(at, self._clock.now_ms())
        text = self.tr("tested {when}, at the start") if self._truths.at_start else self.tr("tested {when}")
        self._when.setText(text.replace("{when}", when))
