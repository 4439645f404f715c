"""The closed composer: two buttons, so that nobody begins in a mode that was not chosen."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from desktop.models.composing import Mode
from desktop.theme.appearance import Appearance
from desktop.widgets.key_button import ACCENT, NOTE, KeyButton


class ClosedComposer(QWidget):
    """picked(Mode): which one was pressed."""

    picked = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._name = ""
        self._online = True
        self._drafts = (False, False)
        self._reply = KeyButton(appearance, self.tr("Reply to requester"), "reply", ACCENT, "R")
        self._note = KeyButton(appearance, self.tr("Internal note"), "lock", NOTE, "N")
        self._hint = QLabel()
        self._hint.setProperty("tone", "muted")
        row = QHBoxLayout(self)
        px = appearance.px
        row.setContentsMargins(px(16), px(9), px(16), px(8))
        row.setSpacing(px(8))
        row.addWidget(self._reply)
        row.addWidget(self._note)
        self._note.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)  # its words are never left out
        row.addStretch(1)
        row.addWidget(self._hint)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._reply.clicked.connect(lambda: self.picked.emit(Mode.REPLY))
        self._note.clicked.connect(lambda: self.picked.emit(Mode.NOTE))
        appearance.changed.connect(self._say)

    def show_name(self, name: str) -> None:
        self._name = name
        self._say()

    def show_online(self, online: bool) -> None:
        self._online = online
        self._say()

    def show_drafts(self, reply: bool, note: bool) -> None:
        """Which modes have words waiting."""
        self._drafts = (reply, note)
        self._say()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._appearance.color("bg"))
        painter.fillRect(0, 0, self.width(), 1, self._appearance.color("line"))

    def _say(self) -> None:
        reply, note = self._drafts
        to = self.tr("Reply to {name}").format(name=self._name) if self._name else self.tr("Reply to requester")
        self._reply.set_words(self.tr("{button}, draft").format(button=to) if reply else to)
        inside = self.tr("Internal note")
        self._note.set_words(self.tr("{button}, draft").format(button=inside) if note else inside)
        self._hint.setFont(self._appearance.font(12))
        self._hint.setText("" if self._online else self.tr("Sent when back online"))
