"""A small window that takes down a note at any moment: no ticket, no network, no main window needed."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.desk import Desk
from desktop.kept_words import QUICK_NOTE, KeptWords
from desktop.widgets.announcing import announce
from desktop.widgets.composer_editor import ComposerEditor
from desktop.widgets.key_button import NOTE_PRIMARY, KeyButton
from desktop.widgets.notice_line import NoticeLine


class QuickNoteWindow(QWidget):
    """Stays above other windows. Ctrl+S saves and closes; Esc hides, the words stay until they are saved."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        flags = Qt.WindowType.Window | Qt.WindowType.WindowStaysOnTopHint | Qt.WindowType.WindowCloseButtonHint
        super().__init__(parent, flags)
        self._desk = desk
        self._key = ""
        self._waiting = ""
        self._saved: set[str] = set()
        look, px = desk.appearance, desk.appearance.px
        self.setWindowTitle(self.tr("Quick note"))
        self.editor = ComposerEditor(look)
        self.editor.setAccessibleName(self.tr("Quick note"))
        self.editor.setPlaceholderText(self.tr("Jot it down. It can be attached to a ticket later."))
        self.notice = NoticeLine(look)
        self._save = KeyButton(look, self.tr("Save note"), "quick-note", NOTE_PRIMARY, "Ctrl S")
        self._hint = QLabel(self.tr("Kept here at once, then at the server"))
        self._hint.setProperty("tone", "muted")
        self._hint.setFont(look.font(12))
        foot = QHBoxLayout()
        foot.addWidget(self._save)
        foot.addStretch(1)
        foot.addWidget(self._hint)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(14), px(16), px(12))
        column.setSpacing(px(10))
        column.addWidget(self.editor)
        column.addWidget(self.notice)
        column.addLayout(foot)
        self.setMinimumWidth(px(420))
        self._kept = KeptWords(desk, QUICK_NOTE, lambda: self.editor.text, self)
        self._kept.failed.connect(self.notice.say)
        self._save.clicked.connect(self.save)
        self.editor.save_pressed.connect(self.save)
        self.editor.send_pressed.connect(self.save)
        self.editor.leave_pressed.connect(self.hide)
        self.editor.textChanged.connect(self.notice.clear)
        self.editor.textChanged.connect(self._kept.changed)
        desk.intents.saved.connect(self._on_saved)
        desk.intents.failed.connect(self._on_failed)
        look.changed.connect(self.update)

    def ask(self, text: str = "") -> None:
        """Show it, in front; `text` goes after what stands there already, or was begun in an earlier sitting."""
        begun = None if self.editor.text else self._kept.begun()
        if begun is not None:
            self.editor.set_text(begun.text)
        if text:
            before = self.editor.text.rstrip()
            self.editor.set_text(f"{before}\n{text}" if before else text)
        self.show()
        self.raise_()
        self.activateWindow()
        self.editor.setFocus()

    def flush(self) -> None:
        """Keep what was begun, before something ends."""
        self._kept.flush()

    def save(self) -> None:
        """Onto this computer; the window closes once it is safe."""
        text = self.editor.text
        if self._waiting:
            return
        if not text.strip():
            self.notice.say(self.tr("There is nothing to save yet. Write something first."))
            return
        self._saved.clear()
        self._waiting = text
        self._kept.settled()
        self._key = self._desk.intents.quick_note(text, QUICK_NOTE)
        if self._key in self._saved:
            self._done()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()  # closing hides: words that were begun are still there the next time
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.flush()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._desk.appearance.color("note_soft"))

    def _on_saved(self, name: str) -> None:
        self._saved.add(name)
        if self._waiting and name == self._key:
            self._done()

    def _on_failed(self, sentence: str, text: str) -> None:
        if self._waiting and text == self._waiting:
            self._waiting = ""
            self._kept.changed()
            self.notice.say(sentence)

    def _done(self) -> None:
        self._waiting, self._key = "", ""
        self.editor.set_text("")
        self._kept.settled()
        announce(self, self.tr("Quick note saved"))
        self.hide()
