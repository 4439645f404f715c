"""What a plan of ticks means, sentence by sentence, before it is saved; with the two answers to it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.models.people_words import Sentence
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets import painting
from desktop.widgets.ground import Ground
from desktop.widgets.key_button import PRIMARY, KeyButton

_MOST_HIGH, _LOW = 132, 66


class PlanPreview(Ground):
    """saved(): all of it. dropped(): none of it."""

    saved = Signal()
    dropped = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(appearance, "surface", "top")
        px = appearance.px
        self._sentences: list[Sentence] = []
        self._labels: list[QLabel] = []
        self._low = False
        self._title = QLabel(self.tr("When you save"))
        self.save = KeyButton(appearance, self.tr("Save"), "check", PRIMARY, self.tr("Ctrl S"))
        self.drop = KeyButton(appearance, self.tr("Drop the changes"), "undo", key=self.tr("Esc"))
        inside = QWidget()
        self._lines = QVBoxLayout(inside)
        self._lines.setContentsMargins(0, 0, px(8), 0)
        self._lines.setSpacing(px(2))
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inside)
        inside.setAutoFillBackground(False)  # setWidget had put it on
        self._area.viewport().setAutoFillBackground(False)
        self._area.setAccessibleName(self._title.text())
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(8), px(16), px(10))
        column.setSpacing(px(6))
        column.addWidget(self._title)
        column.addWidget(self._area)
        row = QHBoxLayout()
        row.addWidget(self.drop)
        row.addStretch(1)
        row.addWidget(self.save)
        column.addLayout(row)
        self.save.clicked.connect(self.saved)
        self.drop.clicked.connect(self.dropped)
        appearance.changed.connect(self._dress)
        self._dress()
        self.hide()

    @property
    def sentences(self) -> list[Sentence]:
        """What it says."""
        return self._sentences

    def show_sentences(self, sentences: Sequence[Sentence]) -> None:
        """Hidden where there is no plan."""
        self._sentences = list(sentences)
        for label in self._labels:
            self._lines.removeWidget(label)
            label.hide()
            label.deleteLater()
        self._labels = [self._label(one) for one in sentences]
        for label in self._labels:
            self._lines.addWidget(label)
        self.setVisible(bool(sentences))
        self._size()

    def set_low(self, low: bool) -> None:
        """Fewer lines at a time, where the window is low."""
        self._low = low
        self._size()

    def show_keys(self, shown: bool) -> None:
        """Leave the keys out where there is little room."""
        for button in (self.save, self.drop):
            button.show_key(shown)

    def _label(self, sentence: Sentence) -> QLabel:
        label = QLabel(sentence.words)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setAlignment(painting.at_start(self._appearance.right_to_left))
        weight = fonts.SEMI_BOLD if sentence.warning else fonts.REGULAR
        label.setFont(self._appearance.font(13, weight))
        if sentence.warning:
            label.setStyleSheet(f"color: {self._appearance.theme.overdue}")
        return label

    def _size(self) -> None:
        line = self._appearance.px(22)
        most = self._appearance.px(_LOW if self._low else _MOST_HIGH)
        self._area.setFixedHeight(min(most, max(1, len(self._labels)) * line + 4))

    def _dress(self) -> None:
        self._title.setFont(self._appearance.font(11, fonts.SEMI_BOLD))
        self._title.setAlignment(painting.at_start(self._appearance.right_to_left))
        self._title.setProperty("tone", "muted")
        self.show_sentences(self._sentences)
