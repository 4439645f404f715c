"""The tags as chips, each of which opens the tags, and a plus."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from desktop.models.plain_tip import plain_tip
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets import painting
from desktop.widgets.flow import FlowLayout
from desktop.widgets.key_button import IconButton

WIDEST_PX = 150
MOST = 12


class TagChip(QAbstractButton):
    """20 high, tinted grey."""

    def __init__(self, appearance: Appearance, tag: str) -> None:
        super().__init__()
        self._appearance = appearance
        self.setText(tag)
        self.setToolTip(plain_tip(tag))
        self.setAccessibleName(self.tr("Tag {name}, change the tags").format(name=tag))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        px = self._appearance.px
        width = painting.width_of(self.text(), self._appearance.font(12, fonts.MEDIUM)) + px(14) + 1
        return QSize(round(min(width, px(WIDEST_PX))), px(20))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        whole, px = QRectF(self.rect()), self._appearance.px
        painting.frame(painter, whole, self._appearance.color("them_soft"), None, 4)
        font, ink = self._appearance.font(12, fonts.MEDIUM), self._appearance.color("them")
        painting.text(painter, whole.adjusted(px(7), 0, -px(5), 0), self.text(), font, ink)


class TagRow(QWidget):
    """pressed(): the tags are to be changed."""

    pressed = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._flow = FlowLayout(self, appearance.px(4))
        self.plus = IconButton(appearance, self.tr("Change the tags"), "plus", "T", size=20)
        self.plus.clicked.connect(self.pressed)
        self._flow.addWidget(self.plus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_tags(self, tags: Sequence[str]) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None and widget is not self.plus:
                widget.hide()
                widget.deleteLater()
        shown = tags if len(tags) <= MOST else tags[: MOST - 1]
        for tag in shown:
            self._add(TagChip(self._appearance, tag))
        if len(shown) < len(tags):
            more = TagChip(self._appearance, f"+{len(tags) - len(shown)}")
            words = self.tr("{count} more tags, change the tags").format(count=len(tags) - len(shown))
            more.setAccessibleName(words)
            more.setToolTip(plain_tip(", ".join(tags[len(shown) :])))
            self._add(more)
        self._flow.addWidget(self.plus)
        self.updateGeometry()

    def _add(self, chip: TagChip) -> None:
        chip.clicked.connect(self.pressed)
        self._flow.addWidget(chip)
