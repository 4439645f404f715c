"""What belongs to an incident beside its words: figures, earlier ones of the same cause, the internal thread."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.pages.settings_parts import Words
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets.key_button import KeyButton

_SHOWN = 200


class IncidentPanel(QWidget):
    """written(): the note that is begun is another one. add_wanted(): it is to be kept for all."""

    written = Signal()
    add_wanted = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.figures = Words(appearance, "")
        self.earlier = Words(appearance, "", 12, tone="muted")
        self.entries = QLabel()
        self.note = QPlainTextEdit()
        self.add = KeyButton(appearance, self.tr("Add note"), "lock", key=self.tr("Ctrl ⏎"), big=False)
        self._heading = Words(appearance, self.tr("Internal thread"), 13, fonts.SEMI_BOLD)
        self._build()

    def show_figures(self, words: str, earlier: Sequence[str]) -> None:
        """`earlier`: a line for each earlier incident."""
        self.figures.setText(words)
        lines = [self.tr("Earlier, of the same cause:"), *earlier] if earlier else []
        self.earlier.setText("\n".join(lines))
        self.earlier.setVisible(bool(lines))

    def show_thread(self, lines: Sequence[str]) -> None:
        """Each entry as it is read, the oldest first."""
        self.entries.setText("\n\n".join(lines[-_SHOWN:]) or self.tr("Nothing was written yet."))

    def show_note(self, text: str) -> None:
        """What was begun; nobody is told."""
        if self.note.toPlainText() != text:
            self.note.blockSignals(True)
            self.note.setPlainText(text)
            self.note.blockSignals(False)
        self.add.setEnabled(bool(text.strip()))

    def _build(self) -> None:
        px = self._appearance.px
        self.figures.setWordWrap(True)
        self.earlier.setWordWrap(True)
        self.entries.setTextFormat(Qt.TextFormat.PlainText)
        self.entries.setWordWrap(True)
        self.entries.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.entries.setAccessibleName(self.tr("Internal thread"))
        self.note.setFixedHeight(px(64))
        self.note.setTabChangesFocus(True)
        self.note.setAccessibleName(self.tr("A note for colleagues"))
        self.note.setPlaceholderText(self.tr("A note for colleagues"))
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        for widget in (self.figures, self.earlier, self._heading, self.entries, self.note):
            column.addWidget(widget)
        column.addLayout(line)
        column.addStretch(1)
        self.note.textChanged.connect(self._changed)
        self.add.clicked.connect(self.add_wanted)
        shortcut = QShortcut(QKeySequence("Ctrl+Return"), self.note)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self.add_wanted)

    def _changed(self) -> None:
        self.add.setEnabled(bool(self.note.toPlainText().strip()))
        self.written.emit()
